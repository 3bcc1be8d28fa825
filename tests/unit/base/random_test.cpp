#include "base/random.hpp"

#include <chrono>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent {
namespace {

using namespace std::chrono_literals;

TEST(Random, IsSplitmix64OnEveryMachine) {
  // The generator's published sequence for the seed 1234567.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Random, TheSameSeedGivesTheSameNumbers) {
  Random a(7);
  Random b(7);
  Random c(8);
  bool differs = false;
  for (int i = 0; i < 1000; ++i) {
    const auto number = a.next();
    EXPECT_EQ(number, b.next());
    differs = differs || number != c.next();
  }
  EXPECT_TRUE(differs);
}

TEST(Random, ACopyContinuesOnItsOwn) {
  Random random(7);
  Random copy = random;
  const auto first = copy.next();
  copy.next();
  EXPECT_EQ(random.next(), first);
}

TEST(Random, AForkIsNotDisturbedAndDoesNotDisturb) {
  Random a(7);
  Random b(7);
  Random fork_a = a.fork();
  Random fork_b = b.fork();
  for (int i = 0; i < 10; ++i)
    fork_a.next();
  EXPECT_EQ(a.next(), b.next());
  for (int i = 0; i < 10; ++i)
    fork_b.next();
  EXPECT_EQ(fork_a.next(), fork_b.next());
  EXPECT_NE(fork_a.next(), a.next());
}

TEST(Random, BelowReachesAllAndNoMore) {
  Random random(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i)
    seen.insert(random.below(10));
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_EQ(*seen.rbegin(), 9U);
  EXPECT_EQ(random.below(0), 0U);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, BetweenIncludesBothEnds) {
  Random random(1);
  std::set<Duration> seen;
  for (int i = 0; i < 1000; ++i)
    seen.insert(random.between(5ns, 8ns));
  EXPECT_EQ(seen, (std::set<Duration>{5ns, 6ns, 7ns, 8ns}));
  EXPECT_EQ(random.between(5s, 5s), 5s);
  EXPECT_EQ(random.between(5s, 4s), 5s);
}

RC_GTEST_PROP(Random, BetweenStaysBetween, (std::uint64_t seed)) {
  Random random(seed);
  const Duration value = random.between(45s, 60s);
  RC_ASSERT(value >= 45s);
  RC_ASSERT(value <= 60s);
}

TEST(Random, ChanceIsAboutRightAndExactAtTheEnds) {
  Random random(1);
  int often = 0;
  for (int i = 0; i < 10000; ++i) {
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1));
    if (random.chance(0.25)) ++often;
  }
  EXPECT_GT(often, 2200);
  EXPECT_LT(often, 2800);
}

}  // namespace
}  // namespace querent
