#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <string>

#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/scratch.hpp"
#include "querent/message.hpp"

// Several querents on one switch: who asks, and when. IGMP and MLD alike.

namespace querent::test {

namespace {

using lab::Lan;

constexpr int kEar = 4;
constexpr Duration kRound = 1s;
constexpr Duration kTimeout = 2100ms;  // RV * QI + QRI / 2

class Takeover : public testing::TestWithParam<Family> {
 protected:
  static Address address_of(int host) { return Lan::address_of(host, GetParam()); }

  // The version that announces its interval.
  static unsigned newest() { return number(Version::k3, GetParam()); }

  lab::Process start_on(int host) {
    return start_querent(lan_.host(host), only(GetParam(), newest(), {"--max-response", "200ms"}));
  }

  // As the log names the elected one.
  static std::string named(int host) {
    return fmt::format("{} (v{}", address_of(host).to_string(), newest());
  }

  // From a round after the host's first query of those from the `from`th sighting on, it asked
  // alone.
  void expect_alone_within_a_round(int host, std::size_t from) const {
    const Instant first = ear_.general_queries(address_of(host), from).front().at;
    Duration latest{};
    for (const int other : {1, 2, 3}) {
      if (other == host) continue;
      for (const auto& query : ear_.general_queries(address_of(other), from))
        latest = std::max<Duration>(latest, query.at - first);
    }
    fmt::print("{} asks: the last query of another came {:.3f} ms after its first\n",
               address_of(host).to_string(), in_ms(latest));
    EXPECT_LT(latest, kRound);
  }

  Lan lan_ = make_lan({.hosts = {4}, .switches = {.filters_ipv6 = GetParam() == Family::kIPv6}});
  const QueryListener ear_{lan_.host(kEar), Lan::kInterface, GetParam()};
};

TEST_P(Takeover, TheLowestAsksAloneAndTheNextFollowsAtItsTimeout) {
  auto third = start_on(3);
  auto second = start_on(2);
  auto first = start_on(1);
  ASSERT_TRUE(third.wait_for_errors(named(1), kPatience));
  ASSERT_TRUE(second.wait_for_errors(named(1), kPatience));
  ASSERT_TRUE(await_queries(ear_, address_of(1), 5));
  expect_alone_within_a_round(1, 0);

  auto from = ear_.heard();
  const auto known_before = times_said(third, named(2));
  first.kill(SIGKILL);
  const auto successor = ear_.await(general_query_from(address_of(2)), kPatience, from);
  ASSERT_TRUE(successor);
  const auto last = ear_.general_queries(address_of(1)).back();
  const Duration overshoot = successor->at - last.at - kTimeout;
  fmt::print("takeover: {:.3f} ms over the timeout\n", in_ms(overshoot));
  EXPECT_GE(overshoot, -10ms);
  EXPECT_LT(overshoot, kRound);
  // The third one's timer ended at the same time; it learns of the second at once.
  EXPECT_TRUE(await_said(third, named(2), known_before + 1)) << third.errors();
  ASSERT_TRUE(await_queries(ear_, address_of(2), 4));
  const auto needless = ear_.general_queries(address_of(3), from).size();
  fmt::print("the third sent {} queries meanwhile\n", needless);
  EXPECT_LE(needless, 1U);

  from = ear_.heard();
  auto again = start_on(1);
  EXPECT_TRUE(second.wait_for_errors("was querier for", kPatience)) << second.errors();
  ASSERT_TRUE(await_queries(ear_, address_of(1), 5));
  expect_alone_within_a_round(1, from);
  EXPECT_EQ(again.errors().find("election lost"), std::string::npos) << again.errors();
}

INSTANTIATE_TEST_SUITE_P(Of, Takeover, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

}  // namespace

}  // namespace querent::test
