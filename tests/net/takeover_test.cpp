#include <algorithm>
#include <cstdio>
#include <fmt/core.h>

#include <gtest/gtest.h>

#include "querent_lan.hpp"

// Several querents on one switch: who asks, and when.

namespace querent::test {

namespace {

constexpr int kEar = 4;

double in_ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
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

  // One round later nobody else asks any more.
  auto from = ear.heard();
  for (int round = 0; round < 6; ++round) {
    const auto query = ear.await(general_query_from(lab::Lan::address_of(1)), kPatience, from);
    ASSERT_TRUE(query);
    from = ear.heard();
  }
  const auto settled = ear.heard();
  ASSERT_TRUE(ear.await(general_query_from(lab::Lan::address_of(1)), kPatience, settled));
  EXPECT_TRUE(ear.general_queries(lab::Lan::address_of(2), from).empty());
  EXPECT_TRUE(ear.general_queries(lab::Lan::address_of(3), from).empty());

  from = ear.heard();
  first.kill(SIGKILL);
  const auto successor = ear.await(general_query_from(lab::Lan::address_of(2)), kPatience, from);
  ASSERT_TRUE(successor);
  const auto last = ear.general_queries(lab::Lan::address_of(1)).back();
  const Duration timeout = 2100ms;  // RV * QI + QRI / 2
  const Duration overshoot = successor->at - last.at - timeout;
  fmt::print("takeover: {:.3f} ms over the timeout\n", in_ms(overshoot));
  EXPECT_GE(overshoot, -10ms);
  // The third one's timer ended at the same time; it learns of the second at once.
  for (int round = 0; round < 3; ++round)
    ASSERT_TRUE(ear.await(general_query_from(lab::Lan::address_of(2)), kPatience, ear.heard()));
  EXPECT_LE(ear.general_queries(lab::Lan::address_of(3), from).size(), 1U);

  auto again = start_querent(lan.host(1), v3);
  EXPECT_TRUE(second.wait_for_errors("was querier for", kPatience)) << second.errors();
}

}  // namespace

}  // namespace querent::test
