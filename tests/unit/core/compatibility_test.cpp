#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// Older hosts (RFC 9776 7.3.2), source-specific groups and the link's own groups:
// docs/design/protocol.md 4.4 and 4.5.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

const Address kSsm = Address::v4(232, 1, 1, 1);

class OlderHost : public testing::Test {
 protected:
  OlderHost() : lan_(unjittered(Version::k3)) { lan_.up(); }

  Version compatibility() const { return lan_.find(group(1))->compatibility; }

  Lan lan_;
};

TEST_F(OlderHost, IsRememberedForRobustnessIntervalsAndAResponse) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  EXPECT_EQ(compatibility(), Version::k3);
  lan_.join(6, group(1), Version::k2);
  EXPECT_EQ(compatibility(), Version::k2);
  lan_.advance(1s);
  lan_.join(7, group(1), Version::k1);
  EXPECT_EQ(compatibility(), Version::k1);
  lan_.advance(120s);
  lan_.join(6, group(1), Version::k2);
  lan_.advance(10s - 1ns);
  EXPECT_EQ(compatibility(), Version::k1);
  lan_.advance(1ns);
  EXPECT_EQ(compatibility(), Version::k2);
  lan_.advance(120s);
  EXPECT_EQ(compatibility(), Version::k3);
}

TEST_F(OlderHost, OfOneGroupIsNotThatOfAnother) {
  lan_.join(6, group(2), Version::k1);
  lan_.report(5, RecordType::kIsExclude, group(1));
  EXPECT_EQ(compatibility(), Version::k3);
}

TEST_F(OlderHost, OfVersion1MakesLeavesCountForNothing) {
  lan_.join(5, group(1), Version::k1);
  lan_.join(6, group(1), Version::k2);
  lan_.forget();
  lan_.leave(6, group(1));
  lan_.report(7, RecordType::kToInclude, group(1));
  lan_.report(7, RecordType::kBlock, group(1), hosts({7}));
  EXPECT_TRUE(lan_.sent().empty());
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
  EXPECT_TRUE(lan_.find(group(1))->sources.empty());
}

TEST_F(OlderHost, OfVersion1MakesSourcesOfAChangeToIncludeCountForNothing) {
  lan_.join(5, group(1), Version::k1);
  lan_.report(7, RecordType::kToInclude, group(1), hosts({7}));
  EXPECT_TRUE(lan_.find(group(1))->sources.empty());
}

TEST_F(OlderHost, OfVersion1LetsLeavesThroughWhenItIsGone) {
  lan_.join(5, group(1), Version::k1);
  lan_.advance(130s);
  lan_.leave(6, group(1));
  EXPECT_EQ(lan_.sent_to(group(1)).size(), 1U);
}

TEST_F(OlderHost, OfVersion2MakesBlocksCountForNothing) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1), hosts({7}));
  lan_.join(6, group(1), Version::k2);
  lan_.report(5, RecordType::kAllow, group(1), hosts({7}));
  lan_.report(5, RecordType::kBlock, group(1), hosts({7, 8}));
  EXPECT_TRUE(lan_.sent_to(group(1)).empty());
  ASSERT_EQ(lan_.find(group(1))->sources.size(), 1U);
  EXPECT_EQ(lan_.find(group(1))->sources[0].expires_in, 140s);
}

TEST_F(OlderHost, OfVersion2MakesTheSourcesOfAChangeToExcludeCountForNothing) {
  for (const bool including : {true, false}) {
    Lan lan(unjittered(Version::k3));
    lan.up();
    lan.join(6, group(1), Version::k2);
    if (including) {
      lan.leave(6, group(1));
      lan.report(5, RecordType::kAllow, group(1), hosts({7}));
      lan.advance(2s);
      EXPECT_EQ(lan.find(group(1))->mode, FilterMode::kInclude);
    }
    lan.forget();
    lan.report(5, RecordType::kToExclude, group(1), hosts({7, 8}));
    EXPECT_EQ(lan.find(group(1))->mode, FilterMode::kExclude);
    EXPECT_TRUE(lan.find(group(1))->sources.empty());
    EXPECT_TRUE(lan.sent().empty());
  }
}

TEST_F(OlderHost, OfVersion2StillLeaves) {
  lan_.join(6, group(1), Version::k2);
  lan_.leave(6, group(1));
  ASSERT_EQ(lan_.sent_to(group(1)).size(), 1U);
  EXPECT_EQ(lan_.sent_to(group(1))[0].query.version, Version::k3);
}

TEST_F(OlderHost, ThatOnlyLeavesIsNoneThatIsPresent) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.leave(6, group(1));
  EXPECT_EQ(compatibility(), Version::k3);
}

struct Listening {
  const char* name;
  Version segment;
  Version reporter;
  RecordType type;
  bool violates;
};

class SourceSpecific : public testing::TestWithParam<Listening> {};

