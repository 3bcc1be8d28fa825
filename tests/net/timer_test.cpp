#include "os/timer.hpp"

#include <chrono>
#include <poll.h>

#include <gtest/gtest.h>

#include "os/clock.hpp"

namespace querent::net {
namespace {

using std::chrono::milliseconds;

bool fires(const os::Timer& timer, milliseconds within) {
  pollfd waiting{timer.fd().number(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) == 1;
}

constexpr milliseconds kPatience{10000};
constexpr milliseconds kAtOnce{0};

TEST(ClockTest, RunsForwardFromBoot) {
  const Instant first = os::now();
  EXPECT_GT(first, Instant{});
  EXPECT_GE(os::now(), first);
}

TEST(TimerTest, IsSilentUntilArmed) {
  const os::Timer timer = os::Timer::open().value();
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, FiresAtTheInstantAndNotBefore) {
  os::Timer timer = os::Timer::open().value();
  const Instant when = os::now() + milliseconds{30};
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  EXPECT_GE(os::now(), when);
}

TEST(TimerTest, ThePastFiresAtOnce) {
  for (const Instant when :
       {os::now() - milliseconds{1}, Instant{}, Instant{} - milliseconds{5}, kLongAgo}) {
    os::Timer timer = os::Timer::open().value();
    timer.arm(when);
    EXPECT_TRUE(fires(timer, kPatience));
  }
}

TEST(TimerTest, StaysReadableUntilAcknowledged) {
  os::Timer timer = os::Timer::open().value();
  const Instant when = os::now();
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(when);
  EXPECT_TRUE(fires(timer, kAtOnce));
  timer.acknowledge();
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, TheSameInstantFiresAgainAfterAnAcknowledgement) {
  os::Timer timer = os::Timer::open().value();
  const Instant when = os::now();
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  timer.acknowledge();
  timer.arm(when);
  EXPECT_TRUE(fires(timer, kPatience));
}

TEST(TimerTest, ArmingReplacesWhatWasArmed) {
  os::Timer timer = os::Timer::open().value();
  timer.arm(os::now() + std::chrono::hours{1});
  timer.arm(os::now());
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(os::now() + std::chrono::hours{1});
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, NeverDisarms) {
  os::Timer timer = os::Timer::open().value();
  timer.arm(os::now());
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(kNever);
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, AnAcknowledgementThatComesEarlyDisarms) {
  os::Timer timer = os::Timer::open().value();
  timer.arm(os::now() + milliseconds{20});
  timer.acknowledge();
  EXPECT_FALSE(fires(timer, milliseconds{60}));
}

TEST(TimerTest, TheLastInstantBeforeNeverIsFarAway) {
  os::Timer timer = os::Timer::open().value();
  timer.arm(kNever - Duration{1});
  EXPECT_FALSE(fires(timer, kAtOnce));
}

}  // namespace
}  // namespace querent::net
