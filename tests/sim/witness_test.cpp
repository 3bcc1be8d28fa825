// What the checkers compare with: it must itself be right about what can be known from outside.

#include "sim/witness.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "frames.hpp"
#include "sim/scenario.hpp"

namespace querent::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- HeardQuerier

Query general(Version version) {
  auto query = std::get<Query>(plain_query(kLowest, version).message);
  if (version == Version::k3) query.query_interval = seconds(30);
  return query;
}

bool is_about(Duration patience, Duration expected) {
  return std::chrono::abs(patience - expected) < milliseconds(1);
}

TEST(HeardQuerier, IsGiven255SecondsUntilItsRhythmIsKnown) {
  const core::Settings settings;
  HeardQuerier querier;
  Instant now = kStart;
  for (const auto gap : {0, 30, 30, 30, 30}) {
    EXPECT_FALSE(querier.most_patience(settings, kStart).has_value());
    now += seconds(gap);
    querier.hear(general(Version::k2), now);
    querier.hear(general(Version::k2), now + milliseconds(9));  // an echo
    const auto expected = now == kStart + seconds(120) ? seconds(2 * 40 + 5) : seconds(255);
    EXPECT_TRUE(is_about(querier.least_patience(settings), expected));
  }
  EXPECT_TRUE(is_about(*querier.most_patience(settings, kStart), seconds(85)));
  EXPECT_FALSE(querier.most_patience(settings, kStart + seconds(1)).has_value());
  querier.vanish();
  EXPECT_FALSE(querier.most_patience(settings, kStart).has_value());
}

TEST(HeardQuerier, StartupBurstIsNoRhythm) {
  const core::Settings settings;
  HeardQuerier querier;
  for (const auto at : {0, 5, 10, 70, 130})
    querier.hear(general(Version::k2), kStart + seconds(at));
  EXPECT_GT(querier.least_patience(settings), seconds(254));
}

TEST(HeardQuerier, AnnouncedIsBelieved) {
  core::Settings settings;
  HeardQuerier querier;
  querier.hear(general(Version::k3), kStart);
  EXPECT_TRUE(is_about(querier.least_patience(settings), seconds(65)));
  EXPECT_TRUE(is_about(*querier.most_patience(settings, kStart), seconds(65)));
  settings.timeout = hours(2);
  EXPECT_EQ(querier.least_patience(settings), hours(2));
}

// ---- Witness

class Witnessing : public testing::Test {
 protected:
  Witnessing() {
    core::Settings settings;
    settings.version = Version::k3;
    node_.emplace(QuerierNode::Identity{mac_of(1), kMiddle, Prefix(kMiddle, 24), settings},
                  Random(1),
                  [this](const QuerierNode& node, const core::Event& event,
                         const std::vector<core::Action>& actions, Instant now) {
                    witness_step({0, node, event, actions, now}, witness_);
                  });
    node_->plug_in(kStart, out_);
  }

  void hears(const FramePtr& frame, Duration after = seconds(1)) {
    const Instant until = now_ + after;
    while (node_->deadline() <= until) {
      now_ = node_->deadline();
      node_->wake(now_, out_);
    }
    now_ = until;
    node_->receive(frame, now_, out_);
  }
  void hears_record(RecordType type, std::vector<Address> sources) {
    hears(report(kHostAddress, Version::k3, {{type, kGroup, std::move(sources)}}));
  }
  const GroupWitness& group() { return witness_.groups[kGroup]; }

  static constexpr Duration kMembership = seconds(2 * 60 + 2 * 10);

  std::optional<QuerierNode> node_;
  Witness witness_;
  Instant now_ = kStart;
  Node::Out out_;
};

TEST_F(Witnessing, ReportHoldsAGroup) {
  hears_record(RecordType::kIsExclude, {});
  EXPECT_EQ(group().must_hold_until, now_ + kMembership);
  EXPECT_EQ(group().may_hold_until(), now_ + kMembership);
  EXPECT_EQ(group().may_go_at(), now_ + kMembership);
}

TEST_F(Witnessing, LeaveQuestionsItAndAnAnswerSavesIt) {
  hears_record(RecordType::kIsExclude, {});
  hears(leave(kHostAddress, kGroup));
  EXPECT_EQ(group().may_go_at(), now_ + seconds(2));
  EXPECT_EQ(group().may_hold_until(), now_ + seconds(2));
  EXPECT_EQ(group().questions, 1U);
  EXPECT_EQ(group().questions_due, 2U);
  hears(leave(kHostAddress, kGroup), milliseconds(500));
  EXPECT_EQ(group().questions_due, 2U);
  hears_record(RecordType::kIsExclude, {});
  EXPECT_EQ(group().may_go_at(), now_ + kMembership);
  EXPECT_TRUE(group().reassured);
}

TEST_F(Witnessing, UnansweredGroupIsGone) {
  hears_record(RecordType::kIsExclude, {});
  hears(leave(kHostAddress, kGroup));
  hears(general_query(kHighest, Version::k3), seconds(3));
  EXPECT_FALSE(witness_.groups.contains(kGroup));
}

