#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "sim/batch.hpp"
#include "sim/simulation.hpp"

// A seed that fails must fail again when it is replayed.

namespace querent::sim::test {
namespace {

// Small, but with everything in it.
constexpr Shape kSmall{.queriers = 4, .hosts = 8, .storm = std::chrono::minutes(3), .loss = 0.2};

class Fingerprint : public testing::TestWithParam<Profile> {};

TEST_P(Fingerprint, IsTheSameForTheSameSeed) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto one = simulate(GetParam(), seed, kSmall);
    const auto other = simulate(GetParam(), seed, kSmall);
    EXPECT_EQ(one.fingerprint, other.fingerprint) << "seed " << seed;
    EXPECT_EQ(one.events, other.events) << "seed " << seed;
    EXPECT_EQ(one.simulated, other.simulated) << "seed " << seed;
  }
}

TEST_P(Fingerprint, DiffersFromSeedToSeed) {
  constexpr std::uint64_t kSeeds = 8;
  std::set<std::uint64_t> fingerprints;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed)
    fingerprints.insert(simulate(GetParam(), seed, kSmall).fingerprint);
  EXPECT_EQ(fingerprints.size(), kSeeds);
}

TEST_P(Fingerprint, IsNotChangedByAListener) {
  std::uint64_t lines = 0;
  const auto heard = simulate(GetParam(), 5, kSmall,
                              [&lines](const std::string& line) { lines += !line.empty(); });
  const auto unheard = simulate(GetParam(), 5, kSmall);
  EXPECT_GT(lines, 100U);
  EXPECT_EQ(heard.fingerprint, unheard.fingerprint);
  EXPECT_EQ(heard.events, unheard.events);
}

INSTANTIATE_TEST_SUITE_P(Of, Fingerprint,
                         testing::Values(Profile::kStorm, Profile::kSettled, Profile::kStream),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST(ABatch, PlaysTheSeedsThatReplayOneByOne) {
  const auto batch =
      simulate_batch({.profile = Profile::kStorm, .first = 16, .count = 3, .shape = kSmall});
  EXPECT_EQ(batch.seeds, 3U);
  EXPECT_TRUE(batch.failures.empty());
  std::uint64_t events = 0;
  for (const std::uint64_t seed : {16U, 17U, 18U})
    events += simulate(Profile::kStorm, seed, kSmall).events;
  EXPECT_EQ(batch.events, events);
}

}  // namespace
}  // namespace querent::sim::test
