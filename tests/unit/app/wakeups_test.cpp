#include "app/wakeups.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant kStart{1h};

struct Idler final : Sleeper {
  void run_due(Instant /*now*/) override {}
};

TEST(Wakeups, NobodyIsNeverDue) {
  const Wakeups wakeups;
  EXPECT_EQ(wakeups.next(), kNever);
  EXPECT_THAT(wakeups.due(kStart), IsEmpty());
}

TEST(Wakeups, WakesInOrderAndNotBefore) {
  Wakeups wakeups;
  Idler early;
  Idler late;
  wakeups.move(late, kNever, kStart + 2s);
  wakeups.move(early, kNever, kStart + 1s);
  EXPECT_EQ(wakeups.next(), kStart + 1s);
  EXPECT_THAT(wakeups.due(kStart + 1s - 1ns), IsEmpty());
  EXPECT_THAT(wakeups.due(kStart + 1s), ElementsAre(&early));
  EXPECT_THAT(wakeups.due(kStart + 2s), ElementsAre(&early, &late));
}

TEST(Wakeups, OneThatMovesLeavesNothingBehind) {
  Wakeups wakeups;
  Idler sleeper;
  wakeups.move(sleeper, kNever, kStart);
  wakeups.move(sleeper, kStart, kStart + 5s);
  EXPECT_THAT(wakeups.due(kStart), IsEmpty());
  EXPECT_EQ(wakeups.next(), kStart + 5s);
  wakeups.move(sleeper, kStart + 5s, kNever);
  EXPECT_EQ(wakeups.next(), kNever);
}

RC_GTEST_PROP(WakeupsProperty, TheNextIsTheEarliestOfAll, (const std::vector<unsigned>& moves)) {
  std::vector<Idler> sleepers(5);
  std::vector<Instant> when(sleepers.size(), kNever);
  Wakeups wakeups;
  for (const unsigned move : moves) {
    const std::size_t who = move % sleepers.size();
    const Instant to = move % 7 == 0 ? kNever : kStart + move % 11 * 1s;
    wakeups.move(sleepers[who], std::exchange(when[who], to), to);
    RC_ASSERT(wakeups.next() == *std::min_element(when.begin(), when.end()));
  }
}

}  // namespace
}  // namespace querent::app
