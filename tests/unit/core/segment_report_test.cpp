#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"

// What a segment says of what it decided: QueryHeard, GroupChanged, Refused.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ASegment : public BothFamilies {
 protected:
  ASegment() : lan_(unjittered(Version::k3), GetParam()) { lan_.up(); }

  static Addresses hosts(std::initializer_list<unsigned> numbers) {
    return test::hosts(numbers, GetParam());
  }
  // The records it reported since this was last called, with how they changed.
  std::vector<std::pair<HowChanged, MembershipRecord>> changes() {
    std::vector<std::pair<HowChanged, MembershipRecord>> changes;
    for (const auto& [at, what] : lan_.told<GroupChanged>())
      changes.emplace_back(what.change, what.record);
    lan_.forget();
    return changes;
  }
  MembershipRecord include(Addresses sources) const {
    return {group(1), FilterMode::kInclude, std::move(sources)};
  }
  MembershipRecord exclude(Addresses sources) const {
    return {group(1), FilterMode::kExclude, std::move(sources)};
  }
  void report(RecordType type, Addresses sources = {}) {
    lan_.report(5, type, group(1), std::move(sources));
  }

  Lan lan_;
};

INSTANTIATE_TEST_SUITE_P(Of, ASegment, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

TEST_P(ASegment, ReportsEveryValidQueryOfAnother) {
  const Query lower = general(Version::k3, GetParam());
  const Query about = specific(Version::k3, group(1), hosts({7}));
  lan_.hear(1, lower);
  lan_.hear(1, lower);
  lan_.hear(20, lower);
  lan_.hear(20, about);
  const auto heard = lan_.told<QueryHeard>();
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[0].what.source, host(1));
  EXPECT_EQ(heard[0].what.mac, mac(1));
  EXPECT_EQ(heard[0].what.query, lower);
  EXPECT_EQ(heard[2].what.source, host(20)) << "that loses against us";
  EXPECT_EQ(heard[3].what.query, about);
}

TEST_P(ASegment, ReportsNoQueryThatItDoesNotTake) {
  const Query query = general(Version::k3, GetParam());
  Packet routed = envelope(host(1), query);
  routed.hop_limit = 2;
  lan_.step(Received{.packet = routed, .mac = mac(1)});
  lan_.step(Received{.packet = envelope(host(kOurs), query), .mac = mac(kOurs)});
  lan_.step(Received{.packet = envelope(host(kOurs), query), .mac = mac(3)});
  lan_.step(Received{.packet = envelope(host(1), query), .mac = {}, .origin = Origin::kOwnHost});
  lan_.step(Received{.packet = envelope(Address::unspecified(GetParam()), query), .mac = mac(3)});
  lan_.step(LinkDown{});
  lan_.hear(1, query);
  EXPECT_THAT(lan_.told<QueryHeard>(), IsEmpty());
}

TEST_P(ASegment, ReportsAGroupThatComesAndGoes) {
  lan_.join(5, group(1));
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kAdded, exclude({}))));
  lan_.advance(200s);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kRemoved, include({}))));
  report(RecordType::kAllow, hosts({8, 7}));
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kAdded, include(hosts({7, 8})))));
}

TEST_P(ASegment, ReportsNothingOfARefresh) {
  report(RecordType::kIsExclude, hosts({7}));
  lan_.join(5, group(2));
  lan_.report(5, RecordType::kIsInclude, group(3), hosts({7, 8}));
  lan_.forget();
  for (int i = 0; i < 3; ++i) {
    lan_.advance(60s);
    report(RecordType::kIsExclude, hosts({7}));
    report(RecordType::kToExclude, hosts({7}));
    lan_.report(6, RecordType::kIsExclude, group(1), hosts({7, 8}));  // another member
    lan_.join(6, group(2));
    lan_.report(6, RecordType::kIsInclude, group(3), hosts({8}));
    lan_.report(6, RecordType::kAllow, group(3), hosts({7}));
    lan_.report(6, RecordType::kBlock, group(3), hosts({9}));
    lan_.report(6, RecordType::kToInclude, group(4));  // nobody is a member
  }
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(ASegment, ReportsWhichSourcesAreWanted) {
  report(RecordType::kIsInclude, hosts({7}));
  lan_.forget();
  lan_.advance(100s);
  report(RecordType::kAllow, hosts({8}));
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, include(hosts({7, 8})))));
  lan_.advance(100s);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, include(hosts({8})))));
  report(RecordType::kBlock, hosts({8}));
  EXPECT_THAT(changes(), IsEmpty()) << "it is queried first";
  lan_.advance(2s);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kRemoved, include({}))));
}

