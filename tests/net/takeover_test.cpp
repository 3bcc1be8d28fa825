#include <algorithm>
#include <csignal>
#include <fmt/core.h>

#include <gtest/gtest.h>

#include "querent_lan.hpp"
#include "scratch.hpp"

// Several querents on one switch: who asks, and when.

namespace querent::test {

namespace {

using lab::Lan;

constexpr int kEar = 4;
constexpr Duration kRound = 1s;
constexpr Duration kTimeout = 2100ms;  // RV * QI + QRI / 2

// The next queries of that host; false when one of them does not come.
bool await_queries(const Ear& ear, int host, int count) {
  for (int heard = 0; heard < count; ++heard)
    if (!ear.await(general_query_from(Lan::address_of(host)), kPatience, ear.heard())) return false;
  return true;
}

// From a round after the host's first query of those from the `from`th sighting on, it asked alone.
void expect_alone_within_a_round(const Ear& ear, int host, std::size_t from) {
  const Instant first = ear.general_queries(Lan::address_of(host), from).front().at;
  Duration latest{};
  for (const int other : {1, 2, 3}) {
    if (other == host) continue;
    for (const auto& query : ear.general_queries(Lan::address_of(other), from))
      latest = std::max<Duration>(latest, query.at - first);
  }
  fmt::print("{} asks: the last query of another came {:.3f} ms after its first\n",
             Lan::address_of(host).to_string(), in_ms(latest));
  EXPECT_LT(latest, kRound);
}

TEST(Takeover, TheLowestAsksAloneAndTheNextFollowsAtItsTimeout) {
  auto lan = make_lan({.hosts = {4}});
  const Ear ear(lan.host(kEar));
  const std::vector<std::string> v3{"--igmp-version", "3", "--max-response", "200ms"};
  auto third = start_querent(lan.host(3), v3);
  auto second = start_querent(lan.host(2), v3);
  auto first = start_querent(lan.host(1), v3);
  ASSERT_TRUE(third.wait_for_errors("10.9.0.1 (v3", kPatience));
  ASSERT_TRUE(second.wait_for_errors("10.9.0.1 (v3", kPatience));
  ASSERT_TRUE(await_queries(ear, 1, 5));
  expect_alone_within_a_round(ear, 1, 0);

  auto from = ear.heard();
  const auto known_before = times_said(third, "10.9.0.2 (v3");
  first.kill(SIGKILL);
  const auto successor = ear.await(general_query_from(Lan::address_of(2)), kPatience, from);
  ASSERT_TRUE(successor);
  const auto last = ear.general_queries(Lan::address_of(1)).back();
  const Duration overshoot = successor->at - last.at - kTimeout;
  fmt::print("takeover: {:.3f} ms over the timeout\n", in_ms(overshoot));
  EXPECT_GE(overshoot, -10ms);
  EXPECT_LT(overshoot, kRound);
  // The third one's timer ended at the same time; it learns of the second at once.
  EXPECT_TRUE(await_said(third, "10.9.0.2 (v3", known_before + 1)) << third.errors();
  ASSERT_TRUE(await_queries(ear, 2, 4));
  const auto needless = ear.general_queries(Lan::address_of(3), from).size();
  fmt::print("the third sent {} queries meanwhile\n", needless);
  EXPECT_LE(needless, 1U);

  from = ear.heard();
  auto again = start_querent(lan.host(1), v3);
  EXPECT_TRUE(second.wait_for_errors("was querier for", kPatience)) << second.errors();
  ASSERT_TRUE(await_queries(ear, 1, 5));
  expect_alone_within_a_round(ear, 1, from);
  EXPECT_EQ(again.errors().find("election lost"), std::string::npos) << again.errors();
}

}  // namespace

}  // namespace querent::test
