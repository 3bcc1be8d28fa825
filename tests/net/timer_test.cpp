#include "os/timer.hpp"

#include <chrono>
#include <poll.h>

#include <gtest/gtest.h>

#include "os/clock.hpp"

namespace querent::net {
namespace {

using std::chrono::milliseconds;

bool fires(const Timer& timer, milliseconds within) {
  pollfd waiting{timer.fd().number(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) == 1;
}

constexpr milliseconds kPatience{10000};
constexpr milliseconds kAtOnce{0};

TEST(ClockTest, RunsForwardFromBoot) {
  const Instant first = now();
  EXPECT_GT(first, Instant{});
  EXPECT_GE(now(), first);
}

TEST(TimerTest, IsSilentUntilArmed) {
  const Timer timer = Timer::open().value();
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, FiresAtTheInstantAndNotBefore) {
  Timer timer = Timer::open().value();
  const Instant when = now() + milliseconds{30};
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  EXPECT_GE(now(), when);
}

TEST(TimerTest, ThePastFiresAtOnce) {
  for (const Instant when :
       {now() - milliseconds{1}, Instant{}, Instant{} - milliseconds{5}, kLongAgo}) {
    Timer timer = Timer::open().value();
    timer.arm(when);
    EXPECT_TRUE(fires(timer, kPatience));
  }
}

TEST(TimerTest, StaysReadableUntilAcknowledged) {
  Timer timer = Timer::open().value();
  const Instant when = now();
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(when);
  EXPECT_TRUE(fires(timer, kAtOnce));
  timer.acknowledge();
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, TheSameInstantFiresAgainAfterAnAcknowledgement) {
  Timer timer = Timer::open().value();
  const Instant when = now();
  timer.arm(when);
  ASSERT_TRUE(fires(timer, kPatience));
  timer.acknowledge();
  timer.arm(when);
  EXPECT_TRUE(fires(timer, kPatience));
}

TEST(TimerTest, ArmingReplacesWhatWasArmed) {
  Timer timer = Timer::open().value();
  timer.arm(now() + std::chrono::hours{1});
  timer.arm(now());
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(now() + std::chrono::hours{1});
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, NeverDisarms) {
  Timer timer = Timer::open().value();
  timer.arm(now());
  ASSERT_TRUE(fires(timer, kPatience));
  timer.arm(kNever);
  EXPECT_FALSE(fires(timer, kAtOnce));
}

TEST(TimerTest, AnAcknowledgementThatComesEarlyDisarms) {
  Timer timer = Timer::open().value();
  timer.arm(now() + milliseconds{20});
  timer.acknowledge();
  EXPECT_FALSE(fires(timer, milliseconds{60}));
}

TEST(TimerTest, TheLastInstantBeforeNeverIsFarAway) {
  Timer timer = Timer::open().value();
  timer.arm(kNever - Duration{1});
  EXPECT_FALSE(fires(timer, kAtOnce));
}

}  // namespace
}  // namespace querent::net