TEST_P(ASegment, ReportsWhichSourcesAreUnwanted) {
  report(RecordType::kIsInclude, hosts({7}));
  lan_.forget();
  report(RecordType::kToExclude, hosts({7, 8}));
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, exclude(hosts({8})))))
      << "7 is still wanted";
  lan_.advance(2s);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, exclude(hosts({7, 8})))))
      << "nobody answered for 7";
  lan_.report(6, RecordType::kAllow, group(1), hosts({8}));
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, exclude(hosts({7})))));
  report(RecordType::kIsExclude);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, exclude({}))));
}

TEST_P(ASegment, ReportsThatTheLastExcludingMemberIsGone) {
  lan_.join(5, group(1), Version::k3);
  lan_.advance(50s);
  lan_.report(6, RecordType::kAllow, group(1), hosts({7}));
  lan_.forget();
  lan_.advance(100s);
  EXPECT_THAT(changes(), ElementsAre(std::pair(HowChanged::kChanged, include(hosts({7})))));
}

TEST_P(ASegment, ReportsNothingOfALinkThatGoesAndComes) {
  lan_.join(5, group(1));
  lan_.forget();
  lan_.step(LinkDown{});
  lan_.up(link_of(GetParam()));
  EXPECT_THAT(changes(), IsEmpty()) << "the group is still known";
}

class ALimit : public BothFamilies {
 protected:
  static Lan lan(const Bounds& bounds) {
    Settings settings = unjittered(Version::k3);
    settings.bounds = bounds;
    Lan lan(settings, GetParam());
    lan.up();
    return lan;
  }
  static Addresses hosts(std::initializer_list<unsigned> numbers) {
    return test::hosts(numbers, GetParam());
  }
};

INSTANTIATE_TEST_SUITE_P(Of, ALimit, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

TEST_P(ALimit, OfGroupsReportsWhatItRefused) {
  Lan lan = this->lan({.groups = 1});
  lan.join(5, group(1));
  EXPECT_THAT(lan.told<Refused>(), IsEmpty());
  lan.join(6, group(2));
  const auto refused = lan.told<Refused>();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].what.what, Refused::What::kGroup);
  EXPECT_EQ(refused[0].what.group, group(2));
  EXPECT_EQ(refused[0].what.host, host(6));
  EXPECT_EQ(refused[0].what.mac, mac(6));
}

TEST_P(ALimit, OfSourcesReportsWhatItRefused) {
  Lan lan = this->lan({.sources_per_group = 2});
  for (const auto type : {RecordType::kIsInclude, RecordType::kToExclude, RecordType::kBlock}) {
    lan.report(5, type, group(1), hosts({1, 2}));
    lan.forget();
    lan.advance(1s);
    lan.report(6, type, group(1), hosts({1, 2, 3}));
    const auto refused = lan.told<Refused>();
    ASSERT_EQ(refused.size(), 1U) << static_cast<int>(type);
    EXPECT_EQ(refused[0].what.what, Refused::What::kSource);
    EXPECT_EQ(refused[0].what.group, group(1));
    EXPECT_EQ(refused[0].what.host, host(6));
  }
}

TEST_P(ALimit, OfHostsReportsWhatItRefused) {
  Lan lan = this->lan({.hosts_per_group = 1});
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.report(5, RecordType::kIsExclude, group(1));
  EXPECT_THAT(lan.told<Refused>(), IsEmpty());
  lan.report(6, RecordType::kIsExclude, group(1));
  const auto refused = lan.told<Refused>();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].what.what, Refused::What::kHost);
  EXPECT_EQ(refused[0].what.host, host(6));
}

TEST_P(ALimit, ReportsOneRefusalOfAKindASecond) {
  Lan lan = this->lan({.groups = 1, .hosts_per_group = 1});
  lan.report(5, RecordType::kIsExclude, group(1));
  for (int i = 0; i < 30; ++i) {
    lan.advance(100ms);
    lan.report(6, {{.group = group(2)}, {.group = group(3)}});
    lan.report(6, RecordType::kIsExclude, group(1));
  }
  const auto refused = lan.told<Refused>();
  EXPECT_EQ(refused.size(), 6U) << "groups and hosts, three seconds";
  EXPECT_EQ(lan.view().ledger.refused_groups, 60U);
  EXPECT_EQ(lan.view().ledger.refused_hosts, 30U);
}

}  // namespace
}  // namespace querent::core::test
