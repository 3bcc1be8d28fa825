#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// RFC 9776 6.6.3: specific queries, how often, how far apart, and with which S flag.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

// "1000: S 10.0.0.7" is a question about one source at 1 s with the S flag set.
std::vector<std::string> asked(const Lan& lan, Address group) {
  std::vector<std::string> lines;
  for (const auto& sent : lan.sent_to(group)) {
    std::string line = std::to_string(ms(sent.at)) + ":" + (sent.query.suppress ? " S" : "");
    for (const Address source : sent.query.sources)
      line += " " + source.to_string();
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

class Question : public testing::Test {
 protected:
  Question() : lan_(unjittered(Version::k3)) { lan_.up(); }

  Lines asked() const { return test::asked(lan_, group(1)); }

  Lan lan_;
};

TEST_F(Question, AboutAGroupIsPutRobustnessTimesAnIntervalApart) {
  Settings settings = unjittered(Version::k3);
  settings.robustness = 4;
  settings.last_member_interval = 500ms;
  Lan lan(settings);
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.report(5, RecordType::kToInclude, group(1));
  EXPECT_EQ(lan.find(group(1))->expires_in, 2s);
  lan.advance(10s);
  EXPECT_EQ(test::asked(lan, group(1)), (Lines{"0:", "500:", "1000:", "1500:"}));
  const Sent query = lan.sent_to(group(1)).at(0);
  EXPECT_EQ(query.query, (Query{.version = Version::k3,
                                .group = group(1),
                                .max_response = 500ms,
                                .robustness = 4,
                                .query_interval = 60s}));
  EXPECT_EQ(query.packet.source, host(kOurs));
  EXPECT_EQ(query.packet.hop_limit, 1);
  EXPECT_TRUE(query.packet.router_alert);
}

TEST_F(Question, ThatWasAnsweredGoesOnWithSSet) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kToInclude, group(1));
  lan_.advance(500ms);
  lan_.report(6, RecordType::kIsExclude, group(1));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "1000: S"}));
  EXPECT_TRUE(lan_.knows(group(1)));
}

TEST_F(Question, AboutSourcesThatWereAnsweredInPartIsSplitByTheSFlag) {
  lan_.report(5, RecordType::kIsInclude, group(1), hosts({7, 8}));
  lan_.report(5, RecordType::kBlock, group(1), hosts({7, 8}));
  lan_.advance(500ms);
  lan_.report(6, RecordType::kIsInclude, group(1), hosts({8}));
  lan_.advance(500ms);
  const auto lines = asked();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "0: 10.0.0.7 10.0.0.8");
  // In either order.
  EXPECT_NE(std::find(lines.begin(), lines.end(), "1000: 10.0.0.7"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "1000: S 10.0.0.8"), lines.end());
  lan_.advance(10s);
  EXPECT_EQ(asked().size(), 3U);
  EXPECT_EQ(lan_.find(group(1))->sources.size(), 1U);
}

TEST_F(Question, ToTheWholeGroupMakesTheOneAboutAnsweredSourcesNeedless) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1), hosts({7, 8}));
  lan_.report(5, RecordType::kToInclude, group(1));
  lan_.advance(500ms);
  lan_.report(6, RecordType::kIsInclude, group(1), hosts({8}));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "0: 10.0.0.7 10.0.0.8", "1000:", "1000: 10.0.0.7"}));
}

TEST_F(Question, IsSplitByWhatFitsIntoOneQuery) {
  LocalInterface link = link_of();
  link.max_query_sources = 2;
  lan_.up(link);
  lan_.report(5, RecordType::kIsInclude, group(1), hosts({1, 2, 3, 4, 5}));
  lan_.report(5, RecordType::kToInclude, group(1));
  EXPECT_EQ(asked(), (Lines{"0: 10.0.0.1 10.0.0.2", "0: 10.0.0.3 10.0.0.4", "0: 10.0.0.5"}));
}

TEST_F(Question, IsRaisedAlsoShortlyBeforeTheEndAndDoesNotPutItOff) {
  lan_.join(5, group(1));
  lan_.advance(139s);
  lan_.forget();
  lan_.leave(5, group(1));
  EXPECT_EQ(lan_.sent_to(group(1)).size(), 1U);
  EXPECT_EQ(lan_.find(group(1))->expires_in, 1s);
}

TEST_F(Question, ThatIsOpenIsNotRaisedAgain) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kIsInclude, group(2), hosts({7}));
  for (int i = 0; i < 100; ++i) {
    lan_.leave(5, group(1));
    lan_.report(5, RecordType::kBlock, group(2), hosts({7}));
  }
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "1000:"}));
  EXPECT_EQ(test::asked(lan_, group(2)), (Lines{"0: 10.0.0.7", "1000: 10.0.0.7"}));
}

TEST_F(Question, MayBeRaisedAgainAfterAnAnswer) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.leave(5, group(1));
  lan_.report(6, RecordType::kIsExclude, group(1));
  lan_.advance(1500ms);
  lan_.leave(6, group(1));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "1000: S", "1500:", "2500:"}));
  EXPECT_FALSE(lan_.knows(group(1)));
}

TEST_F(Question, ThatComesLateMakesTheNextOneNoLater) {
  Settings settings = unjittered(Version::k3);
  settings.robustness = 4;
  lan_.step(Reconfigured{settings});
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.leave(5, group(1));
  lan_.advance(3900ms, 7ms);
  EXPECT_EQ(asked(), (Lines{"0:", "1007:", "2007:", "3007:"}));
}