TEST_F(Witnessing, BlockQuestionsSources) {
  hears_record(RecordType::kAllow, {kSource1, kSource2});
  const Instant allowed = now_;
  hears_record(RecordType::kBlock, {kSource1});
  EXPECT_EQ(group().may_hold_source_until.at(kSource1), now_ + seconds(2));
  EXPECT_EQ(group().may_hold_source_until.at(kSource2), allowed + kMembership);
  EXPECT_EQ(group().source_questions, 1U);
  EXPECT_EQ(group().source_questions_due, 4U);
}

TEST_F(Witnessing, QuestionOfAnotherQuerierLowersUnlessSuppressed) {
  hears_record(RecordType::kIsExclude, {});
  hears(general_query(kLowest, Version::k3));
  auto packet = *group_query(kLowest, Version::k3, kGroup)->message;
  std::get<Query>(packet.message).suppress = true;
  hears(make_frame(mac_of(50), packet));
  EXPECT_GT(group().may_go_at(), now_ + seconds(10));
  hears(group_query(kLowest, Version::k3, kGroup));
  EXPECT_EQ(group().may_go_at(), now_ + seconds(2));
  EXPECT_EQ(group().may_hold_until(), now_ + seconds(2));
}

TEST_F(Witnessing, CountsTheQueriesOfAReign) {
  EXPECT_EQ(witness_.reign_start, kStart);
  EXPECT_EQ(witness_.general_queries, 1U);
  hears(general_query(kHighest, Version::k3), seconds(11));
  EXPECT_EQ(witness_.general_queries, 3U);
  EXPECT_TRUE(witness_.queriers.contains(kHighest));
  hears(leave(kHostAddress, kGroup), seconds(200));
  EXPECT_GE(witness_.general_queries, 3U + 3U);
}

TEST_F(Witnessing, BelievesNoForgery) {
  auto packet = plain_query(kLowest, Version::k3);
  packet.hop_limit = 2;
  hears(make_frame(mac_of(50), packet));
  hears(general_query(Address::v4(0), Version::k3));
  EXPECT_TRUE(witness_.queriers.empty());
}

TEST_F(Witnessing, OlderHostsArePresentForAWhile) {
  hears(report(kHostAddress, Version::k2, {join(kGroup)}));
  const Duration present = seconds(2 * 60 + 10);
  EXPECT_EQ(group().compatibility(now_ + present - seconds(1)), Version::k2);
  EXPECT_EQ(group().compatibility(now_ + present), Version::k3);
  const Instant before = group().older_hosts_until[1];
  hears(leave(kHostAddress, kGroup));
  EXPECT_EQ(group().older_hosts_until[1], before) << "who leaves is not present";
}

TEST(Step, RecordsOfMldNeedAProperEnvelope) {
  const QuerierNode node({mac_of(1), Address::v6(0xFE80000000000000, 1), Prefix(Address{}, 64), {}},
                         Random(1), [](const auto&...) {});
  Packet packet{.source = Address::v6(0xFE80000000000000, 9),
                .message = Leave{Address::v6(0xFF15000000000000, 1)}};
  const auto records = [&node](const Packet& heard) {
    const core::Event event = core::Received{heard, {}};
    return Step{.id = 0, .node = node, .event = event, .actions = {}, .now = kStart}
        .records()
        .size();
  };
  EXPECT_EQ(records(packet), 1U);
  packet.hop_limit = 64;
  EXPECT_EQ(records(packet), 0U);
}

TEST(WantsGroup, ByRecordAndVersion) {
  const auto wants = [](Address group, RecordType type, std::vector<Address> sources,
                        Version segment = Version::k3) {
    return wants_group({type, group, std::move(sources)}, Version::k3, segment);
  };
  EXPECT_TRUE(wants(kGroup, RecordType::kIsExclude, {}));
  EXPECT_TRUE(wants(kGroup, RecordType::kAllow, {kSource1}));
  EXPECT_FALSE(wants(kGroup, RecordType::kBlock, {kSource1}));
  EXPECT_FALSE(wants(kGroup, RecordType::kToInclude, {}));
  EXPECT_FALSE(wants(Address::v4(224, 0, 0, 1), RecordType::kIsExclude, {}));
  constexpr Address kSsm = Address::v4(232, 1, 2, 3);
  EXPECT_FALSE(wants(kSsm, RecordType::kIsExclude, {}));
  EXPECT_TRUE(wants(kSsm, RecordType::kIsExclude, {}, Version::k2));
  EXPECT_TRUE(wants(kSsm, RecordType::kAllow, {kSource1}));
  constexpr Address kMldSsm = Address::v6(0xFF3E000000000000, 0x80000001);
  EXPECT_FALSE(wants(kMldSsm, RecordType::kIsExclude, {}));
  EXPECT_FALSE(wants(Address::v6(0xFF02000000000000, 1), RecordType::kIsExclude, {}));
  EXPECT_FALSE(wants(Address::v6(0xFF01000000000000, 0xFB), RecordType::kIsExclude, {}));
  EXPECT_TRUE(wants(Address::v6(0xFF02000000000000, 0xFB), RecordType::kIsExclude, {}));
}

}  // namespace
}  // namespace querent::sim