TEST_P(SourceSpecific, GroupsTakeOnlySourcesOnAVersion3SegmentAndAnythingElsewhere) {
  const auto& given = GetParam();
  for (const Address address : {kSsm, Address::v6(0xFF3E000000000000, 0x80000001)}) {
    Lan lan(unjittered(given.segment), address.family());
    lan.up();
    if (given.reporter == Version::k3) {
      lan.report(5, given.type, address, hosts({7}, address.family()));
    } else {
      lan.join(5, address, given.reporter);
    }
    EXPECT_EQ(lan.counters().ssm_violations, given.violates ? 1U : 0U);
    EXPECT_EQ(lan.knows(address), !given.violates);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Membership, SourceSpecific,
    testing::Values(Listening{"v1", Version::k3, Version::k1, RecordType::kIsExclude, true},
                    Listening{"v2", Version::k3, Version::k2, RecordType::kIsExclude, true},
                    Listening{"is_ex", Version::k3, Version::k3, RecordType::kIsExclude, true},
                    Listening{"to_ex", Version::k3, Version::k3, RecordType::kToExclude, true},
                    Listening{"is_in", Version::k3, Version::k3, RecordType::kIsInclude, false},
                    Listening{"to_in", Version::k3, Version::k3, RecordType::kToInclude, false},
                    Listening{"allow", Version::k3, Version::k3, RecordType::kAllow, false},
                    Listening{"v2_on_v2", Version::k2, Version::k2, RecordType::kIsExclude, false},
                    Listening{"v1_on_v2", Version::k2, Version::k1, RecordType::kIsExclude, false},
                    Listening{"to_ex_on_v2", Version::k2, Version::k3, RecordType::kToExclude,
                              false},
                    Listening{"v1_on_v1", Version::k1, Version::k1, RecordType::kIsExclude, false}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(SourceSpecificGroup, IsNotChangedByAViolation) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsInclude, kSsm, hosts({7}));
  lan.report(6, RecordType::kToExclude, kSsm);
  lan.join(6, kSsm);
  EXPECT_EQ(lan.counters().ssm_violations, 2U);
  EXPECT_EQ(lan.find(kSsm)->mode, FilterMode::kInclude);
  EXPECT_EQ(lan.find(kSsm)->compatibility, Version::k3);
  EXPECT_EQ(lan.find(kSsm)->last_reporter, host(5));
}

TEST(SourceSpecificGroup, IsAskedAboutWhenASourceIsBlocked) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsInclude, kSsm, hosts({7}));
  lan.report(5, RecordType::kBlock, kSsm, hosts({7}));
  EXPECT_EQ(lan.sent_to(kSsm).size(), 1U);
  EXPECT_EQ(lan.counters().ssm_violations, 0U);
}

class LinkLocalGroup : public testing::TestWithParam<Address> {};

TEST_P(LinkLocalGroup, IsTrackedMarkedAndNeverAskedAbout) {
  const Address address = GetParam();
  Lan lan(unjittered(Version::k3), address.family());
  lan.up();
  lan.join(5, address);
  lan.report(6, RecordType::kAllow, address, hosts({7}, address.family()));
  ASSERT_TRUE(lan.knows(address));
  EXPECT_TRUE(lan.find(address)->link_local);
  lan.leave(5, address);
  lan.report(6, RecordType::kToInclude, address);
  lan.report(6, RecordType::kBlock, address, hosts({7}, address.family()));
  EXPECT_TRUE(lan.sent_to(address).empty());
  EXPECT_EQ(lan.find(address)->expires_in, 140s) << "unasked, so not lowered";
  lan.hear(1, Version::k3);
  lan.hear(1, specific(Version::k3, address));
  EXPECT_EQ(lan.find(address)->expires_in, 140s);
  lan.advance(140s);
  EXPECT_FALSE(lan.knows(address));
}

INSTANTIATE_TEST_SUITE_P(Membership, LinkLocalGroup,
                         testing::Values(Address::v4(224, 0, 0, 251), Address::v4(224, 0, 0, 22),
                                         Address::v6(0xFF02000000000000, 0xFB)));

TEST(OrdinaryGroup, IsNotMarkedLinkLocal) {
  Lan lan;
  lan.up();
  lan.join(5, Address::v4(224, 0, 1, 1));
  EXPECT_FALSE(lan.find(Address::v4(224, 0, 1, 1))->link_local);
}

class UntrackedGroup : public testing::TestWithParam<Address> {};

TEST_P(UntrackedGroup, IsCountedAndNothingElse) {
  const Address address = GetParam();
  Lan lan(unjittered(Version::k3), address.family());
  lan.up();
  lan.join(5, address);
  lan.report(5, {{.type = RecordType::kToExclude, .group = address},
                 {.type = RecordType::kToExclude, .group = group(1, address.family())}});
  lan.leave(5, address);
  EXPECT_EQ(lan.counters().untracked_records, 2U);
  EXPECT_EQ(lan.view().groups, 1U);
  const auto counters = lan.counters();
  EXPECT_EQ(by_version(counters.reports_received, Version::k2, Counters::kPlainReport), 1U);
  EXPECT_EQ(by_version(counters.reports_received, Version::k3, RecordType::kToExclude), 2U);
}

INSTANTIATE_TEST_SUITE_P(Membership, UntrackedGroup,
                         testing::Values(Address::v4(224, 0, 0, 1),
                                         Address::v6(0xFF02000000000000, 1),
                                         Address::v6(0xFF01000000000000, 0xFB),
                                         Address::v6(0xFF00000000000000, 7)));

}  // namespace
}  // namespace querent::core::test
