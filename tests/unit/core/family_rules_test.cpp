#include "core/family_rules.hpp"

#include <gtest/gtest.h>

namespace querent::core {
namespace {

Address at(const char* text) {
  return Address::parse(text).value();
}

struct Duel {
  const char* winner;
  const char* loser;
};

class TheLowerAddressWins : public testing::TestWithParam<Duel> {};

TEST_P(TheLowerAddressWins, AsANumberNotAsOctetsOrText) {
  const Address winner = at(GetParam().winner);
  const Address loser = at(GetParam().loser);
  EXPECT_TRUE(wins_over(winner, loser));
  EXPECT_FALSE(wins_over(loser, winner));
}

INSTANTIATE_TEST_SUITE_P(
    FamilyRules, TheLowerAddressWins,
    testing::Values(Duel{"10.0.0.2", "10.0.0.10"}, Duel{"9.255.255.255", "10.0.0.0"},
                    Duel{"10.0.0.255", "10.0.1.0"}, Duel{"10.255.255.255", "192.0.0.0"},
                    Duel{"127.255.255.255", "128.0.0.0"}, Duel{"1.0.0.2", "2.0.0.1"},
                    Duel{"0.0.0.1", "255.255.255.254"}, Duel{"255.255.255.255", "0.0.0.0"},
                    Duel{"fe80::2", "fe80::10"}, Duel{"fe80::1", "fe80::200:0:0:0"},
                    Duel{"fe80::7fff:0:0:0", "fe80::8000:0:0:0"},
                    Duel{"fe80::ff:ffff", "fe80::100:0"},
                    // MLD compares the low 64 bits alone.
                    Duel{"febf:ffff:ffff:ffff::1", "fe80::2"}, Duel{"fe80::1", "::"}));

TEST(FamilyRules, NobodyWinsOverItself) {
  EXPECT_FALSE(wins_over(at("10.0.0.1"), at("10.0.0.1")));
  EXPECT_FALSE(wins_over(at("fe80::1"), at("fe80::1")));
  EXPECT_FALSE(wins_over(at("0.0.0.0"), at("0.0.0.0")));
  EXPECT_FALSE(wins_over(at("::"), at("::")));
}

struct GroupKind {
  const char* group;
  bool tracked;
  bool link_local;
  bool source_specific;
};

class EachGroup : public testing::TestWithParam<GroupKind> {};

TEST_P(EachGroup, IsOfItsKind) {
  const auto& expected = GetParam();
  const Address group = at(expected.group);
  const FamilyRules& rules = family_rules(group.family());
  EXPECT_EQ(rules.tracks(group), expected.tracked);
  EXPECT_EQ(rules.link_local_groups.matches(group), expected.link_local);
  EXPECT_EQ(rules.ssm_groups.matches(group), expected.source_specific);
}

INSTANTIATE_TEST_SUITE_P(IPv4, EachGroup,
                         testing::Values(GroupKind{"224.0.0.1", false, true, false},
                                         GroupKind{"224.0.0.0", true, true, false},
                                         GroupKind{"224.0.0.2", true, true, false},
                                         GroupKind{"224.0.0.251", true, true, false},
                                         GroupKind{"224.0.0.255", true, true, false},
                                         GroupKind{"224.0.1.0", true, false, false},
                                         GroupKind{"225.0.0.1", true, false, false},
                                         GroupKind{"231.255.255.255", true, false, false},
                                         GroupKind{"232.0.0.0", true, false, true},
                                         GroupKind{"232.255.255.255", true, false, true},
                                         GroupKind{"233.0.0.0", true, false, false},
                                         GroupKind{"239.255.255.250", true, false, false}));

INSTANTIATE_TEST_SUITE_P(
    IPv6, EachGroup,
    testing::Values(
        GroupKind{"ff02::1", false, true, false}, GroupKind{"ff02::2", true, true, false},
        GroupKind{"ff02::fb", true, true, false}, GroupKind{"ff02::1:ff00:1", true, true, false},
        GroupKind{"ff02:ffff::1", true, true, false}, GroupKind{"ff00::1", false, false, false},
        GroupKind{"ff10::1", false, false, false}, GroupKind{"ff01::1", false, false, false},
        GroupKind{"ff31::1", false, false, true}, GroupKind{"ff03::1", true, false, false},
        GroupKind{"ff05::2", true, false, false}, GroupKind{"ff0e::1", true, false, false},
        GroupKind{"ff3e::8000:1", true, false, true},
        GroupKind{"ff35:0:ffff::1", true, false, true},
        GroupKind{"ff3e:0:8000:1::1", true, false, true},
        GroupKind{"ff3e:1::1", true, false, false}, GroupKind{"ff2e::1", true, false, false},
        GroupKind{"ff7e::1", true, false, false}));

TEST(FamilyRules, GeneralQueriesGoToAllSystems) {
  EXPECT_EQ(family_rules(Family::kIPv4).all_systems, at("224.0.0.1"));
  EXPECT_EQ(family_rules(Family::kIPv6).all_systems, at("ff02::1"));
}

TEST(FamilyRules, OnlyIpv4HasAddressesOfLastResort) {
  const auto& last_resort = family_rules(Family::kIPv4).last_resort;
  ASSERT_TRUE(last_resort.has_value());
  EXPECT_TRUE(last_resort->matches(at("169.254.0.0")));
  EXPECT_TRUE(last_resort->matches(at("169.254.255.255")));
  EXPECT_FALSE(last_resort->matches(at("169.253.255.255")));
  EXPECT_FALSE(last_resort->matches(at("169.255.0.0")));
  EXPECT_FALSE(family_rules(Family::kIPv6).last_resort.has_value());
}

TEST(FamilyRules, OnlyIpv4HasProxyQueries) {
  EXPECT_TRUE(family_rules(Family::kIPv4).proxy_queries);
  EXPECT_FALSE(family_rules(Family::kIPv6).proxy_queries);
}

TEST(FamilyRules, KnowTheirFamily) {
  EXPECT_EQ(family_rules(Family::kIPv4).family, Family::kIPv4);
  EXPECT_EQ(family_rules(Family::kIPv6).family, Family::kIPv6);
}

}  // namespace
}  // namespace querent::core
