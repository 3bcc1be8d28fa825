// A checker that never complains is worth nothing: each is shown something wrong, made by hand, and
// the same thing right.

#include "sim/checkers.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frames.hpp"
#include "sim/dialect.hpp"
#include "sim/scenario.hpp"

namespace querent::sim {
namespace {

using core::Role;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::Not;

using Change = core::GroupChanged::Change;
using Names = std::vector<std::string_view>;

Names names(const Violations& violations) {
  Names names;
  for (const auto& violation : violations)
    names.push_back(violation.checker);
  return names;
}

core::SendQuery sending(const Packet& packet) {
  return {packet.source, packet.destination, *as_query(packet.message)};
}

core::SendQuery sent(const FramePtr& frame) {
  return sending(*frame->message);
}

core::SendQuery sent_with_s(const FramePtr& frame) {
  auto send = sent(frame);
  send.query.suppress = true;
  return send;
}

core::GroupChanged changed(core::GroupChanged::Change how, core::MembershipRecord record) {
  return {how, std::move(record)};
}

core::Received heard(const FramePtr& frame) {
  return {*frame->message, frame->from};
}

class Checkers : public testing::Test {
 protected:
  Checkers() { settings_.version = Version::k3; }

  QuerierNode& node() {
    if (!node_) {
      node_.emplace(QuerierNode::Identity{mac_of(1), kMiddle, Prefix(kMiddle, 24), settings_},
                    Random(1), [](const auto&...) {});
    }
    return *node_;
  }
  void plug_in() { node().plug_in(kStart, out_); }
  void receive(const FramePtr& frame) { node().receive(frame, now_, out_); }

  Step step() {
    return {.id = 0, .node = node(), .event = event_, .actions = actions_, .now = now_};
  }

  Names past() {
    Violations violations;
    check_step_against_past(step(), witness_, violations);
    return names(violations);
  }
  Names after() {
    Violations violations;
    check_step(step(), witness_, violations);
    return names(violations);
  }
  Names table() {
    Violations violations;
    check_table(node(), witness_, now_, violations);
    return names(violations);
  }
  GroupWitness& group() { return witness_.groups[kGroup]; }
  HeardQuerier& querier(Address address, Instant last_heard, Version version = Version::k2) {
    auto query = std::get<Query>(plain_query(address, version).message);
    if (version == Version::k3) query.query_interval = seconds(60);
    witness_.queriers[address].hear(query, last_heard);
    return witness_.queriers[address];
  }
  void reign() { witness_.view.role = Role::kQuerier; }

  core::Settings settings_;
  Instant now_ = kStart + minutes(10);
  core::Event event_ = core::Tick{};
  std::vector<core::Action> actions_;
  Witness witness_;
  Node::Out out_;

