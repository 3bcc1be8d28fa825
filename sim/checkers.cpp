#include "sim/checkers.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "sim/dialect.hpp"

namespace querent::sim {

using core::Role;

namespace {

void check_time_advances(const Step& step, Violations& violations) {
  const auto deadline = step.node.segment().deadline();
  if (deadline && *deadline <= step.now) {
    complain(violations, step.now, "time_advances", who(step) + " has a deadline in the past");
  }
}

bool refused_any(const core::SegmentView& view) {
  return view.ledger.refused_groups + view.ledger.refused_sources > 0;
}

// No group goes that a report wants, before its time or the time of a question is up; and a
// question is put as often as it takes (RFC 9776 6.6.3).
void check_members_kept(const Step& step, const Witness& before, Violations& violations) {
  for (const Address removed : step.forgotten()) {
    const auto known = before.groups.find(removed);
    if (known == before.groups.end() || refused_any(before.view)) continue;
    const GroupWitness& group = known->second;
    const bool is_early = step.now < group.may_go_at();
    const bool by_question = step.now < group.must_hold_until && !group.others_asked &&
                             before.view.role == Role::kQuerier && !before.overslept;
    const bool asked = group.times_asked >= step.node.identity().settings.robustness;
    if (!is_early && (!by_question || asked)) continue;
    complain(violations, step.now, "members_kept",
             who(step) + " forgot " + removed.to_string() +
                 (is_early ? " too early" : " without asking often enough"));
  }
}

// A change of a membership record is one, and every group is added before it changes or goes.
void check_changes_told(const Step& step, const Witness& before, Violations& violations) {
  using Change = core::GroupChanged::Change;
  std::map<Address, core::MembershipRecord> changed;  // in this step
  for (const auto* each : step.done<core::GroupChanged>()) {
    const core::MembershipRecord none{.group = each->record.group};
    const auto old = before.records.find(none.group);
    auto& record = changed.try_emplace(none.group, old != before.records.end() ? old->second : none)
                       .first->second;
    const bool right = (each->change == Change::kAdded) == (record == none) &&
                       (each->change == Change::kRemoved) == (each->record == none) &&
                       each->record != record;
    record = each->record;
    if (right) continue;
    complain(violations, step.now, "changes_told",
             who(step) + " reports a change of " + none.group.to_string() + " that is none");
  }
}

// Each valid query of another querier is reported, and nothing else is.
void check_queries_told(const Step& step, Violations& violations) {
  const auto* query = step.believed();
  const auto told = step.done<core::QueryHeard>();
  const bool right = query == nullptr ? told.empty() : told.size() == 1 && told[0]->query == *query;
  if (right) return;
  complain(violations, step.now, "queries_told",
           who(step) + (query == nullptr ? " reports a query that it must not have believed"
                                         : " does not report the query that it heard"));
}

// What a table may hold together is counted, whatever it claims.
void check_bounds(const QuerierNode& node, const std::vector<core::GroupView>& groups,
                  const core::Ledger& ledger, Instant now, Violations& violations) {
  const auto& bounds = node.identity().settings.bounds;
  std::size_t sources = 0;
  std::size_t hosts = 0;
  bool within = groups.size() <= bounds.groups;
  for (const auto& group : groups) {
    sources += group.sources.size();
    hosts += group.hosts.size();
    within = within && group.sources.size() <= bounds.sources_per_group &&
             group.hosts.size() <= bounds.hosts_per_group;
  }
  within = within && sources <= bounds.sources && hosts <= bounds.hosts;
  if (within && sources == ledger.sources && hosts == ledger.hosts) return;
  complain(violations, now, "bounds",
           node.identity().address.to_string() +
               (within ? " books other than it holds" : " holds more than it may"));
}

// Everything that is held was asked for lately enough.
void check_unwanted_gone(const QuerierNode& node, const Witness& witness,
                         const core::GroupView& group, Instant now, Violations& violations) {
  const Instant latest = now - 2 * QuerierNode::kMaxLateness;
  const auto known = witness.groups.find(group.group);
  bool right = known != witness.groups.end() && latest <= known->second.may_hold_until();
  std::string what = group.group.to_string();
  for (const auto& source : group.sources) {
    if (!right || !source.expires_in) continue;
    const auto& timers = known->second.may_hold_source_until;
    const auto timer = timers.find(source.address);
    if (timer != timers.end() && latest <= timer->second) continue;
    right = false;
    what += " from " + source.address.to_string();
  }
  if (right) return;
  complain(violations, now, "unwanted_gone",
           node.identity().address.to_string() + " still holds " + what);
}

// Older hosts bind the group to what they understand (RFC 9776 7.3.2).
void check_compatibility(const QuerierNode& node, const Witness& witness,
                         const core::GroupView& group, Instant now, Violations& violations) {
  const auto known = witness.groups.find(group.group);
  if (known == witness.groups.end() || refused_any(witness.view)) return;
  if (group.compatibility == known->second.compatibility(now)) return;
  complain(violations, now, "compatibility",
           node.identity().address.to_string() + " mistakes the hosts of " +
               group.group.to_string() + " for younger or older ones");
}

// What a segment reports of its groups is what its table holds.
void check_table_told(const QuerierNode& node, const Witness& witness,
                      const std::vector<core::GroupView>& groups, Instant now,
                      Violations& violations) {
  std::map<Address, core::MembershipRecord> held;
  for (const auto& group : groups) {
    core::MembershipRecord record{.group = group.group, .mode = group.mode};
    for (const auto& source : group.sources) {
      const bool blocked = !source.expires_in;
      if (blocked == (group.mode == core::FilterMode::kExclude))
        record.sources.push_back(source.address);
    }
    held.emplace(group.group, std::move(record));
  }
  if (held == witness.records) return;
  complain(violations, now, "changes_told",
           node.identity().address.to_string() + " has not reported how its groups changed");
}

std::set<Address> asked_for(const std::vector<const Host*>& hosts) {
  std::set<Address> groups;
  for (const Host* host : hosts) {
    for (const auto& [group, wish] : host->wishes())
      groups.insert(group);
  }
  return groups;
}

// Everybody's wish for one group, merged (RFC 9776 3.2).
Wish merged_wish(const std::vector<const Host*>& hosts, Address group) {
  Wish merged;
  std::set<Address> included;
  bool first = true;
  for (const Host* host : hosts) {
    const auto at = host->wishes().find(group);
    if (at == host->wishes().end()) continue;
    const Wish& wish = at->second;
    if (!wish.excludes) {
      included.insert(wish.sources.begin(), wish.sources.end());
    } else if (std::exchange(first, false)) {
      merged = wish;
    } else {
      std::erase_if(merged.sources, [&](Address s) { return !wish.sources.contains(s); });
    }
  }
  if (!merged.excludes) return {.excludes = false, .sources = included};
  std::erase_if(merged.sources, [&](Address source) { return included.contains(source); });
  return merged;
}

void compare_sources(const core::GroupView& seen, const Wish& wanted, Instant now,
                     Violations& violations) {
  Wish held{.excludes = seen.mode == core::FilterMode::kExclude, .sources = {}};
  for (const auto& source : seen.sources) {
    if (source.expires_in.has_value() != held.excludes) held.sources.insert(source.address);
  }
  if (held == wanted) return;
  complain(violations, now, "table_is_truth", "wrong sources of " + seen.group.to_string());
}

std::vector<core::GroupView> table_of(const QuerierNode& node, Instant now) {
  return node.segment().groups(std::nullopt, std::numeric_limits<std::size_t>::max(), now);
}

}  // namespace

void complain(Violations& violations, Instant now, std::string_view checker, std::string what) {
  violations.push_back({now, checker, std::move(what)});
}

std::string who(const Step& step) {
  return "q" + std::to_string(step.id) + " " + step.node.identity().address.to_string();
}

void check_step_against_past(const Step& step, const Witness& before, Violations& violations) {
  check_time_advances(step, violations);
  check_members_kept(step, before, violations);
  check_changes_told(step, before, violations);
  check_asking_against_past(step, before, violations);
  check_election_against_past(step, before, violations);
}

void check_step(const Step& step, const Witness& after, Violations& violations) {
  check_asking(step, after, violations);
  check_election(step, after, violations);
  check_wire(step, violations);
  check_queries_told(step, violations);
}

void check_table(const QuerierNode& node, const Witness& witness, Instant now,
                 Violations& violations) {
  const auto& view = witness.view;
  const auto groups = table_of(node, now);
  check_bounds(node, groups, view.ledger, now, violations);
  check_table_told(node, witness, groups, now, violations);
  std::set<Address> held;
  for (const auto& group : groups) {
    held.insert(group.group);
    check_unwanted_gone(node, witness, group, now, violations);
    check_compatibility(node, witness, group, now, violations);
  }
  for (const auto& [address, group] : witness.groups) {
    if (refused_any(view) || now >= group.may_go_at() || held.contains(address)) continue;
    complain(violations, now, "members_kept",
             node.identity().address.to_string() + " does not hold " + address.to_string());
  }
}

void check_table_is_truth(const Neighbourhood& all, bool sources_too, Instant now,
                          Violations& violations) {
  const auto wanted = asked_for(all.hosts);
  for (const auto& [node, witness] : all.queriers) {
    const auto& view = witness->view;
    if (node->identity().address != all.rightful() || refused_any(view)) continue;
    std::set<Address> held;
    for (const auto& group : table_of(*node, now)) {
      held.insert(group.group);
      if (sources_too) compare_sources(group, merged_wish(all.hosts, group.group), now, violations);
    }
    for (const Address group : wanted) {
      const bool may_be_ignored = dialect_of(group).is_source_specific(group) &&
                                  view.version == Version::k3 && !sources_too;
      if (held.contains(group) || may_be_ignored) continue;
      complain(violations, now, "table_is_truth", "nobody keeps " + group.to_string());
    }
    for (const Address group : held) {
      if (wanted.contains(group)) continue;
      complain(violations, now, "table_is_truth", "nobody wants " + group.to_string());
    }
  }
}

void check_stream_unbroken(const Host& host, std::uint64_t last_sent, Instant now,
                           Violations& violations) {
  const auto& log = host.stream();
  if (log.last_at && log.missing == 0 && log.last + 1 >= last_sent) return;
  complain(violations, now, "stream_unbroken",
           host.traits().address.to_string() + " misses " + std::to_string(log.missing) +
               " datagrams of the stream, the last one heard is " + std::to_string(log.last) +
               " of " + std::to_string(last_sent));
}

void check_same_trace(const Outcome& one, const Outcome& other, Violations& violations) {
  if (one.fingerprint == other.fingerprint && one.events == other.events) return;
  complain(violations, kLongAgo, "same_trace", "the same seed gave another trace");
}

}  // namespace querent::sim
