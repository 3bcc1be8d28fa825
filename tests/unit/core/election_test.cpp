#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 3.1 to 3.3: who asks. Timeouts are in election_timeout_test.cpp.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

class Election : public BothFamilies {
 protected:
  Election() : lan_(unjittered(), GetParam()) { lan_.up(); }

  Lan lan_;
};

INSTANTIATE_TEST_SUITE_P(Of, Election, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

TEST_P(Election, StartsAsQuerierWithABurst) {
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  lan_.advance(130s);
  EXPECT_EQ(lan_.sent_at(), (Times{0, 5000, 10000, 70000, 130000}));
  EXPECT_EQ(lan_.counters().elections_won, 0U);
  EXPECT_EQ(lan_.counters().elections_lost, 0U);
}

TEST_P(Election, ALowerAddressIsElectedAndWeFallSilent) {
  lan_.advance(2s);
  lan_.forget();
  lan_.hear(9, Version::k2);
  EXPECT_EQ(lan_.role(), Role::kNonQuerier);
  EXPECT_EQ(lan_.elected(), host(9));
  EXPECT_EQ(lan_.counters().elections_lost, 1U);
  EXPECT_FALSE(lan_.view().next_query.has_value());
  lan_.advance(250s);
  EXPECT_TRUE(lan_.sent().empty()) << "the startup burst goes on after a loss";
  const auto elected = lan_.told<QuerierElected>();
  ASSERT_EQ(elected.size(), 1U);
  EXPECT_EQ(elected[0].what.address, host(9));
  EXPECT_EQ(elected[0].what.mac, mac(9));
  EXPECT_EQ(elected[0].what.version, Version::k2);
  const auto changes = lan_.told<RoleChanged>();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what.from, Role::kQuerier);
  EXPECT_EQ(changes[0].what.to, Role::kNonQuerier);
  EXPECT_EQ(changes[0].what.held, 2s);
}

TEST_P(Election, AHigherAddressIsACompetitorAndChangesNothing) {
  lan_.advance(1s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.elected(), std::nullopt);
  EXPECT_EQ(lan_.counters().competitor_queries,
            (std::vector<std::pair<Address, std::uint64_t>>{{host(11), 1}}));
  ASSERT_TRUE(lan_.view().last_competitor.has_value());
  EXPECT_EQ(lan_.view().last_competitor->address, host(11));
  EXPECT_EQ(lan_.view().last_competitor->mac, mac(11));
  EXPECT_EQ(lan_.view().last_competitor->heard, lan_.now());
  lan_.advance(70s);
  EXPECT_EQ(lan_.sent_at(), (Times{0, 5000, 10000, 70000}));
}

TEST_P(Election, TwoIsLowerThanTen) {
  lan_.hear(2, Version::k2);
  EXPECT_EQ(lan_.elected(), host(2));
}

TEST_P(Election, HoldsForEveryVersion) {
  for (const auto version : {Version::k1, Version::k2, Version::k3}) {
    if (version == Version::k1 && GetParam() == Family::kIPv6) continue;
    Lan lan(unjittered(), GetParam());
    lan.up();
    lan.hear(11, version);
    EXPECT_EQ(lan.role(), Role::kQuerier);
    lan.hear(9, version);
    EXPECT_EQ(lan.role(), Role::kNonQuerier);
    EXPECT_EQ(lan.view().elected->version, version);
  }
}

TEST_P(Election, AGroupQueryElectsNobody) {
  lan_.hear(1, specific(Version::k2, group(1)));
  lan_.hear(1, specific(Version::k3, group(1), {host(5)}));
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.counters().elections_lost, 0U);
}

TEST_P(Election, AStillLowerAddressReplacesTheElectedOneAndIsNoSecondLoss) {
  lan_.hear(9, Version::k2);
  lan_.hear(3, Version::k2);
  EXPECT_EQ(lan_.elected(), host(3));
  EXPECT_EQ(lan_.counters().elections_lost, 1U);
  EXPECT_EQ(lan_.told<QuerierElected>().size(), 2U);
  EXPECT_EQ(lan_.told<RoleChanged>().size(), 2U);  // up, lost
  EXPECT_TRUE(lan_.counters().competitor_queries.empty());
}

TEST_P(Election, OnlyTheElectedOneRefreshesItsTimer) {
  lan_.hear(3, Version::k2);
  const Instant first = lan_.now();
  lan_.advance(100s);
  lan_.hear(9, Version::k2);
  lan_.hear(200, Version::k2);
  EXPECT_EQ(lan_.view().takeover, first + 255s);
  EXPECT_EQ(lan_.counters().competitor_queries.size(), 2U);
  lan_.hear(3, Version::k2);
  EXPECT_EQ(lan_.view().takeover, first + 355s);
  EXPECT_EQ(lan_.view().elected->since, first);
  EXPECT_EQ(lan_.view().elected->last_heard, lan_.now());
}

TEST_P(Election, AfterTheTimeoutWeTakeOverWithABurstAtOnce) {
  lan_.hear(9, Version::k2);
  lan_.forget();
  lan_.advance(400s);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.sent_at(), (Times{255000, 260000, 265000, 325000, 385000}));
  EXPECT_EQ(lan_.counters().elections_won, 1U);
  EXPECT_EQ(lan_.elected(), std::nullopt);
  const auto vanished = lan_.told<QuerierVanished>();
  ASSERT_EQ(vanished.size(), 1U);
  EXPECT_EQ(vanished[0].at, 255s);
  EXPECT_EQ(vanished[0].what.address, host(9));
  EXPECT_EQ(vanished[0].what.silent_for, 255s);
  const auto changes = lan_.told<RoleChanged>();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what.to, Role::kQuerier);
  EXPECT_EQ(changes[0].what.held, 255s);
}

