#include "core/query_schedule.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace querent::core {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant{} + 1000s;

// When each of the next queries is due, if each is taken `late`.
std::vector<Duration> dues(QuerySchedule& schedule, const Settings& settings, int count,
                           Duration late = 0s) {
  std::vector<Duration> when;
  for (int i = 0; i < count; ++i) {
    when.push_back(schedule.due() - kStart);
    EXPECT_TRUE(schedule.take_due(settings, schedule.due() + late));
  }
  return when;
}

TEST(Schedule, StartsWithABurstAndThenKeepsTheInterval) {
  const Settings settings{.jitter = 0};
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  EXPECT_EQ(dues(schedule, settings, 5), (std::vector<Duration>{0s, 5s, 10s, 70s, 130s}));
}

struct Burst {
  Settings settings;
  std::vector<Duration> dues;
};

class StartupBurst : public testing::TestWithParam<Burst> {};

TEST_P(StartupBurst, HasTheConfiguredCountAndSpacing) {
  const auto& [settings, expected] = GetParam();
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  EXPECT_EQ(dues(schedule, settings, static_cast<int>(expected.size())), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Schedule, StartupBurst,
    testing::Values(Burst{{.startup_count = 1, .jitter = 0}, {0s, 60s, 120s}},
                    Burst{{.startup_count = 2, .jitter = 0}, {0s, 5s, 65s}},
                    Burst{{.query_interval = 8s, .jitter = 0}, {0s, 2s, 4s, 12s}},
                    Burst{{.query_interval = 100ms, .jitter = 0}, {0s, 25ms, 50ms, 150ms}},
                    Burst{{.startup_interval = 7s, .startup_count = 4, .jitter = 0},
                          {0s, 7s, 14s, 21s, 81s}}));

TEST(Schedule, JitterOnlyShortensRegularIntervals) {
  const Settings settings{.jitter = 0.25};
  QuerySchedule schedule{Random(7)};
  schedule.start(settings, kStart);
  const auto when = dues(schedule, settings, 2000);
  EXPECT_EQ(when[1] - when[0], 5s);
  EXPECT_EQ(when[2] - when[1], 5s);
  Duration shortest = 1h;
  Duration longest = 0s;
  for (std::size_t i = 3; i < when.size(); ++i) {
    shortest = std::min(shortest, when[i] - when[i - 1]);
    longest = std::max(longest, when[i] - when[i - 1]);
  }
  EXPECT_GE(shortest, 45s);
  EXPECT_LT(shortest, 45200ms);
  EXPECT_LE(longest, 60s);
  EXPECT_GT(longest, 59800ms);
}

TEST(Schedule, TheSameSeedJittersTheSame) {
  const Settings settings{.jitter = 0.9};
  QuerySchedule one{Random(3)};
  QuerySchedule same{Random(3)};
  QuerySchedule other{Random(4)};
  for (auto* schedule : {&one, &same, &other})
    schedule->start(settings, kStart);
  const auto when = dues(one, settings, 10);
  EXPECT_EQ(dues(same, settings, 10), when);
  EXPECT_NE(dues(other, settings, 10), when);
}

TEST(Schedule, LatenessDoesNotAddUp) {
  const Settings settings{.jitter = 0};
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  const auto when = dues(schedule, settings, 103, 7ms);
  EXPECT_EQ(when.back(), 10s + 100 * 60s);
}

TEST(Schedule, MissedQueriesAreSkipped) {
  const Settings settings{.startup_count = 1, .jitter = 0};
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  EXPECT_TRUE(schedule.take_due(settings, kStart + 200s));
  EXPECT_FALSE(schedule.take_due(settings, kStart + 200s));
  EXPECT_EQ(schedule.due(), kStart + 260s);
}

TEST(Schedule, NothingIsDueBeforeItsTime) {
  const Settings settings{.jitter = 0};
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  EXPECT_TRUE(schedule.take_due(settings, kStart));
  EXPECT_FALSE(schedule.take_due(settings, kStart + 5s - 1ns));
  EXPECT_TRUE(schedule.take_due(settings, kStart + 5s));
}

TEST(Schedule, NothingIsEverDueUnlessItRuns) {
  QuerySchedule schedule{Random(1)};
  EXPECT_EQ(schedule.due(), kNever);
  EXPECT_FALSE(schedule.take_due({}, kStart));
  schedule.start({}, kStart);
  schedule.stop();
  EXPECT_EQ(schedule.due(), kNever);
  schedule.shorten({}, kStart);
  EXPECT_EQ(schedule.due(), kNever);
}

TEST(Schedule, AShorterIntervalHoldsAtOnceAndALongerOneAfterTheNextQuery) {
  const Settings settings{.startup_count = 1, .jitter = 0};
  QuerySchedule schedule{Random(1)};
  schedule.start(settings, kStart);
  EXPECT_TRUE(schedule.take_due(settings, kStart));
  schedule.shorten({.query_interval = 100s}, kStart + 1s);
  EXPECT_EQ(schedule.due(), kStart + 60s);
  schedule.shorten({.query_interval = 10s}, kStart + 1s);
  EXPECT_EQ(schedule.due(), kStart + 11s);
}

}  // namespace
}  // namespace querent::core
