// The checkers' own idea of a family: it must be right without core's help.

#include "sim/dialect.hpp"

#include <gtest/gtest.h>

namespace querent::sim {
namespace {

Address at(const char* text) {
  return Address::parse(text).value();
}

TEST(Dialect, HasTheAddressesOfTheRfcs) {
  const Dialect& igmp = dialect_of(Family::kIPv4);
  EXPECT_EQ(igmp.all_systems, at("224.0.0.1"));
  EXPECT_EQ(igmp.all_routers, at("224.0.0.2"));
  EXPECT_EQ(igmp.all_version3_routers, at("224.0.0.22"));
  const Dialect& mld = dialect_of(at("fe80::1"));
  EXPECT_EQ(mld.all_systems, at("ff02::1"));
  EXPECT_EQ(mld.all_routers, at("ff02::2"));
  EXPECT_EQ(mld.all_version3_routers, at("ff02::16"));
  EXPECT_EQ(mld.unicast, Prefix(at("fe80::"), 10));
}

TEST(Dialect, SpeaksNothingOlderThanThereIs) {
  EXPECT_EQ(dialect_of(Family::kIPv4).spoken(Version::k1), Version::k1);
  EXPECT_EQ(dialect_of(Family::kIPv6).spoken(Version::k1), Version::k2);
  EXPECT_EQ(dialect_of(Family::kIPv6).spoken(Version::k3), Version::k3);
}

TEST(Dialect, KnowsTheGroupsOfTheLink) {
  for (const auto* group : {"224.0.0.251", "ff02::fb", "ff02::1:ff00:1", "ff02:1::1"})
    EXPECT_TRUE(dialect_of(at(group)).is_link_local(at(group))) << group;
  for (const auto* group : {"224.0.1.0", "ff05::1", "ff12::1", "ff0e::1", "ff15::1"})
    EXPECT_FALSE(dialect_of(at(group)).is_link_local(at(group))) << group;
}

TEST(Dialect, KnowsSourceSpecificGroups) {
  for (const auto* group : {"232.1.2.3", "ff3e::8000:1", "ff35::1", "ff32:0:1::1"})
    EXPECT_TRUE(dialect_of(at(group)).is_source_specific(at(group))) << group;
  for (const auto* group : {"233.1.2.3", "ff3e:1::1", "ff1e::1", "ff0e::1"})
    EXPECT_FALSE(dialect_of(at(group)).is_source_specific(at(group))) << group;
}

TEST(Dialect, TracksWhatLeavesANodeAndIsNotEverybodys) {
  for (const auto* group : {"224.0.0.2", "239.1.2.3", "ff02::2", "ff02::fb", "ff03::1", "ff0e::1"})
    EXPECT_TRUE(dialect_of(at(group)).is_tracked(at(group))) << group;
  for (const auto* group : {"224.0.0.1", "ff02::1", "ff01::fb", "ff11::1", "ff00::1"})
    EXPECT_FALSE(dialect_of(at(group)).is_tracked(at(group))) << group;
}

TEST(Dialect, OnlyMldLooksAtTheEnvelope) {
  const Packet good{.source = at("febf::1"), .message = Leave{at("ff15::1")}};
  const Dialect& mld = dialect_of(Family::kIPv6);
  EXPECT_TRUE(mld.accepts(good));
  for (const auto* source : {"::", "2001:db8::1", "fec0::1", "ff02::1", "::1"}) {
    auto bad = good;
    bad.source = at(source);
    EXPECT_FALSE(mld.accepts(bad)) << source;
  }
  auto bad = good;
  bad.hop_limit = 2;
  EXPECT_FALSE(mld.accepts(bad));
  bad = good;
  bad.router_alert = false;
  EXPECT_FALSE(mld.accepts(bad));
  bad.source = at("0.0.0.0");
  EXPECT_TRUE(dialect_of(Family::kIPv4).accepts(bad));
}

TEST(Dialect, TheLowerInterfaceIdentifierAsks) {
  struct Duel {
    const char* lower;
    const char* higher;
  };
  for (const auto& [lower, higher] :
       {Duel{"10.0.0.2", "10.0.0.10"}, Duel{"9.255.255.255", "10.0.0.0"},
        Duel{"fe80::2", "fe80::10"}, Duel{"fe80:0:0:1::1", "fe80::2"},
        Duel{"febf::7fff:0:0:0", "fe80::8000:0:0:0"}}) {
    EXPECT_TRUE(is_lower(at(lower), at(higher))) << lower;
    EXPECT_FALSE(is_lower(at(higher), at(lower))) << lower;
    EXPECT_TRUE(BySuccession{}(at(lower), at(higher))) << lower;
    EXPECT_FALSE(BySuccession{}(at(higher), at(lower))) << lower;
  }
  EXPECT_FALSE(is_lower(at("fe80::1"), at("fe80:0:0:1::1")));
  EXPECT_FALSE(is_lower(at("fe80:0:0:1::1"), at("fe80::1")));
  EXPECT_TRUE(BySuccession{}(at("fe80::1"), at("fe80:0:0:1::1"))) << "a map holds both";
}

}  // namespace
}  // namespace querent::sim