TEST_P(Election, IsLostAndWonAsOftenAsItHappens) {
  for (std::uint64_t round = 1; round <= 3; ++round) {
    lan_.hear(9, Version::k3);
    EXPECT_EQ(lan_.counters().elections_lost, round);
    lan_.advance(2h);
    EXPECT_EQ(lan_.counters().elections_won, round);
    EXPECT_EQ(lan_.role(), Role::kQuerier);
  }
}

TEST_P(Election, ASuccessorHeardWhileTheElectedOneWasSilentIsAdoptedWithoutAQuery) {
  lan_.hear(3, Version::k2);
  lan_.forget();
  lan_.advance(200s);
  lan_.hear(9, Version::k2);
  lan_.advance(60s);
  EXPECT_EQ(lan_.elected(), host(9));
  EXPECT_EQ(lan_.role(), Role::kNonQuerier);
  EXPECT_TRUE(lan_.sent().empty());
  EXPECT_EQ(lan_.counters().elections_won, 0U);
  EXPECT_EQ(lan_.counters().elections_lost, 1U);
  EXPECT_TRUE(lan_.told<QuerierVanished>().empty());
  const auto elected = lan_.told<QuerierElected>();
  ASSERT_EQ(elected.size(), 1U);
  EXPECT_EQ(elected[0].at, 255s);
  EXPECT_EQ(elected[0].what.mac, mac(9));
  lan_.advance(195s);  // 255 s behind its query
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.sent_at(), (Times{455000}));
}

TEST_P(Election, TheSuccessorIsTheLowestOfThoseHeard) {
  lan_.hear(3, Version::k2);
  lan_.advance(100s);
  for (const unsigned candidate : {8U, 5U, 7U, 11U})
    lan_.hear(candidate, Version::k2);
  lan_.advance(155s);
  EXPECT_EQ(lan_.elected(), host(5));
}

TEST_P(Election, ASuccessorsTimeRunsFromItsLatestQuery) {
  lan_.hear(3, Version::k2);
  lan_.hear_repeatedly(9, general(Version::k2, GetParam()), 50s, 5);  // at 50, ..., 250 s
  lan_.advance(5s);
  EXPECT_EQ(lan_.elected(), host(9));
  // Its rhythm has been learned meanwhile: 2 * 4/3 * 50 s + 5 s.
  EXPECT_EQ(lan_.view().takeover, lan_.now() - 5s + lan_.timeout());
  EXPECT_EQ(ms(lan_.timeout()), 138333);
}

TEST_P(Election, ASuccessorThatFellSilentItselfMakesWayForAHigherOne) {
  lan_.hear(3, Version::k3);
  lan_.advance(1s);
  Query brief = general(Version::k3, GetParam());
  brief.query_interval = 10s;  // 25 s
  lan_.hear(5, brief);
  lan_.advance(30s);
  lan_.hear(8, Version::k3);
  lan_.advance(94s);
  EXPECT_EQ(lan_.elected(), host(8));
}

TEST_P(Election, WhoWasHeardBeforeTheElectedOneSpokeAgainIsNoSuccessor) {
  lan_.hear(3, Version::k3);  // waited for 125 s
  lan_.hear(9, Version::k2);  // 255 s
  lan_.advance(10s);
  lan_.hear(3, Version::k3);
  lan_.advance(125s);
  EXPECT_EQ(lan_.elected(), std::nullopt);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
}

TEST_P(Election, ASuccessorWhoseOwnTimeIsOverIsNotAdopted) {
  lan_.hear(3, Version::k2);
  lan_.advance(1s);
  Query brief = general(Version::k3, GetParam());
  brief.query_interval = 10s;
  lan_.hear(9, brief);
  lan_.advance(254s);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
  EXPECT_EQ(lan_.told<QuerierElected>().size(), 1U);
  EXPECT_EQ(lan_.told<QuerierVanished>().size(), 1U);
}

TEST_P(Election, AQuerierAboveUsIsNoSuccessor) {
  lan_.hear(3, Version::k2);
  lan_.advance(200s);
  lan_.hear(11, Version::k2);
  lan_.advance(55s);
  EXPECT_EQ(lan_.role(), Role::kQuerier);
}

TEST_P(Election, SixteenCompetitorsAreCountedByAddressAndTheOthersTogether) {
  for (int round = 0; round < 2; ++round) {
    for (unsigned number = 11; number < 31; ++number)
      lan_.hear(number, Version::k2);
  }
  const auto counters = lan_.counters();
  ASSERT_EQ(counters.competitor_queries.size(), 16U);
  for (unsigned i = 0; i < 16; ++i) {
    EXPECT_EQ(counters.competitor_queries[i].first, host(11 + i));
    EXPECT_EQ(counters.competitor_queries[i].second, 2U);
  }
  EXPECT_EQ(counters.competitors_other, 8U);
}

TEST(MldElection, ComparesTheLow64BitsAlone) {
  Lan lan(unjittered(), Family::kIPv6);
  lan.up();
  lan.step(Received{
      .packet = envelope(Address::v6(0xFEBFFFFFFFFFFFFF, 9), general(Version::k2, Family::kIPv6)),
      .mac = mac(9)});
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
}

TEST(MldElection, IsNotLostToAnEqual) {
  Lan lan(unjittered(), Family::kIPv6);
  lan.up();
  lan.step(Received{.packet = envelope(Address::v6(0xFEBFFFFFFFFFFFFF, kOurs),
                                       general(Version::k2, Family::kIPv6)),
                    .mac = mac(9)});
  EXPECT_EQ(lan.role(), Role::kQuerier);
}

}  // namespace
}  // namespace querent::core::test
