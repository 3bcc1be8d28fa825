#include <array>
#include <csignal>
#include <fmt/core.h>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "querent/message.hpp"

// IGMP and MLD on one interface: two elections that know nothing of each other.

namespace querent::test {

namespace {

using lab::Lan;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kLower = 1;
constexpr int kWe = 2;
constexpr int kEar = 3;

class BothFamilies : public testing::TestWithParam<Family> {
 protected:
  // The family that somebody else asks in, and ours.
  static Family theirs() { return GetParam(); }
  static Family ours() { return theirs() == Family::kIPv4 ? Family::kIPv6 : Family::kIPv4; }

  static std::string says(Family family, const std::string& text) {
    return fmt::format("eth0 {}: {}", name(family), text);
  }
  static std::string lost(Family family) {
    return says(family, fmt::format("election lost to {} (v", address(kLower, family)));
  }
  static std::string is_querier(Family family) {
    return says(family, "querier as " + address(kWe, family));
  }
  static std::string address(int host, Family family) {
    return Lan::address_of(host, family).to_string();
  }

  const QueryListener& ear(Family family) const {
    return ears_.at(static_cast<std::size_t>(family));
  }

  Lan lan_ = make_lan({.hosts = {3}, .switches = {.filters_ipv6 = true}});
  const std::array<QueryListener, 2> ears_{
      QueryListener(lan_.host(kEar), Lan::kInterface, Family::kIPv4),
      QueryListener(lan_.host(kEar), Lan::kInterface, Family::kIPv6)};
};

INSTANTIATE_TEST_SUITE_P(NonQuerierOf, BothFamilies, testing::Values(Family::kIPv4, Family::kIPv6),
                         family_name);

TEST_P(BothFamilies, ARoleInEach) {
  constexpr int kRounds = 3;
  auto we = start_querent(lan_.host(kWe),
                          {"--igmp-version", "3", "--mld-version", "2", "--max-response", "200ms"});
  for (const Family family : {Family::kIPv4, Family::kIPv6}) {
    EXPECT_TRUE(we.wait_for_errors(is_querier(family), kPatience)) << we.errors();
    EXPECT_TRUE(await_queries(ear(family), Lan::address_of(kWe, family), 2)) << name(family);
  }

  auto other = start_querent(lan_.host(kLower), only(theirs(), number(Version::k3, theirs()),
                                                     {"--max-response", "200ms"}));
  ASSERT_TRUE(we.wait_for_errors(lost(theirs()), kPatience)) << we.errors();
  EXPECT_TRUE(await_queries(ear(theirs()), Lan::address_of(kLower, theirs()), 1));
  const auto from = ear(theirs()).heard();
  EXPECT_TRUE(await_queries(ear(theirs()), Lan::address_of(kLower, theirs()), kRounds));
  EXPECT_TRUE(await_queries(ear(ours()), Lan::address_of(kWe, ours()), kRounds));
  EXPECT_TRUE(ear(theirs()).general_queries(Lan::address_of(kWe, theirs()), from).empty());
  EXPECT_TRUE(ear(ours()).general_queries(Lan::address_of(kLower, ours())).empty());

  other.kill(SIGKILL);
  EXPECT_TRUE(we.wait_for_errors(
      says(theirs(), "election won: nothing from " + address(kLower, theirs())), kPatience));
  EXPECT_TRUE(await_queries(ear(theirs()), Lan::address_of(kWe, theirs()), 2));
  EXPECT_THAT(we.errors(), Not(HasSubstr(says(ours(), "election"))));
}

}  // namespace

}  // namespace querent::test
