#include <chrono>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// RFC 9776 6.3, 6.5 and 7.3.2: what ends when, and what older hosts change.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

class Member : public BothFamilies {
 protected:
  Member() : lan_(unjittered(), GetParam()) { lan_.up(); }

  Lan lan_;
};

INSTANTIATE_TEST_SUITE_P(Of, Member, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

TEST_P(Member, OfAGroupIsKnownFromItsReportForTheMembershipInterval) {
  lan_.join(5, group(1));
  ASSERT_TRUE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.changed(HowChanged::kAdded).at(0).what, group(1));
  lan_.advance(140s - 1ns);
  EXPECT_TRUE(lan_.knows(group(1)));
  lan_.advance(1ns);
  EXPECT_FALSE(lan_.knows(group(1)));
  const auto removed = lan_.changed(HowChanged::kRemoved);
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].what, group(1));
  EXPECT_EQ(removed[0].at, 140s);
}

TEST_P(Member, StaysWithEachReport) {
  for (int i = 0; i < 10; ++i) {
    lan_.join(5, group(1));
    lan_.advance(139s);
  }
  EXPECT_TRUE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.changed(HowChanged::kAdded).size(), 1U);
  EXPECT_EQ(lan_.changed(HowChanged::kRemoved).size(), 0U);
}

TEST_P(Member, ThatLeavesIsAskedForAndGoneAfterLastMemberQueryTime) {
  lan_.join(5, group(1));
  lan_.leave(5, group(1));
  EXPECT_EQ(lan_.sent_to(group(1)).size(), 1U);
  lan_.advance(2s - 1ns);
  EXPECT_TRUE(lan_.knows(group(1)));
  lan_.advance(1ns);
  EXPECT_FALSE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.sent_to(group(1)).size(), 2U);
}

TEST_P(Member, ThatAnswersTheLeaveOfAnotherStays) {
  lan_.join(5, group(1));
  lan_.leave(6, group(1));
  lan_.advance(500ms);
  lan_.join(5, group(1));
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
  lan_.advance(139s);
  EXPECT_TRUE(lan_.knows(group(1)));
}

TEST_P(Member, ThatLeavesWhatNobodyHasAsksNothing) {
  lan_.forget();
  lan_.leave(5, group(1));
  lan_.report(5, RecordType::kToInclude, group(1));
  lan_.report(5, RecordType::kBlock, group(1), {host(7)});
  lan_.report(5, RecordType::kIsInclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1));
  EXPECT_TRUE(lan_.sent().empty());
  EXPECT_EQ(lan_.view().groups, 0U);
  EXPECT_TRUE(lan_.changed(HowChanged::kAdded).empty());
  EXPECT_EQ(lan_.counters().leaves_received, 1U);
}

TEST_P(Member, OfAnAdoptedIntervalIsKeptByIt) {
  Query slow = general(Version::k3, GetParam());
  slow.query_interval = 300s;
  slow.robustness = 3;
  lan_.hear(1, slow);
  lan_.join(5, group(1));
  EXPECT_EQ(lan_.find(group(1))->expires_in, 920s);
}

class GroupTimer : public testing::Test {
 protected:
  GroupTimer() : lan_(unjittered(Version::k3)) { lan_.up(); }

  // By source, how long it is still wanted; none: blocked.
  std::optional<Duration> source_timer(unsigned number) const {
    const auto view = lan_.find(group(1));
    for (const auto& source : view->sources) {
      if (source.address == host(number)) return source.expires_in;
    }
    ADD_FAILURE() << "no source " << number;
    return std::nullopt;
  }

  Lan lan_;
};

TEST_F(GroupTimer, InIncludeASourceThatRunsOutIsGoneAndWithTheLastTheGroup) {
  lan_.report(5, RecordType::kIsInclude, group(1), hosts({7}));
  lan_.advance(50s);
  lan_.report(5, RecordType::kAllow, group(1), hosts({8}));
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
  lan_.advance(90s);
  EXPECT_EQ(lan_.find(group(1))->sources.size(), 1U);
  EXPECT_EQ(source_timer(8), 50s);
  lan_.advance(50s);
  EXPECT_FALSE(lan_.knows(group(1)));
}

