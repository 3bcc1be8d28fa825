// The checkers of what queriers send.

#include <algorithm>
#include <cstdint>
#include <string>

#include "sim/checkers.hpp"
#include "sim/dialect.hpp"

namespace querent::sim {

using core::Role;

namespace {

bool says_leave(const Record& record) {
  return record.type == RecordType::kToInclude && record.sources.empty();
}

bool hears_leave_of(const Step& step, Address group) {
  const auto records = step.records();
  return std::any_of(records.begin(), records.end(), [group](const Record& record) {
    return record.group == group && record.type == RecordType::kToInclude;
  });
}

constexpr Duration kLeastGap = std::chrono::milliseconds(100) + QuerierNode::kMaxLateness;

Duration startup_interval(const core::Settings& settings) {
  return std::min<Duration>(std::chrono::seconds(5), settings.query_interval / 4);
}

// When the next general query of a reign is due at the latest: each regular one at most a query
// interval after the one before was due, so that lateness does not add up.
Instant latest_due(Instant reign_start, std::uint64_t sent, const core::Settings& settings) {
  const auto startup = static_cast<std::uint64_t>(settings.startup_count);
  if (sent < startup) return reign_start + sent * startup_interval(settings);
  return reign_start + (startup - 1) * startup_interval(settings) +
         (sent - startup + 1) * settings.query_interval;
}

void check_general_duty(const Step& step, const Witness& before, Violations& violations) {
  const auto& settings = step.node.identity().settings;
  if (before.view.role != Role::kQuerier || before.overslept || !before.reign_start) return;
  if (step.slept()) return;
  const Instant due = latest_due(*before.reign_start, before.general_queries, settings);
  if (step.now <= due + QuerierNode::kMaxLateness) return;
  complain(violations, step.now, "query_duty",
           who(step) + " has sent " + std::to_string(before.general_queries) +
               " general queries and the next one is late");
}

// RFC 9776 8: a startup burst, then at most one query each shortest interval.
void check_general_budget(const Step& step, const Witness& after, Violations& violations) {
  if (!after.reign_start) return;
  const auto& settings = step.node.identity().settings;
  const Duration shortest =
      settings.query_interval - scaled(settings.query_interval, settings.jitter);
  const auto regular = static_cast<std::uint64_t>((step.now - *after.reign_start) / shortest);
  const auto allowed = static_cast<std::uint64_t>(settings.startup_count) + regular;
  if (after.general_queries <= allowed) return;
  complain(violations, step.now, "query_budget",
           who(step) + " sent " + std::to_string(after.general_queries) +
               " general queries where " + std::to_string(allowed) + " are allowed");
}

void check_question_budget(const Step& step, const Witness& after, Violations& violations) {
  for (const Query* query : step.asked()) {
    const auto known = after.groups.find(query->group);
    if (query->is_general() || known == after.groups.end()) continue;
    const GroupWitness& group = known->second;
    const bool has_cause = group.questions <= group.questions_due &&
                           group.source_questions <= group.source_questions_due;
    if (has_cause) continue;
    complain(
        violations, step.now, "query_budget",
        who(step) + " asked more about " + query->group.to_string() + " than it was given cause");
  }
}

// Nobody answers for the link's own groups on purpose, and nobody asked for the others.
void check_question_target(const Step& step, const Witness& before, Violations& violations) {
  for (const Query* query : step.asked()) {
    if (query->is_general()) continue;
    const auto records = step.records();
    const bool is_known = before.groups.contains(query->group) ||
                          std::any_of(records.begin(), records.end(), [query](const Record& each) {
                            return each.group == query->group;
                          });
    if (is_known && !dialect_of(query->group).is_link_local(query->group)) continue;
    complain(violations, step.now, "question_target",
             who(step) + " asks about " + query->group.to_string());
  }
}

// The querier asks who is left when somebody leaves, and at once, if it did not do so just now.
void check_leave_answered(const Step& step, const Witness& before, Violations& violations) {
  const auto view = step.node.segment().view(step.now);
  if (before.view.role != Role::kQuerier || view.role != Role::kQuerier) return;
  if (view.version == Version::k1 || view.ledger.refused_questions > 0 || step.slept()) return;
  if (view.ledger.refused_groups + view.ledger.refused_sources > 0) return;
  const auto& settings = step.node.identity().settings;
  const Instant lowered = step.now + settings.robustness * settings.last_member_interval;
  for (const auto& record : step.records()) {
    const auto known = before.groups.find(record.group);
    if (!says_leave(record) || known == before.groups.end()) continue;
    const GroupWitness& group = known->second;
    const Dialect& dialect = dialect_of(record.group);
    if (dialect.is_link_local(record.group) || group.version1_host) continue;
    if (dialect.is_source_specific(record.group)) continue;  // no leave of theirs is believed
    if (group.must_exclude_until <= lowered || group.questioned_until != kNever) continue;
    if (group.last_asked >= step.now - kLeastGap) continue;
    const auto asked = step.asked();
    if (std::any_of(asked.begin(), asked.end(),
                    [&](const Query* query) { return query->group == record.group; })) {
      continue;
    }
    complain(violations, step.now, "leave_answered",
             who(step) + " does not ask who is left in " + record.group.to_string());
  }
}

// RFC 9776 6.6.3: S says that the timers are not low. Who hears it clear lowers his; so it is clear
// the first time, and of a group not any more once that was answered.
void check_suppress_flag(const Step& step, const Witness& before, Violations& violations) {
  for (const Query* query : step.asked()) {
    if (query->is_general() || query->version != Version::k3) continue;
    const auto known = before.groups.find(query->group);
    if (known == before.groups.end()) continue;
    const bool is_first = !has_open_question(before, query->group, step) && !before.overslept;
    const bool was_answered = known->second.reassured && !hears_leave_of(step, query->group);
    const bool wrongly_clear = !query->suppress && query->sources.empty() && was_answered;
    const bool wrongly_set = query->suppress && is_first;
    if (!wrongly_clear && !wrongly_set) continue;
    complain(violations, step.now, "suppress_flag",
             who(step) + " asks about " + query->group.to_string() +
                 (wrongly_set ? " with S" : ", which was answered, without S"));
  }
}

// Who is not the querier sends no general query, and finishes the questions it has raised.
void check_silence(const Step& step, const Witness& before, Violations& violations) {
  const auto& settings = step.node.identity().settings;
  const auto changes = step.done<core::RoleChanged>();
  const bool reigned = before.view.role == Role::kQuerier ||
                       std::any_of(changes.begin(), changes.end(),
                                   [](const auto* change) { return change->to == Role::kQuerier; });
  if (reigned && !settings.passive) return;
  for (const Query* query : step.asked()) {
    const bool is_open = has_open_question(before, query->group, step);
    const bool may_finish = is_open || (before.overslept && !query->is_general());
    if (may_finish && before.view.role == Role::kNonQuerier && !settings.passive) continue;
    complain(violations, step.now, "silence", who(step) + " asks without being the querier");
  }
}

}  // namespace

void check_asking_against_past(const Step& step, const Witness& before, Violations& violations) {
  check_general_duty(step, before, violations);
  check_silence(step, before, violations);
  check_question_target(step, before, violations);
  check_leave_answered(step, before, violations);
  check_suppress_flag(step, before, violations);
}

void check_asking(const Step& step, const Witness& after, Violations& violations) {
  check_general_budget(step, after, violations);
  check_question_budget(step, after, violations);
}

}  // namespace querent::sim