 private:
  std::optional<QuerierNode> node_;
};

TEST_F(Checkers, TimeAdvances) {
  EXPECT_THAT(past(), Not(Contains("time_advances")));
  plug_in();  // and never woken since
  EXPECT_THAT(past(), Contains("time_advances"));
}

TEST_F(Checkers, MembersAreNotForgottenEarly) {
  actions_ = {changed(Change::kRemoved, {.group = kGroup})};
  group().must_hold_until = now_;
  EXPECT_THAT(past(), Not(Contains("members_kept")));
  group().must_hold_until = now_ + seconds(1);
  EXPECT_THAT(past(), Contains("members_kept"));
  group().questioned_until = now_;
  EXPECT_THAT(past(), Not(Contains("members_kept")));
  reign();
  group().times_asked = 1;
  EXPECT_THAT(past(), Contains("members_kept"));
  group().times_asked = 2;
  EXPECT_THAT(past(), Not(Contains("members_kept")));
}

TEST_F(Checkers, ChangesOfGroupsAreToldAsTheyAre) {
  const core::MembershipRecord any{kGroup, core::FilterMode::kExclude, {}};
  const core::MembershipRecord but_one{kGroup, core::FilterMode::kExclude, {kSource1}};
  actions_ = {changed(Change::kAdded, any), changed(Change::kChanged, but_one),
              changed(Change::kRemoved, {.group = kGroup}), changed(Change::kAdded, but_one)};
  EXPECT_THAT(past(), Not(Contains("changes_told")));
  for (const auto& wrong : {changed(Change::kChanged, any), changed(Change::kRemoved, any),
                            changed(Change::kRemoved, {.group = kGroup})}) {
    actions_ = {wrong};
    EXPECT_THAT(past(), Contains("changes_told"));
  }
  witness_.records = {{kGroup, any}};
  for (const auto& wrong : {changed(Change::kAdded, any), changed(Change::kChanged, any),
                            changed(Change::kChanged, {.group = kGroup})}) {
    actions_ = {wrong};
    EXPECT_THAT(past(), Contains("changes_told"));
  }
}

TEST_F(Checkers, AllThatTheTableHoldsIsTold) {
  plug_in();
  receive(report(kHostAddress, Version::k3, {join(kGroup)}));
  EXPECT_THAT(table(), Contains("changes_told"));
  witness_.records = {{kGroup, {kGroup, core::FilterMode::kExclude, {}}}};
  EXPECT_THAT(table(), Not(Contains("changes_told")));
  witness_.records.at(kGroup).sources = {kSource1};
  EXPECT_THAT(table(), Contains("changes_told"));
}

TEST_F(Checkers, QueriesThatAreBelievedAreTold) {
  plug_in();
  const auto frame = general_query(kLowest, Version::k3);
  event_ = heard(frame);
  EXPECT_THAT(after(), Contains("queries_told"));
  const core::QueryHeard told{kLowest, frame->from, *frame->get<Query>()};
  actions_ = {told};
  EXPECT_THAT(after(), Not(Contains("queries_told")));
  actions_ = {told, told};
  EXPECT_THAT(after(), Contains("queries_told"));
  actions_ = {told, core::QueryRejected{}};
  EXPECT_THAT(after(), Contains("queries_told"));
}

// Not through the node: what core would never say must be complained about.
TEST_F(Checkers, QueriesGoToWhomTheyAreMeantForInAProperEnvelope) {
  constexpr Address kMld = Address::v6(0xFE80000000000001, 2);
  for (const Address from : {kMiddle, kMld}) {
    const auto good = sending(plain_query(from, Version::k3));
    actions_ = {good};
    EXPECT_THAT(after(), Not(Contains("envelope")));
    auto bad = good;
    bad.destination = dialect_of(from).all_routers;
    actions_ = {bad};
    EXPECT_THAT(after(), Contains("envelope"));
  }
  actions_ = {sending(plain_query(Address::v6(0x20010DB800000000, 2), Version::k3))};
  EXPECT_THAT(after(), Contains("envelope"));
  auto oldest = sending(plain_query(kMld, Version::k2));
  oldest.query.version = Version::k1;
  actions_ = {oldest};
  EXPECT_THAT(after(), Contains("envelope"));
}

TEST_F(Checkers, QueriesAreUnderstoodAsTheyAreMeant) {
  constexpr Address kMld = Address::v6(0xFE80000000000000, 2);
  for (const Address from : {kMiddle, kMld}) {
    for (const auto version : {Version::k2, Version::k3}) {
      for (const int response : {1, 10, 25, 33, 40, 84, 3000}) {
        auto said = sending(plain_query(from, version));
        auto& query = said.query;
        query.max_response = seconds(response);
        if (version == Version::k3) query.query_interval = seconds(response + 1);
        actions_ = {said};
        EXPECT_THAT(after(), Not(Contains("spelling"))) << from.to_string() << ' ' << response;
      }
    }
  }
  // What the octets cannot say is not what was meant.
  auto said = sending(plain_query(kMld, Version::k2));
  said.query.suppress = true;
  actions_ = {said};
  EXPECT_THAT(after(), Contains("spelling"));
  said = sending(plain_query(kMld, Version::k3));
  said.query.query_interval = std::chrono::milliseconds(500);
  actions_ = {said};
  EXPECT_THAT(after(), Not(Contains("spelling")));
  said.query.query_interval = std::chrono::hours(24);
  actions_ = {said};
  EXPECT_THAT(after(), Contains("spelling"));
}

TEST_F(Checkers, OlderHostsBindTheGroup) {
  plug_in();
  now_ = kStart + seconds(1);
  receive(report(kHostAddress, Version::k2, {join(kGroup)}));
  group();
  EXPECT_THAT(table(), Contains("compatibility"));
  group().older_hosts_until[1] = now_ + seconds(1);
  EXPECT_THAT(table(), Not(Contains("compatibility")));
  group().older_hosts_until[0] = now_ + seconds(1);
  EXPECT_THAT(table(), Contains("compatibility"));
}

TEST_F(Checkers, GeneralQueriesAreNotLate) {
  reign();
  witness_.reign_start = now_ - seconds(10 + 60);
  witness_.general_queries = 3;
  EXPECT_THAT(past(), Not(Contains("query_duty")));
  now_ += seconds(1);
  EXPECT_THAT(past(), Contains("query_duty"));
  witness_.general_queries = 4;
  EXPECT_THAT(past(), Not(Contains("query_duty")));
}

TEST_F(Checkers, StartupBurstIsOwed) {
  reign();
  witness_.reign_start = now_ - seconds(6);
  witness_.general_queries = 1;
  EXPECT_THAT(past(), Contains("query_duty"));
  witness_.general_queries = 2;
  EXPECT_THAT(past(), Not(Contains("query_duty")));
}

TEST_F(Checkers, GeneralQueriesAreNotTooMany) {
  witness_.reign_start = now_ - seconds(44);
  witness_.general_queries = 3;
  EXPECT_THAT(after(), Not(Contains("query_budget")));
  witness_.general_queries = 4;
  EXPECT_THAT(after(), Contains("query_budget"));
}

TEST_F(Checkers, QuestionsNeedACause) {
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  group().questions = 2;
  group().questions_due = 2;
  EXPECT_THAT(after(), Not(Contains("query_budget")));
  group().questions = 3;
  EXPECT_THAT(after(), Contains("query_budget"));
}

TEST_F(Checkers, OthersAreSilent) {
  witness_.view.role = Role::kNonQuerier;
  actions_ = {sent(general_query(kMiddle, Version::k3))};
  EXPECT_THAT(past(), Contains("silence"));
  reign();
  EXPECT_THAT(past(), Not(Contains("silence")));
}

TEST_F(Checkers, OthersFinishTheirQuestionsButRaiseNone) {
  witness_.view.role = Role::kNonQuerier;
  event_ = heard(leave(kHostAddress, kGroup));
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  group().last_asked = now_ - seconds(2);
  EXPECT_THAT(past(), Contains("silence"));
  group().last_asked = now_ - seconds(1);
  EXPECT_THAT(past(), Not(Contains("silence")));
}

TEST_F(Checkers, PassiveIsSilentWhateverItBelieves) {
  settings_.passive = true;
  reign();
  actions_ = {sent(general_query(kMiddle, Version::k3))};
  EXPECT_THAT(past(), Contains("silence"));
}

TEST_F(Checkers, QuestionsAreAboutKnownGroups) {
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Contains("question_target"));
  group();
  EXPECT_THAT(past(), Not(Contains("question_target")));
  constexpr Address kMdns = Address::v4(224, 0, 0, 251);
  witness_.groups[kMdns];
  actions_ = {sent(group_query(kMiddle, Version::k3, kMdns))};
  EXPECT_THAT(past(), Contains("question_target"));
}

TEST_F(Checkers, LeavesAreAnswered) {
  plug_in();
  reign();
  now_ = kStart + seconds(3);
  group().must_exclude_until = now_ + minutes(1);
  event_ = heard(leave(kHostAddress, kGroup));
  EXPECT_THAT(past(), Contains("leave_answered"));
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Not(Contains("leave_answered")));
  actions_.clear();
  group().questioned_until = now_ + seconds(1);
  EXPECT_THAT(past(), Not(Contains("leave_answered")));
}

