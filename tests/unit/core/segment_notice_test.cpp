#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 3.6, 3.7 and 3.10: ourselves on the wire, and older versions.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

Received from(Address source, MacAddress mac, Message message) {
  return {.packet = envelope(source, std::move(message)), .mac = mac};
}

class Ourselves : public BothFamilies {
 protected:
  Ourselves() : lan_(unjittered(), GetParam()) { lan_.up(); }

  static Query query() { return general(Version::k2, GetParam()); }

  Lan lan_;
};

INSTANTIATE_TEST_SUITE_P(Segment, Ourselves, testing::Values(Family::kIPv4, Family::kIPv6),
                         family_name);

TEST_P(Ourselves, UnderAnotherMacAreAConflictCountedEachTimeAndToldOnceAMinute) {
  for (int second = 0; second < 120; ++second) {
    lan_.step(from(host(kOurs), mac(66), query()));
    lan_.advance(1s);
  }
  EXPECT_EQ(lan_.counters().address_conflicts, 120U);
  const auto told = lan_.told<AddressConflict>();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].what.address, host(kOurs));
  EXPECT_EQ(told[0].what.mac, mac(66));
  EXPECT_EQ(told[1].at - told[0].at, 60s);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.counters().loops, 0U);
}

TEST_P(Ourselves, UnderOurOwnMacAreALoopCountedEachTimeAndToldOnceAMinute) {
  for (int second = 0; second < 120; ++second) {
    lan_.step(from(host(kOurs), mac(kOurs), query()));
    lan_.advance(1s);
  }
  EXPECT_EQ(lan_.counters().loops, 120U);
  EXPECT_EQ(lan_.told<LoopDetected>().size(), 2U);
  EXPECT_EQ(lan_.counters().address_conflicts, 0U);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
}

TEST_P(Ourselves, NeitherElectNorCompete) {
  lan_.step(from(host(kOurs), mac(66), query()));
  lan_.step(from(host(kOurs), mac(kOurs), query()));
  lan_.step(from(host(kOurs), MacAddress{}, query()));
  EXPECT_TRUE(lan_.counters().competitor_queries.empty());
  EXPECT_EQ(lan_.elected(), std::nullopt);
  EXPECT_EQ(lan_.counters().queries_received, Counters{}.queries_received);
  EXPECT_EQ(lan_.counters().queries_rejected, Counters{}.queries_rejected);
}

TEST_P(Ourselves, InAReportUnderAnotherMacAreAConflictToo) {
  lan_.step(from(host(kOurs), mac(66), Report{.records = {{.group = group(1)}}}));
  EXPECT_EQ(lan_.counters().address_conflicts, 1U);
  EXPECT_TRUE(lan_.knows(group(1)));
}

TEST_P(Ourselves, LoopedBackByOurOwnKernelAreNeither) {
  auto looped = from(host(kOurs), mac(kOurs), query());
  looped.origin = Origin::kOwnHost;
  lan_.step(looped);
  looped.mac = MacAddress{};
  lan_.step(looped);
  EXPECT_EQ(lan_.counters().loops, 0U);
  EXPECT_EQ(lan_.counters().address_conflicts, 0U);
  EXPECT_EQ(lan_.counters().queries_received, Counters{}.queries_received);
}

TEST_P(Ourselves, AreMembersLikeOthers) {
  auto own = from(host(kOurs), MacAddress{}, Report{.records = {{.group = group(1)}}});
  own.origin = Origin::kOwnHost;
  lan_.step(own);
  EXPECT_TRUE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.counters().address_conflicts, 0U);
}

TEST(Loop, OfOurProxyQueryIsKnownByTheMac) {
  Settings settings = unjittered();
  settings.source = Address::v4(0);
  Lan lan(settings);
  lan.up();
  lan.step(from(Address::v4(0), mac(kOurs), general(Version::k2)));
  EXPECT_EQ(lan.counters().loops, 1U);
  EXPECT_EQ(lan.counters().proxy_queries, 0U);
}

TEST(OlderVersion, IsCountedEachTimeToldOnceAMinuteAndShownForAWhile) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  EXPECT_FALSE(lan.view().version_mismatch);
  for (int second = 0; second < 120; ++second) {
    lan.hear(11, Version::k2);
    lan.advance(1s);
  }
  EXPECT_EQ(lan.counters().version_mismatches, 120U);
  const auto told = lan.told<VersionMismatch>();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].what.source, host(11));
  EXPECT_EQ(told[0].what.version, Version::k2);
  EXPECT_EQ(told[0].what.ours, Version::k3);
  EXPECT_TRUE(lan.view().version_mismatch);
  lan.advance(129s - 1ns);  // RV * QI + QRI after the last one
  EXPECT_TRUE(lan.view().version_mismatch);
  lan.advance(1ns);
  EXPECT_FALSE(lan.view().version_mismatch);
}