TEST_F(Question, AboutASourceThatWasBlockedMeanwhileIsNotPut) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1), hosts({7}));
  lan_.report(5, RecordType::kBlock, group(1), hosts({7}));
  EXPECT_EQ(asked(), (Lines{"0: 10.0.0.7"}));
  lan_.sleep(5s);
  EXPECT_EQ(lan_.find(group(1))->sources.at(0).expires_in, std::nullopt);
  EXPECT_EQ(asked().size(), 1U);
}

TEST_F(Question, OfAGroupThatHasEndedMeanwhileIsNotPut) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kIsInclude, group(2), hosts({7}));
  lan_.leave(5, group(1));
  lan_.report(5, RecordType::kToInclude, group(2));
  lan_.forget();
  lan_.sleep(5s);
  EXPECT_EQ(lan_.view().groups, 0U);
  EXPECT_TRUE(lan_.sent_to(group(1)).empty());
  EXPECT_TRUE(lan_.sent_to(group(2)).empty());
}

TEST_F(Question, IsFinishedAfterALostElectionAndNoneIsRaised) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kIsExclude, group(2));
  lan_.leave(5, group(1));
  lan_.hear(1, Version::k3);
  lan_.leave(5, group(2));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "1000:"}));
  EXPECT_TRUE(lan_.sent_to(group(2)).empty());
  EXPECT_EQ(lan_.sent().size(), 3U) << "and then it is silent";
  EXPECT_FALSE(lan_.knows(group(1)));
  EXPECT_EQ(lan_.find(group(2))->expires_in, 130s);
}

TEST_F(Question, IsNotRaisedByANonQuerierAndNothingIsLowered) {
  lan_.hear(1, Version::k3);
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kToInclude, group(1));
  EXPECT_TRUE(asked().empty());
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s);
}

TEST_F(Question, StormIsLimitedAndTheRestEndsByItsTimer) {
  for (unsigned number = 1; number <= 1100; ++number) {
    lan_.report(5, RecordType::kIsExclude, group(number));
  }
  for (unsigned number = 1; number <= 1100; ++number)
    lan_.leave(5, group(number));
  EXPECT_EQ(lan_.sent().size(), 1 + 512U);
  EXPECT_EQ(lan_.view().ledger.refused_questions, 588U);
  lan_.advance(2s);
  EXPECT_EQ(lan_.view().groups, 588U);
  lan_.leave(5, group(1030));  // 256 a second are allowed again
  EXPECT_EQ(lan_.sent_to(group(1030)).size(), 1U);
  lan_.advance(138s);
  EXPECT_EQ(lan_.view().groups, 0U);
}

// Version 2 as the version in force.

class Version2Question : public Question {
 protected:
  Version2Question() { lan_.step(Reconfigured{unjittered(Version::k2)}); }
};

TEST_F(Version2Question, SaysWhatVersion2CanSay) {
  lan_.join(5, group(1));
  lan_.leave(5, group(1));
  EXPECT_EQ(lan_.sent_to(group(1)).at(0).query, specific(Version::k2, group(1)));
}

TEST_F(Version2Question, StopsWithAReport) {
  lan_.join(5, group(1));
  lan_.leave(5, group(1));
  lan_.advance(500ms);
  lan_.join(6, group(1));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:"}));
  EXPECT_TRUE(lan_.knows(group(1)));
}

TEST_F(Version2Question, AboutSourcesGoesToTheWholeGroup) {
  lan_.report(5, RecordType::kIsInclude, group(1), hosts({7, 8}));
  lan_.report(5, RecordType::kBlock, group(1), hosts({7}));
  lan_.advance(1500ms);
  EXPECT_EQ(asked(), (Lines{"0:", "1000:"}));
  EXPECT_EQ(lan_.sent_to(group(1))[0].query.version, Version::k2);
  lan_.advance(500ms);
  EXPECT_EQ(lan_.find(group(1))->sources.size(), 1U);
}

TEST_F(Version2Question, AboutSourcesAndTheGroupIsOne) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.report(5, RecordType::kAllow, group(1), hosts({7}));
  lan_.report(5, RecordType::kToInclude, group(1));
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:", "1000:"}));
}

TEST_F(Question, IsNotPutOnAVersion1Segment) {
  lan_.step(Reconfigured{unjittered(Version::k1)});
  lan_.join(5, group(1));
  lan_.leave(5, group(1));
  lan_.report(5, RecordType::kIsInclude, group(2), hosts({7}));
  lan_.report(5, RecordType::kBlock, group(2), hosts({7}));
  lan_.advance(10s);
  EXPECT_TRUE(asked().empty());
  EXPECT_TRUE(lan_.sent_to(group(2)).empty());
  EXPECT_EQ(lan_.find(group(1))->expires_in, 140s - 10s) << "without asking nothing is lowered";
  EXPECT_EQ(lan_.find(group(2))->expires_in, 140s - 10s);
}

TEST_F(Question, OpenWhenTheVersionBecomes1IsDropped) {
  lan_.report(5, RecordType::kIsExclude, group(1));
  lan_.leave(5, group(1));
  lan_.step(Reconfigured{unjittered(Version::k1)});
  lan_.advance(10s);
  EXPECT_EQ(asked(), (Lines{"0:"}));
}

}  // namespace
}  // namespace querent::core::test