TEST_F(Checkers, FirstQuestionIsWithoutS) {
  event_ = heard(leave(kHostAddress, kGroup));
  group();
  actions_ = {sent_with_s(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Contains("suppress_flag"));
  actions_ = {sent_with_s(group_query(kMiddle, Version::k3, kGroup, {kSource1}))};
  EXPECT_THAT(past(), Contains("suppress_flag"));
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Not(Contains("suppress_flag")));
}

TEST_F(Checkers, AnsweredQuestionIsRepeatedWithS) {
  group().last_asked = now_ - seconds(1);
  group().reassured = true;
  actions_ = {sent(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Contains("suppress_flag"));
  actions_ = {sent_with_s(group_query(kMiddle, Version::k3, kGroup))};
  EXPECT_THAT(past(), Not(Contains("suppress_flag")));
}

TEST_F(Checkers, NobodyTakesOverTooEarly) {
  actions_ = {core::QuerierVanished{.address = kLowest, .silent_for = seconds(254)}};
  querier(kLowest, now_ - seconds(254));
  EXPECT_THAT(past(), Contains("patience"));
  now_ += seconds(1);
  EXPECT_THAT(past(), Not(Contains("patience")));
}

TEST_F(Checkers, NobodyPassesOverASuccessor) {
  actions_ = {core::QuerierVanished{.address = Address::v4(192, 0, 2, 0), .silent_for = {}}};
  querier(Address::v4(192, 0, 2, 0), now_ - minutes(5));
  EXPECT_THAT(past(), Not(Contains("succession")));
  querier(kHighest, now_ - minutes(1));
  EXPECT_THAT(past(), Not(Contains("succession")));
  querier(kLowest, now_ - minutes(1));
  EXPECT_THAT(past(), Contains("succession"));
}

TEST_F(Checkers, SleepIsNoticedAndNotDreamt) {
  reign();
  witness_.last_step = now_ - seconds(121);
  EXPECT_THAT(past(), Contains("sleep_noticed"));
  actions_ = {core::Slept{}};
  EXPECT_THAT(past(), Not(Contains("sleep_noticed")));
  witness_.last_step = now_ - seconds(60);
  EXPECT_THAT(past(), Contains("sleep_noticed"));
  actions_.clear();
  EXPECT_THAT(past(), Not(Contains("sleep_noticed")));
}

TEST_F(Checkers, ValuesOfTheElectedAreAdopted) {
  querier(kLowest, now_, Version::k3);
  witness_.view.elected = core::ElectedQuerier{.address = kLowest, .version = Version::k3};
  witness_.view.values.query_response = seconds(10);
  witness_.view.values.query_interval = seconds(60);
  EXPECT_THAT(after(), Not(Contains("values_adopted")));
  witness_.view.values.query_interval = seconds(59);
  EXPECT_THAT(after(), Contains("values_adopted"));
  witness_.view.values.query_interval = seconds(60);
  witness_.view.values.robustness = 3;
  EXPECT_THAT(after(), Contains("values_adopted"));
}

TEST_F(Checkers, NobodyWaitsTooLong) {
  querier(kLowest, now_, Version::k3);
  witness_.view.elected = core::ElectedQuerier{.address = kLowest, .version = Version::k3};
  witness_.view.takeover = now_ + seconds(125);
  EXPECT_THAT(after(), Not(Contains("patience")));
  witness_.view.takeover = now_ + seconds(126);
  EXPECT_THAT(after(), Contains("patience"));
}

TEST_F(Checkers, TableHoldsWhatWasReported) {
  plug_in();
  now_ = kStart + seconds(1);
  group().must_hold_until = now_ + seconds(1);
  EXPECT_THAT(table(), Contains("members_kept"));
  receive(report(kHostAddress, Version::k2, {join(kGroup)}));
  EXPECT_THAT(table(), Not(Contains("members_kept")));
}

TEST_F(Checkers, TableHoldsNothingElse) {
  plug_in();
  now_ = kStart + seconds(1);
  const Record some{.type = RecordType::kAllow, .group = kGroup, .sources = {kSource1}};
  receive(report(kHostAddress, Version::k3, {some}));
  EXPECT_THAT(table(), Contains("unwanted_gone"));
  group().may_exclude_until = now_ + seconds(1);
  EXPECT_THAT(table(), Contains("unwanted_gone"));
  group().may_hold_source_until[kSource1] = now_ + seconds(1);
  EXPECT_THAT(table(), Not(Contains("unwanted_gone")));
  now_ += seconds(2);
  EXPECT_THAT(table(), Contains("unwanted_gone"));
}

TEST_F(Checkers, BookedIsWhatIsHeld) {
  plug_in();
  now_ = kStart + seconds(1);
  EXPECT_THAT(table(), Not(Contains("bounds")));
  const Record some{.type = RecordType::kAllow, .group = kGroup, .sources = {kSource1}};
  receive(report(kHostAddress, Version::k3, {some}));
  EXPECT_THAT(table(), Contains("bounds"));
  witness_.view = node().segment().view(now_);
  EXPECT_THAT(table(), Not(Contains("bounds")));
}

TEST_F(Checkers, ForgeriesMoveNothing) {
  core::SegmentView before;
  core::SegmentView after;
  Violations violations;
  check_forgery_harmless(before, after, now_, violations);
  EXPECT_TRUE(violations.empty());
  after.role = Role::kNonQuerier;
  check_forgery_harmless(before, after, now_, violations);
  after = before;
  after.elected = core::ElectedQuerier{.address = kLowest};
  check_forgery_harmless(before, after, now_, violations);
  after = before;
  after.takeover = now_;
  check_forgery_harmless(before, after, now_, violations);
  after = before;
  after.groups = 1;
  check_forgery_harmless(before, after, now_, violations);
  after = before;
  after.ledger.hosts = 1;
  check_forgery_harmless(before, after, now_, violations);
  EXPECT_EQ(names(violations), Names(5, "forgery_harmless"));
}

TEST_F(Checkers, RolesAreSteady) {
  Violations violations;
  check_steady_roles(step(), violations);
  EXPECT_TRUE(violations.empty());
  actions_ = {core::RoleChanged{.from = Role::kQuerier, .to = Role::kNonQuerier}};
  check_steady_roles(step(), violations);
  EXPECT_EQ(names(violations), Names{"steady_roles"});
}

// ---- of everybody

class EndCheckers : public Checkers {
 protected:
  EndCheckers() {
    plug_in();
    now_ = kStart + seconds(1);
    look();
  }
  void look() { witness_.view = node().segment().view(now_); }

  Neighbourhood all(std::vector<Address> foreign = {}) {
    return {.queriers = {{&node(), &witness_}}, .foreign = std::move(foreign), .hosts = {&host_}};
  }
  Names one_querier(const Neighbourhood& all) {
    Violations violations;
    check_one_querier(all, now_, violations);
    return names(violations);
  }
  Names truth() {
    Violations violations;
    check_table_is_truth(all(), true, now_, violations);
    return names(violations);
  }
  void wish(const Wish& wish) { host_.wish(kGroup, wish, now_, out_); }

  Host host_{Host::Traits{kHostAddress, mac_of(2), Version::k3, 2}, Random(1)};
};

TEST_F(EndCheckers, TheLowestIsTheOneQuerier) {
  EXPECT_EQ(all().rightful(), kMiddle);
  EXPECT_EQ(all({kHighest}).rightful(), kMiddle);
  EXPECT_EQ(all({kHighest, kLowest}).rightful(), kLowest);
  // Not by the order of its octets in memory.
  EXPECT_EQ(all({Address::v4(10, 0, 0, 200)}).rightful(), Address::v4(10, 0, 0, 200));

  EXPECT_EQ(one_querier(all()), Names{});
  EXPECT_EQ(one_querier(all({kHighest})), Names{});
  EXPECT_EQ(one_querier(all({kLowest})), Names{"one_querier"});
  receive(general_query(kLowest, Version::k3));
  look();
  EXPECT_EQ(one_querier(all({kLowest})), Names{});
  EXPECT_EQ(one_querier(all()), Names{"one_querier"});
  EXPECT_EQ(one_querier(all({Address::v4(192, 0, 2, 0)})), Names{"one_querier"});
}

TEST_F(EndCheckers, InIpv6TheInterfaceIdentifierDecides) {
  const Address lower = Address::v6(0xFE80000000000001, 1);
  const Address higher = Address::v6(0xFE80000000000000, 2);
  const Neighbourhood lan{.queriers = {}, .foreign = {higher, lower}, .hosts = {}};
  EXPECT_EQ(lan.rightful(), lower);
}

TEST_F(EndCheckers, TheTableIsTheTruth) {
  EXPECT_EQ(truth(), Names{});
  wish({.excludes = true, .sources = {kSource1}});
  EXPECT_EQ(truth(), Names{"table_is_truth"});
  for (const auto& frame : out_)
    receive(frame);
  EXPECT_EQ(truth(), Names{});
  wish({.excludes = true, .sources = {kSource2}});
  EXPECT_EQ(truth(), Names{"table_is_truth"});
  wish({});
  EXPECT_THAT(truth(), Contains("table_is_truth"));
}

TEST_F(EndCheckers, TheStreamIsUnbroken) {
  wish({.excludes = true, .sources = {}});
  const auto unbroken = [&](std::uint64_t sent) {
    Violations violations;
    check_stream_unbroken(host_, sent, now_, violations);
    return violations.empty();
  };
  const auto datagram = [&](std::uint64_t number) {
    host_.receive(make_data_frame(mac_of(3), {.group = kGroup, .number = number}), now_, out_);
  };
  EXPECT_FALSE(unbroken(1));
  datagram(1);
  datagram(2);
  EXPECT_TRUE(unbroken(2));
  EXPECT_FALSE(unbroken(9));
  datagram(4);
  EXPECT_FALSE(unbroken(4));
}

TEST_F(EndCheckers, TracesAreTheSame) {
  const Outcome one{.fingerprint = 1, .events = 1};
  Violations violations;
  check_same_trace(one, one, violations);
  EXPECT_TRUE(violations.empty());
  check_same_trace(one, {.fingerprint = 2, .events = 1}, violations);
  EXPECT_EQ(names(violations), Names{"same_trace"});
}

}  // namespace
}  // namespace querent::sim
