#include "log/repeats.hpp"

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::log {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Instant at(Duration time) {
  return Instant{} + time;
}

LogLine rejected(std::string text, std::string interface = "eth0") {
  return {.event = "query_rejected",
          .interface = std::move(interface),
          .family = Family::kIPv4,
          .text = std::move(text),
          .repeats = true,
          .detail = "ttl"};
}

// As somebody sees them: "first", "first+214 in 60s".
std::vector<std::string> seen(const std::vector<LogLine>& lines) {
  std::vector<std::string> all;
  for (const auto& line : lines) {
    auto text = line.text;
    if (line.merged) {
      text += "+" + std::to_string(line.merged->more) + " in " +
              std::to_string(
                  std::chrono::duration_cast<std::chrono::seconds>(line.merged->over).count()) +
              "s";
    }
    all.push_back(text);
  }
  return all;
}

TEST(LogRepeats, LinesThatDoNotRepeatAllPass) {
  LogRepeats repeats;
  const LogLine line{.event = "election_lost", .text = "lost"};
  EXPECT_THAT(seen(repeats.offer(line, at(1s))), ElementsAre("lost"));
  EXPECT_THAT(seen(repeats.offer(line, at(1s))), ElementsAre("lost"));
  EXPECT_EQ(repeats.deadline(), kNever);
}

TEST(LogRepeats, TheFirstPassesAndTheOthersBecomeOneLineTheLatest) {
  LogRepeats repeats;
  EXPECT_THAT(seen(repeats.offer(rejected("a"), at(10s))), ElementsAre("a"));
  for (int i = 0; i < 214; ++i)
    EXPECT_THAT(repeats.offer(rejected("b"), at(11s)), IsEmpty());
  EXPECT_EQ(repeats.deadline(), at(70s));
  EXPECT_THAT(repeats.take_due(at(70s) - 1ns), IsEmpty());
  EXPECT_THAT(seen(repeats.take_due(at(70s))), ElementsAre("b+214 in 60s"));
  EXPECT_EQ(repeats.deadline(), kNever);
  EXPECT_THAT(repeats.take_due(at(1h)), IsEmpty());
}

TEST(LogRepeats, AfterItsMinuteAKindIsNewAgain) {
  LogRepeats repeats;
  repeats.offer(rejected("a"), at(0s));
  EXPECT_THAT(repeats.take_due(at(60s)), IsEmpty()) << "there were no more";
  EXPECT_THAT(seen(repeats.offer(rejected("b"), at(61s))), ElementsAre("b"));
}

TEST(LogRepeats, WhatIsDueIsToldBeforeTheNextLineAlsoWhenNobodyAsked) {
  LogRepeats repeats;
  repeats.offer(rejected("a"), at(0s));
  repeats.offer(rejected("b"), at(59s));
  EXPECT_THAT(seen(repeats.offer(rejected("c"), at(200s))), ElementsAre("b+1 in 200s", "c"));
  repeats.offer(rejected("d"), at(201s));
  EXPECT_THAT(seen(repeats.offer({.event = "final", .text = "final"}, at(300s))),
              ElementsAre("d+1 in 100s", "final"));
}

TEST(LogRepeats, EachKindIsMergedByItself) {
  LogRepeats repeats;
  auto other_family = rejected("family");
  other_family.family = Family::kIPv6;
  auto other_detail = rejected("detail");
  other_detail.detail = "checksum";
  auto other_event = rejected("event");
  other_event.event = "report_rejected";
  auto no_family = rejected("none");
  no_family.family = std::nullopt;
  for (const auto& line : {rejected("a"), rejected("eth1", "eth1"), other_family, other_detail,
                           other_event, no_family}) {
    EXPECT_EQ(repeats.offer(line, at(0s)).size(), 1U) << line.text;
    EXPECT_EQ(repeats.offer(line, at(1s)).size(), 0U) << line.text;
  }
  EXPECT_THAT(seen(repeats.take_due(at(60s))),
              ElementsAre("a+1 in 60s", "eth1+1 in 60s", "family+1 in 60s", "detail+1 in 60s",
                          "event+1 in 60s", "none+1 in 60s"));
}

TEST(LogRepeats, AtTheEndAllAreTold) {
  LogRepeats repeats;
  repeats.offer(rejected("a"), at(0s));
  repeats.offer(rejected("a"), at(1s));
  repeats.offer(rejected("single", "eth1"), at(1s));
  EXPECT_THAT(seen(repeats.take_all(at(5s))), ElementsAre("a+1 in 5s"));
  EXPECT_EQ(repeats.deadline(), kNever);
}

TEST(LogRepeats, FurtherKindsAreCountedTogetherAndSaidOnce) {
  LogRepeats repeats;
  for (std::size_t i = 0; i < LogRepeats::kKinds; ++i)
    EXPECT_EQ(repeats.offer(rejected("x", "if" + std::to_string(i)), at(0s)).size(), 1U);

  const auto told = repeats.offer(rejected("x", "one too many"), at(1s));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event, "repeats_of_further_kinds");
  EXPECT_EQ(told[0].level, config::LogLevel::kWarn);
  for (int i = 0; i < 10'000; ++i)
    EXPECT_THAT(repeats.offer(rejected("x", "more " + std::to_string(i)), at(2s)), IsEmpty());
  EXPECT_THAT(repeats.offer(rejected("x", "if7"), at(2s)), IsEmpty()) << "still told apart";

  EXPECT_THAT(seen(repeats.take_due(at(60s))), ElementsAre("x+1 in 60s"));
  const auto further = repeats.take_due(at(61s));
  ASSERT_EQ(further.size(), 1U);
  EXPECT_EQ(further[0].merged, (Merged{10'001, 60s}));
  EXPECT_EQ(repeats.offer(rejected("x", "one too many"), at(62s))[0].interface, "one too many");
}

RC_GTEST_PROP(LogRepeats, NoLineIsLostAndNoneWaitsLongerThanItsMinute, ()) {
  struct Step {
    int interface;
    std::uint16_t after_ms;
  };
  const auto steps = *rc::gen::container<std::vector<Step>>(
      rc::gen::construct<Step>(rc::gen::inRange(0, 4), rc::gen::inRange<std::uint16_t>(0, 20'000)));
  LogRepeats repeats;
  std::uint64_t told = 0;
  const auto count = [&](const std::vector<LogLine>& lines) {
    for (const auto& line : lines)
      told += line.merged ? line.merged->more : 1;
  };
  auto now = at(0s);
  for (const auto& step : steps) {
    now += std::chrono::milliseconds{step.after_ms};
    count(repeats.offer(rejected("x", std::to_string(step.interface)), now));
    RC_ASSERT(repeats.deadline() > now && repeats.deadline() <= now + LogRepeats::kWindow);
  }
  count(repeats.take_all(now));
  RC_ASSERT(told == steps.size());
}

}  // namespace
}  // namespace querent::log
