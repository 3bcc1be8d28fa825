#include "sim/witness.hpp"

#include <algorithm>
#include <variant>

#include "base/overloaded.hpp"
#include "sim/dialect.hpp"

namespace querent::sim {

using core::Role;

namespace {

Duration membership_interval(const core::Values& values) {
  return values.robustness * values.query_interval + 2 * values.query_response;
}

bool is_exclude(RecordType type) {
  return type == RecordType::kIsExclude || type == RecordType::kToExclude;
}

void move_on(Instant& timer, Instant until) {
  timer = std::max(timer, until);
}
void bring_back(Instant& timer, Instant until) {
  timer = std::min(timer, until);
}

void renew(GroupWitness& group, Instant until) {
  group.must_hold_until = until;
  group.questioned_until = kNever;
  group.others_asked = false;
  group.times_asked = 0;
}

bool starts_reign(const core::Action& action) {
  return std::visit(
      Overloaded{[](const core::RoleChanged& one) { return one.to == Role::kQuerier; },
                 [](const core::SourceChanged& one) { return one.to.has_value(); },
                 [](const core::Slept&) { return true; },
                 [](const auto& /*other*/) { return false; }},
      action);
}

// What may not be there any more at `until`, if nobody speaks up.
void lower(GroupWitness& group, const Query& query, Instant until) {
  if (query.sources.empty()) bring_back(group.may_exclude_until, until);
  for (const Address source : query.sources) {
    const auto timer = group.may_hold_source_until.find(source);
    if (timer != group.may_hold_source_until.end()) bring_back(timer->second, until);
  }
}

void note_asked(const Step& step, Witness& witness, const Query& query) {
  const auto known = witness.groups.find(query.group);
  if (known == witness.groups.end()) return;
  GroupWitness& group = known->second;
  ++(query.sources.empty() ? group.questions : group.source_questions);
  group.last_asked = step.now;
  if (query.suppress) return;
  const auto& settings = step.node.identity().settings;
  const Instant until = step.now + settings.robustness * settings.last_member_interval;
  ++group.times_asked;
  bring_back(group.questioned_until, until);
  const bool answers_leave = query.sources.empty() && group.doubted;
  if (answers_leave) {
    const bool is_over =
        group.asked_until < step.now || group.asked_in_a_row >= settings.robustness;
    if (is_over) group.asked_until = until;
    group.asked_in_a_row = is_over ? 1 : group.asked_in_a_row + 1;
  }
  // In version 2 a question about sources is put to the whole group, whose timer stays.
  if (query.version == Version::k3 || group.doubted) lower(group, query, until);
}

// How often a record may have us ask: the whole group, and sources, with and without S.
void note_cause(const Record& record, GroupWitness& group, const Step& step,
                const Witness& witness) {
  const bool asks_others = record.type == RecordType::kToInclude;
  const bool asks_listed =
      record.type == RecordType::kToExclude || record.type == RecordType::kBlock;
  if (witness.view.role != Role::kQuerier || (!asks_others && !asks_listed)) return;
  const auto each = static_cast<std::uint64_t>(witness.view.values.robustness);
  const auto& timers = group.may_hold_source_until;
  const bool asks_sources =
      asks_listed ? !record.sources.empty()
                  : std::any_of(timers.begin(), timers.end(),
                                [&step](const auto& timer) { return timer.second >= step.now; });
  // A leave while the question that one before it raised is open raises none.
  const bool is_open = group.doubted && step.now < group.asked_until &&
                       group.asked_in_a_row < witness.view.values.robustness;
  if (asks_others && !is_open && group.may_exclude_until >= step.now) group.questions_due += each;
  if (!asks_sources) return;
  group.source_questions_due += 2 * each;
  // Version 2 has only questions about groups.
  const bool may_be_version2 =
      witness.view.version != Version::k3 || step.node.identity().settings.follow_older_version;
  if (may_be_version2) group.questions_due += each;
}

void note_timers(const Record& record, GroupWitness& group, Instant until) {
  if (is_exclude(record.type)) move_on(group.may_exclude_until, until);
  // The group timer may have been set when the interval was longer.
  const bool takes_group_time =
      record.type == RecordType::kBlock || record.type == RecordType::kToExclude;
  for (const Address source : record.sources) {
    auto& timer = group.may_hold_source_until.try_emplace(source, kLongAgo).first->second;
    move_on(timer, takes_group_time ? group.may_exclude_until : until);
  }
}

// Not of a leave: who leaves is not present.
void note_older_host(const Step& step, GroupWitness& group, const core::Values& values) {
  const auto* report = step.received<Report>();
  if (report == nullptr || report->version == Version::k3) return;
  group.older_hosts_until[static_cast<std::size_t>(report->version) - 1] =
      step.now + values.robustness * values.query_interval + values.query_response;
}

void note_record(const Step& step, Witness& witness, const Record& record, Version version) {
  // Hosts answer in the version that they are asked in.
  const auto& elected = witness.view.elected;
  const Version asked_in =
      elected ? std::min(elected->version, witness.view.version) : witness.view.version;
  const bool wants = wants_group(record, version, asked_in);
  const bool ignored = is_exclude(record.type) && !wants;
  if (ignored || (!wants && !witness.groups.contains(record.group))) return;
  GroupWitness& group = witness.groups[record.group];
  const Instant until = step.now + membership_interval(witness.view.values);
  group.version1_host = group.version1_host || version == Version::k1;
  note_older_host(step, group, witness.view.values);
  note_cause(record, group, step, witness);
  note_timers(record, group, until);
  if (record.type == RecordType::kToInclude) {
    // Where a v1 host is present it is ignored, whatever it asks for (RFC 9776 7.3.2).
    group.doubted = !group.version1_host && witness.view.role == Role::kQuerier;
    group.reassured = false;
    return;
  }
  if (is_exclude(record.type)) {
    group.must_exclude_until = until;
    group.doubted = false;
    group.reassured = true;
  }
  if (wants) renew(group, until);
}

void note_heard(const Step& step, Witness& witness, const Query& query) {
  if (query.is_general()) {
    witness.queriers[look_for<core::Received>(step.event)->packet.source].hear(query, step.now);
    return;
  }
  const auto known = witness.groups.find(query.group);
  if (query.suppress || known == witness.groups.end()) return;
  const Instant until = step.now + witness.view.values.robustness * query.max_response;
  bring_back(known->second.questioned_until, until);
  known->second.others_asked = true;
  if (witness.view.role == Role::kQuerier || dialect_of(query.group).is_link_local(query.group))
    return;
  lower(known->second, query, until);
}

// A restart gives every group as much time as if all had reported.
void note_restart(const Step& step, Witness& witness) {
  const Instant until = step.now + membership_interval(witness.view.values);
  for (auto& [address, group] : witness.groups) {
    renew(group, until);
    move_on(group.may_exclude_until, until);
    for (auto& [source, timer] : group.may_hold_source_until)
      move_on(timer, until);
  }
}

void note_told(const Step& step, Witness& witness) {
  for (const auto* changed : step.done<core::GroupChanged>()) {
    const auto& record = changed->record;
    witness.records.insert_or_assign(record.group, record);
    if (changed->change == core::GroupChanged::Change::kRemoved)
      witness.records.erase(record.group);
  }
}

void start_reign(const Step& step, Witness& witness) {
  witness.reign_start = step.now;
  witness.general_queries = 0;
  witness.overslept = false;
}

// Before the view is renewed.
void note_election(const Step& step, Witness& witness) {
  const bool plugged_in = look_for<core::LinkUp>(step.event) != nullptr;
  if (plugged_in) start_reign(step, witness);
  for (const auto& action : step.actions) {
    if (starts_reign(action)) start_reign(step, witness);
    const auto* send = look_for<core::SendQuery>(action);
    if (send != nullptr && send->query.is_general()) ++witness.general_queries;
  }
  // Given up, for us or for a successor.
  const auto& elected = witness.view.elected;
  if (elected && step.now >= *witness.view.takeover) witness.queriers[elected->address].vanish();
  const bool has_new_source = !step.done<core::SourceChanged>().empty();
  const bool is_passive = step.node.identity().settings.passive;  // it has no stake
  if (step.slept() || plugged_in || (has_new_source && !is_passive)) {
    witness.queriers.clear();
  }
  if (!step.done<core::QuerierElected>().empty()) witness.follows_since = step.now;
}

}  // namespace

std::vector<const Query*> Step::asked() const {
  std::vector<const Query*> asked;
  for (const auto* send : done<core::SendQuery>()) {
    asked.push_back(&send->query);
  }
  return asked;
}

std::vector<Address> Step::forgotten() const {
  std::vector<Address> forgotten;
  for (const auto* changed : done<core::GroupChanged>()) {
    if (changed->change == core::GroupChanged::Change::kRemoved)
      forgotten.push_back(changed->record.group);
  }
  return forgotten;
}

const Query* Step::believed() const {
  const auto* query = received<Query>();
  if (query == nullptr || !node.is_plugged_in() || !done<core::QueryRejected>().empty()) {
    return nullptr;
  }
  const Address source = look_for<core::Received>(event)->packet.source;
  return source.is_unspecified() || source == node.identity().address ? nullptr : query;
}

std::vector<Record> Step::records() const {
  const auto* heard = look_for<core::Received>(event);
  if (heard == nullptr || !dialect_of(heard->packet.source).accepts(heard->packet)) return {};
  if (const auto* report = received<Report>()) return report->records;
  const auto* leave = received<Leave>();
  if (leave == nullptr) return {};
  return {{.type = RecordType::kToInclude, .group = leave->group, .sources = {}}};
}

Version GroupWitness::compatibility(Instant now) const {
  if (now < older_hosts_until[0]) return Version::k1;
  return now < older_hosts_until[1] ? Version::k2 : Version::k3;
}

Instant GroupWitness::may_hold_until() const {
  Instant until = may_exclude_until;
  for (const auto& [source, timer] : may_hold_source_until)
    until = std::max(until, timer);
  return until;
}

bool has_open_question(const Witness& witness, Address group, const Step& step) {
  const Duration gap =
      step.node.identity().settings.last_member_interval + 2 * QuerierNode::kMaxLateness;
  const auto known = witness.groups.find(group);
  return known != witness.groups.end() && known->second.last_asked >= step.now - gap;
}

bool wants_group(const Record& record, Version record_version, Version segment_version) {
  const bool excludes = is_exclude(record.type);
  const Dialect& dialect = dialect_of(record.group);
  if (!dialect.is_tracked(record.group)) return false;
  if (dialect.is_source_specific(record.group) && segment_version == Version::k3) {
    if (excludes || record_version != Version::k3) return false;
  }
  return excludes || (!record.sources.empty() && record.type != RecordType::kBlock);
}

void witness_step(const Step& step, Witness& witness) {
  note_election(step, witness);
  witness.view = step.node.segment().view(step.now);
  witness.last_step = step.now;
  for (const Address group : step.forgotten())
    witness.groups.erase(group);
  note_told(step, witness);
  const bool plugged_in = look_for<core::LinkUp>(step.event) != nullptr;
  if (step.slept() || plugged_in) note_restart(step, witness);
  const auto* report = step.received<Report>();
  const Version version = report != nullptr ? report->version : Version::k2;
  // What is due comes before what the event asks for.
  std::vector<const Query*> due;
  std::vector<const Query*> new_ones;
  for (const auto* query : step.asked()) {
    (has_open_question(witness, query->group, step) ? due : new_ones).push_back(query);
  }
  for (const auto* query : due)
    note_asked(step, witness, *query);
  for (const auto& record : step.records())
    note_record(step, witness, record, version);
  for (const auto* query : new_ones)
    note_asked(step, witness, *query);
  if (const auto* query = step.believed()) note_heard(step, witness, *query);
}

}  // namespace querent::sim
