#include "app/outbox.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace querent::app {
namespace {

using namespace std::chrono_literals;
using Worth = Outbox::Worth;

constexpr Instant kBegin = Instant{} + 1h;

Packet packet(std::uint8_t last = 1) {
  return {.source = Address::v4(192, 168, 1, last), .message = Query{}};
}

TEST(Outbox, WaitsForNothingAtFirst) {
  Outbox outbox;
  EXPECT_EQ(outbox.next_try(), kNever);
  EXPECT_EQ(outbox.owed_one(), nullptr);
  EXPECT_TRUE(outbox.take_due(kBegin).empty());
}

TEST(Outbox, TriesAgainAfterTwiceAsLongAndAtMostTenSeconds) {
  Outbox outbox;
  Instant now = kBegin;
  outbox.refused({.packet = packet(), .worth = Worth::kUntilReplaced, .since = now}, "no", now);
  for (const Duration pause :
       {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 10'000ms, 10'000ms}) {
    ASSERT_EQ(outbox.next_try(), now + pause);
    EXPECT_TRUE(outbox.take_due(now + pause - 1ns).empty());
    now += pause;
    auto due = outbox.take_due(now);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(outbox.next_try(), kNever) << "taken";
    EXPECT_EQ(due[0].since, kBegin);
    outbox.refused(std::move(due[0]), "still no", now);
  }
  ASSERT_NE(outbox.owed_one(), nullptr);
  EXPECT_EQ(outbox.owed_one()->why, "still no");
}

TEST(Outbox, GivesUpAfterASecondWhatIsOfNoUseThen) {
  Outbox outbox;
  Instant now = kBegin;
  outbox.refused({.packet = packet(), .worth = Worth::kForASecond, .since = now}, "no", now);
  int tries = 0;
  while (outbox.next_try() != kNever) {
    now = outbox.next_try();
    ++tries;
    outbox.refused(std::move(outbox.take_due(now).at(0)), "no", now);
  }
  EXPECT_EQ(tries, 4);  // after 100, 200, 400 and 800 ms
}

TEST(Outbox, WhatReplacesAnotherIsOwedAsLong) {
  Outbox outbox;
  outbox.refused({.packet = packet(), .worth = Worth::kUntilReplaced, .since = kBegin}, "no",
                 kBegin);
  outbox.refused({.packet = packet(2), .worth = Worth::kForASecond, .since = kBegin - 1s}, "no",
                 kBegin);
  EXPECT_EQ(outbox.owed(Worth::kForASecond, kBegin + 9s), kBegin + 9s);
  EXPECT_EQ(outbox.owed(Worth::kUntilReplaced, kBegin + 9s), kBegin);
  EXPECT_EQ(outbox.owed_one(), nullptr) << "replaced";
  EXPECT_EQ(outbox.take_due(kBegin + 1s).size(), 1U) << "the other one";
}

TEST(Outbox, ForgetsByWorth) {
  Outbox outbox;
  outbox.refused({.packet = packet(), .worth = Worth::kUntilReplaced, .since = kBegin}, "no",
                 kBegin);
  outbox.refused({.packet = packet(2), .worth = Worth::kForASecond, .since = kBegin}, "no", kBegin);
  outbox.forget(Worth::kUntilReplaced);
  EXPECT_EQ(outbox.owed_one(), nullptr);
  EXPECT_NE(outbox.next_try(), kNever);
  outbox.forget_all();
  EXPECT_EQ(outbox.next_try(), kNever);
}

TEST(Outbox, IsBounded) {
  Outbox outbox;
  for (std::size_t i = 0; i < 2 * Outbox::kMost; ++i)
    outbox.refused({.packet = packet(static_cast<std::uint8_t>(i)),
                    .worth = Worth::kForASecond,
                    .since = kBegin},
                   "no", kBegin);
  const auto due = outbox.take_due(kBegin + 1s);
  ASSERT_EQ(due.size(), Outbox::kMost);
  EXPECT_EQ(due[0].packet, packet(Outbox::kMost)) << "the oldest are forgotten";
}

}  // namespace
}  // namespace querent::app