TEST_F(GroupTimer, InExcludeASourceThatRunsOutIsBlocked) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(6, RecordType::kAllow, group(1), hosts({7}));
  lan_.advance(100s);
  lan_.report(5, RecordType::kIsExclude, group(1), hosts({7}));
  EXPECT_EQ(source_timer(7), 40s);
  lan_.advance(40s);
  EXPECT_EQ(source_timer(7), std::nullopt);
  EXPECT_EQ(lan_.find(group(1))->mode, FilterMode::kExclude);
}

TEST_F(GroupTimer, ThatRunsOutTurnsExcludeIntoIncludeOfWhatIsStillWanted) {
  lan_.report(5, RecordType::kIsExclude, group(1), hosts({8}));
  lan_.advance(50s);
  lan_.report(6, RecordType::kAllow, group(1), hosts({7}));
  lan_.advance(90s);
  const auto view = lan_.find(group(1));
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->mode, FilterMode::kInclude);
  ASSERT_EQ(view->sources.size(), 1U);
  EXPECT_EQ(source_timer(7), 50s);
  EXPECT_EQ(view->expires_in, 50s);
  lan_.advance(50s);
  EXPECT_FALSE(lan_.knows(group(1)));
}

TEST_F(GroupTimer, ThatRunsOutWithNothingButBlockedSourcesEndsTheGroup) {
  lan_.report(5, RecordType::kIsExclude, group(1), hosts({7, 8}));
  EXPECT_EQ(lan_.view().ledger.sources, 2U);
  lan_.advance(140s);
  EXPECT_FALSE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.view().ledger.sources, 0U);
}

TEST_F(GroupTimer, ABlockedSourceWantedAgainIsNoLongerBlocked) {
  lan_.report(5, RecordType::kIsExclude, group(1), hosts({7}));
  EXPECT_EQ(source_timer(7), std::nullopt);
  lan_.report(6, RecordType::kAllow, group(1), hosts({7}));
  EXPECT_EQ(source_timer(7), 140s);
}

TEST_F(GroupTimer, IsLoweredByAnothersQueryWithSClear) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1), hosts({7, 8}));
  lan_.hear(1, Version::k3);
  lan_.hear(1, specific(Version::k3, group(1), hosts({7})));
  EXPECT_EQ(source_timer(7), 2s);
  EXPECT_EQ(source_timer(8), 140s);
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
  lan_.hear(1, specific(Version::k3, group(1)));
  EXPECT_EQ(source_timer(8), 140s);
  EXPECT_EQ(lan_.find(group(1))->expires_in, 2s);
  lan_.advance(2s);
  EXPECT_EQ(lan_.find(group(1))->mode, FilterMode::kInclude);
  EXPECT_EQ(source_timer(8), 138s);
}

TEST_F(GroupTimer, IsLoweredToTheQueriersOwnLastMemberQueryTime) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  auto announced = general(Version::k3);
  announced.robustness = 5;
  lan_.hear(1, announced);
  auto query = specific(Version::k3, group(1));
  query.max_response = 300ms;
  lan_.hear(1, query);
  EXPECT_EQ(lan_.find(group(1))->expires_in, 1500ms);
}

TEST_F(GroupTimer, IsNotLoweredByAQueryWithSSet) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.hear(1, Version::k3);
  auto query = specific(Version::k3, group(1));
  query.suppress = true;
  lan_.hear(1, query);
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
}

TEST_F(GroupTimer, IsNeverProlongedByAQuery) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.hear(1, Version::k3);
  lan_.hear(1, specific(Version::k3, group(1)));
  lan_.advance(1s);
  lan_.hear(1, specific(Version::k3, group(1)));
  EXPECT_EQ(lan_.find(group(1))->expires_in, 1s);
}

TEST_F(GroupTimer, IsNotLoweredOnAQuerierOrOfAnUnknownGroup) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.hear(11, specific(Version::k3, group(1)));
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
  lan_.hear(1, Version::k3);
  lan_.hear(1, specific(Version::k3, group(2)));
  EXPECT_FALSE(lan_.knows(group(2)));
}

TEST_F(GroupTimer, OfAQueryThatLeavesNoTimeToAnswerEndsAtOnce) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.hear(1, Version::k3);
  auto query = specific(Version::k3, group(1));
  query.max_response = 0s;
  lan_.hear(1, query);
  EXPECT_FALSE(lan_.knows(group(1)));
}

}  // namespace
}  // namespace querent::core::test
