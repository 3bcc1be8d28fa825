#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/simulation.hpp"

// Seeds of each profile, in blocks that ctest can run side by side. Thousands: ./dev sim.

namespace querent::sim::test {
namespace {

constexpr std::uint64_t kBlock = 8;  // seeds a case

struct Block {
  Profile profile;
  std::uint64_t number;
};

class Seeds : public testing::TestWithParam<Block> {};

std::string how_to_replay(Profile profile, std::uint64_t seed, const Violations& violations) {
  std::ostringstream text;
  text << "replay: ./dev sim --profile " << name(profile) << " --seed " << seed << " ("
       << name(family_of(seed)) << ")\n";
  for (const auto& each : violations) {
    text << "  VIOLATION of " << each.checker << " at "
         << std::chrono::duration<double>(each.at - kStart).count() << " s: " << each.what << '\n';
  }
  return text.str();
}

TEST_P(Seeds, NothingIsViolated) {
  const auto& [profile, number] = GetParam();
  for (std::uint64_t seed = number * kBlock; seed < (number + 1) * kBlock; ++seed) {
    const Outcome outcome = simulate(profile, seed);
    EXPECT_TRUE(outcome.violations.empty()) << how_to_replay(profile, seed, outcome.violations);
    EXPECT_GT(outcome.events, 1000U) << "nothing happened in seed " << seed;
  }
}

std::vector<Block> blocks(Profile profile, std::uint64_t count) {
  std::vector<Block> blocks;
  for (std::uint64_t number = 0; number < count; ++number)
    blocks.push_back({profile, number});
  return blocks;
}

std::string name_of(const testing::TestParamInfo<Block>& info) {
  return "From" + std::to_string(info.param.number * kBlock);
}

INSTANTIATE_TEST_SUITE_P(Storm, Seeds, testing::ValuesIn(blocks(Profile::kStorm, 5)), name_of);
INSTANTIATE_TEST_SUITE_P(Settled, Seeds, testing::ValuesIn(blocks(Profile::kSettled, 10)), name_of);
INSTANTIATE_TEST_SUITE_P(Stream, Seeds, testing::ValuesIn(blocks(Profile::kStream, 10)), name_of);

}  // namespace
}  // namespace querent::sim::test
