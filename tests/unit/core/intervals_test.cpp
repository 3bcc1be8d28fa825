#include "core/intervals.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace querent::core {
namespace {

using namespace std::chrono_literals;

// Worked out by hand from RFC 9776 8.1 to 8.13 and docs/design/protocol.md 1.
struct Expected {
  const char* name;
  Settings settings;
  Duration response;
  Duration startup;
  Duration group_membership;
  Duration other_querier;
  Duration last_member;
  Duration older_host;
};

class DerivedIntervals : public testing::TestWithParam<Expected> {};

TEST_P(DerivedIntervals, AreTheRfcs) {
  const auto& expected = GetParam();
  const Values values = own_values(expected.settings, expected.settings.version);
  EXPECT_EQ(values.query_response, expected.response);
  EXPECT_EQ(startup_query_interval(expected.settings), expected.startup);
  EXPECT_EQ(group_membership_interval(values), expected.group_membership);
  EXPECT_EQ(other_querier_present_interval(values), expected.other_querier);
  EXPECT_EQ(last_member_query_time(values), expected.last_member);
  EXPECT_EQ(older_host_present_interval(values), expected.older_host);
  EXPECT_EQ(older_version_querier_present_interval(values), expected.older_host);
}

INSTANTIATE_TEST_SUITE_P(
    Intervals, DerivedIntervals,
    testing::Values(
        Expected{"defaults", {}, 10s, 5s, 140s, 125s, 2s, 130s},
        Expected{"rfc", {.query_interval = 125s}, 10s, 5s, 270s, 255s, 2s, 260s},
        Expected{"10s", {.query_interval = 10s}, 2500ms, 2500ms, 25s, 21250ms, 2s, 22500ms},
        // A response below 100 ms cannot be said.
        Expected{"200ms", {.query_interval = 200ms}, 100ms, 50ms, 600ms, 450ms, 2s, 500ms},
        Expected{"least", {.query_interval = 100ms}, 100ms, 25ms, 400ms, 250ms, 2s, 300ms},
        Expected{"greatest",
                 {.query_interval = 31744s, .robustness = 7, .last_member_interval = 25500ms},
                 10s,
                 5s,
                 222228s,
                 222213s,
                 178500ms,
                 222218s},
        Expected{"lossless", {.robustness = 1}, 10s, 5s, 80s, 65s, 1s, 70s},
        Expected{"configured",
                 {.query_interval = 30s,
                  .max_response = 4s,
                  .startup_interval = 1s,
                  .robustness = 3,
                  .last_member_interval = 500ms},
                 4s,
                 1s,
                 98s,
                 92s,
                 1500ms,
                 94s},
        Expected{"v1",
                 {.version = Version::k1, .query_interval = 20s, .max_response = 1s},
                 10s,
                 5s,
                 60s,
                 45s,
                 2s,
                 50s}),
    [](const auto& of) { return std::string("of_") + of.param.name; });

TEST(Intervals, TheIntervalBehindATimeoutIsItsInverse) {
  const Values values;  // RV 2, QRI 10 s
  EXPECT_EQ(query_interval_behind(255s, values), 125s);
  EXPECT_EQ(query_interval_behind(125s, values), 60s);
  EXPECT_EQ(query_interval_behind(other_querier_present_interval(values), values),
            values.query_interval);
}

TEST(Intervals, TheIntervalBehindATimeoutTooShortForAnyIsTheLeastOne) {
  EXPECT_EQ(query_interval_behind(5s, Values{}), 100ms);
  EXPECT_EQ(query_interval_behind(0s, Values{}), 100ms);
}

TEST(Intervals, OwnValuesAreTheSettings) {
  const Values values =
      own_values({.query_interval = 20s, .robustness = 5, .last_member_interval = 2s}, Version::k3);
  EXPECT_EQ(values, (Values{.robustness = 5,
                            .query_interval = 20s,
                            .query_response = 5s,
                            .last_member_interval = 2s}));
}

}  // namespace
}  // namespace querent::core
