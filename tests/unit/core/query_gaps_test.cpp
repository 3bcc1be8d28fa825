#include "core/query_gaps.hpp"

#include <chrono>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace querent::core {
namespace {

using namespace std::chrono_literals;

std::optional<Duration> learned(const std::vector<Duration>& heard) {
  QueryGaps gaps;
  Instant now = Instant{} + 1h;
  gaps.hear(now);
  for (const Duration gap : heard)
    gaps.hear(now += gap);
  return gaps.longest_gap();
}

struct Heard {
  const char* name;
  std::vector<Duration> gaps;
  std::optional<Duration> learned;
};

class RhythmOf : public testing::TestWithParam<Heard> {};

TEST_P(RhythmOf, IsLearnedFromFourConsistentGaps) {
  EXPECT_EQ(learned(GetParam().gaps), GetParam().learned);
}

INSTANTIATE_TEST_SUITE_P(
    QueryGaps, RhythmOf,
    testing::Values(
        Heard{"one_query", {}, {}}, Heard{"three_gaps", {60s, 60s, 60s}, {}},
        Heard{"four_gaps", {60s, 60s, 60s, 60s}, 60s},
        Heard{"the_longest_counts", {46s, 60s, 50s, 45s}, 60s},
        Heard{"a_third_apart", {30s, 40s, 30s, 40s}, 40s},
        Heard{"more_than_a_third_apart", {30s, 40001ms, 30s, 40s}, {}},
        Heard{"jittered_by_a_quarter", {45s, 60s, 45s, 60s}, 60s},
        Heard{"startup_burst_of_two", {15s, 60s, 60s, 60s}, {}},
        Heard{"startup_burst_of_three", {15s, 15s, 60s, 60s}, {}},
        Heard{"startup_burst_of_four", {15s, 15s, 15s, 60s}, {}},
        Heard{"behind_the_burst", {15s, 15s, 60s, 60s, 60s, 60s}, 60s},
        Heard{"only_the_last_four",
              {50s, 50s, 50s, 50s, 60s, 60s, 60s, 60s, 55s, 55s, 55s, 55s},
              55s},
        Heard{"a_lost_query_changes_nothing", {60s, 60s, 60s, 60s, 120s, 60s, 60s}, 60s},
        Heard{"a_burst_changes_nothing", {60s, 60s, 60s, 60s, 15s, 15s, 15s}, 60s},
        Heard{"a_faster_one_is_learned", {60s, 60s, 60s, 60s, 20s, 20s, 20s, 20s}, 20s},
        Heard{"a_slightly_slower_one_is_learned", {60s, 60s, 60s, 60s, 90s, 90s, 90s, 90s}, 90s},
        Heard{"every_other_query_lost_is_no_slower_rhythm",
              {60s, 60s, 60s, 60s, 120s, 120s, 120s, 120s, 120s},
              60s},
        Heard{"duplicates_are_no_rhythm", {0s, 0s, 0s, 0s, 0s}, {}},
        Heard{"a_doubled_query_is_one", {60s, 60s, 0s, 60s, 60s}, 60s}),
    [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace querent::core