TEST(OlderVersion, IsNotOursNorANewerOne) {
  Lan lan(unjittered(Version::k2));
  lan.up();
  lan.hear(11, Version::k2);
  lan.hear(11, Version::k3);
  EXPECT_EQ(lan.counters().version_mismatches, 0U);
  lan.hear(11, Version::k1);
  EXPECT_EQ(lan.counters().version_mismatches, 1U);
}

TEST(OlderVersion, IsNotFollowedUnlessTheAdministratorSaysSo) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.hear(11, Version::k1);
  EXPECT_EQ(lan.view().version, Version::k3);
}

class Following : public testing::Test {
 protected:
  Following() : lan_(settings()) { lan_.up(); }
  static Settings settings() {
    Settings settings = unjittered(Version::k3);
    settings.follow_older_version = true;
    return settings;
  }

  Lan lan_;
};

TEST_F(Following, TakesTheOlderVersionForRobustnessIntervalsAndAResponse) {
  lan_.advance(12s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(lan_.view().version, Version::k2);
  lan_.forget();
  lan_.advance(58s);
  ASSERT_EQ(lan_.sent().size(), 1U);
  EXPECT_EQ(lan_.sent()[0].query, general(Version::k2));
  lan_.advance(72s - 1ns);
  EXPECT_EQ(lan_.view().version, Version::k2);
  lan_.advance(1ns);
  EXPECT_EQ(lan_.view().version, Version::k3);
}

TEST_F(Following, IsProlongedByEachQuery) {
  lan_.hear_repeatedly(11, general(Version::k2), 100s, 5);
  EXPECT_EQ(lan_.view().version, Version::k2);
  lan_.advance(130s);
  EXPECT_EQ(lan_.view().version, Version::k3);
}

TEST_F(Following, TakesTheOldestThatIsAbout) {
  lan_.hear(11, Version::k1);
  lan_.advance(100s);
  lan_.hear(12, Version::k2);
  EXPECT_EQ(lan_.view().version, Version::k1);
  lan_.advance(30s);
  EXPECT_EQ(lan_.view().version, Version::k2);
  lan_.advance(100s);
  EXPECT_EQ(lan_.view().version, Version::k3);
}

TEST_F(Following, Version1SaysNoResponseTimeAndAsksNothingOfAGroup) {
  lan_.join(5, group(1));
  lan_.hear(11, Version::k1);
  lan_.leave(5, group(1));
  lan_.advance(70s);
  EXPECT_TRUE(lan_.sent_to(group(1)).empty());
  EXPECT_EQ(lan_.sent().back().query, general(Version::k1));
}

TEST_F(Following, HappensToTheElectedOneToo) {
  lan_.hear(1, Version::k2);
  EXPECT_EQ(lan_.role(), Role::kNonQuerier);
  EXPECT_EQ(lan_.view().version, Version::k2);
}

TEST_F(Following, NeverMakesTheVersionNewer) {
  Settings version1 = settings();
  version1.version = Version::k1;
  Lan lan(version1);
  lan.up();
  lan.hear(11, Version::k2);
  EXPECT_EQ(lan.view().version, Version::k1);
  // Nor does what was heard before a reload.
  lan_.hear(11, Version::k2);
  lan_.step(Reconfigured{version1});
  EXPECT_EQ(lan_.view().version, Version::k1);
}

TEST_F(Following, AGroupQueryOfAnOlderVersionIsNoReason) {
  lan_.hear(11, specific(Version::k2, group(1)));
  EXPECT_EQ(lan_.view().version, Version::k3);
}

TEST_F(Following, NorIsAProxyQuery) {
  lan_.step(from(Address::v4(0), mac(11), general(Version::k2)));
  EXPECT_EQ(lan_.view().version, Version::k3);
}

TEST(Isolation, ASegmentHearsOnlyItself) {
  Lan one;
  Lan other;
  one.up();
  other.up();
  one.hear(1, Version::k2);
  EXPECT_EQ(one.role(), Role::kNonQuerier);
  EXPECT_EQ(other.role(), Role::kQuerier);
}

}  // namespace
}  // namespace querent::core::test
