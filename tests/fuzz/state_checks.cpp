#include "state_checks.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <variant>

#include "base/check.hpp"
#include "core/family_rules.hpp"
#include "core/intervals.hpp"

namespace querent::fuzz {

namespace {

using core::FilterMode;
using core::GroupView;
using core::Role;
using core::SegmentView;

void check_deadline(const Step& step) {
  const auto& [settings, link, view, groups, deadline] = step.after;
  CHECK(!deadline || *deadline > step.now);
  CHECK(!view.next_query || (deadline && *deadline <= *view.next_query));
  CHECK(!view.takeover || (deadline && *deadline <= *view.takeover));
  CHECK(groups.empty() || deadline);
}

void check_early_tick(const Step& step) {
  if (!std::holds_alternative<core::Tick>(step.event)) return;
  if (step.before.deadline && *step.before.deadline <= step.now) return;
  CHECK(step.actions.empty());
  CHECK(step.after.deadline == step.before.deadline);
}

void check_role(const Step& step) {
  const auto& [settings, link, view, groups, deadline] = step.after;
  const auto source = link ? core::source_in_force(*link, settings, view.family) : std::nullopt;
  CHECK(view.source == source);
  if (!link) {
    CHECK(view.role == Role::kDown && !view.elected);
  } else if (settings.passive) {
    CHECK(view.role == Role::kPassive);
  } else if (!source) {
    CHECK(view.role == Role::kNoAddress);
  } else {
    CHECK(view.role == (view.elected ? Role::kNonQuerier : Role::kQuerier));
  }
  CHECK(view.next_query.has_value() == (view.role == Role::kQuerier));
  CHECK(view.takeover.has_value() == view.elected.has_value());
}

// RFC 9776 6.6.2, RFC 9777 7.6.2: the lowest address asks, in IPv6 by the interface identifier.
bool is_lower(Address a, Address b) {
  if (b.is_unspecified()) return true;
  return a.is_v4() ? a.v4_bits() < b.v4_bits() : a.low64() < b.low64();
}

void check_elected(const Step& step) {
  const auto& view = step.after.view;
  if (view.role == Role::kNonQuerier) CHECK(is_lower(view.elected->address, *view.source));
  if (!view.elected) return;
  CHECK(!view.elected->address.is_unspecified());
  CHECK(view.elected->since <= view.elected->last_heard);
  CHECK(view.elected->last_heard <= step.now && *view.takeover > step.now);
  if (!step.after.settings.timeout) CHECK(view.elected->timeout <= std::chrono::hours(1));
}

void check_schedule(const Step& step) {
  const auto& [settings, link, view, groups, deadline] = step.after;
  if (!view.next_query) return;
  const Duration longest =
      std::max(settings.query_interval, core::startup_query_interval(settings));
  CHECK(*view.next_query > step.now && *view.next_query <= step.now + longest);
}

std::size_t most(std::size_t bound, std::size_t held_before) {
  return std::max(bound, held_before);
}

// What is held beyond lowered bounds stays, but does not grow.
void check_bounds(const Step& step) {
  const auto& bounds = step.after.view.ledger.bounds;
  const auto& before = step.before.view;
  const auto& after = step.after.view;
  CHECK(bounds == step.after.settings.bounds);
  // A step may also have grown before its event lowered the bounds.
  const auto& old = step.before.settings.bounds;
  CHECK(after.groups <= most(std::max(bounds.groups, old.groups), before.groups));
  CHECK(after.ledger.sources <= most(std::max(bounds.sources, old.sources), before.ledger.sources));
  CHECK(after.ledger.hosts <= most(std::max(bounds.hosts, old.hosts), before.ledger.hosts));
}

void check_group_bounds(const Step& step, const GroupView& group) {
  const auto& bounds = step.after.settings.bounds;
  const auto& before = step.before.groups;
  const auto same = std::find_if(before.begin(), before.end(),
                                 [&](const GroupView& old) { return old.group == group.group; });
  const bool is_new = same == before.end();
  CHECK(group.sources.size() <= most(bounds.sources_per_group, is_new ? 0 : same->sources.size()));
  CHECK(group.hosts.size() <= most(bounds.hosts_per_group, is_new ? 0 : same->hosts.size()));
}

void check_ledger(const Step& step) {
  std::size_t sources = 0;
  std::size_t hosts = 0;
  for (const auto& group : step.after.groups) {
    sources += group.sources.size();
    hosts += group.hosts.size();
  }
  CHECK(step.after.view.groups == step.after.groups.size());
  CHECK(step.after.view.ledger.sources == sources);
  CHECK(step.after.view.ledger.hosts == hosts);
}

template <class Entries, class KeyOf>
void check_ascending(const Entries& entries, KeyOf key_of) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    CHECK(key_of(entries[i - 1]) < key_of(entries[i]));
  }
}

void check_group(const Step& step, const GroupView& group) {
  const auto& rules = core::family_rules(step.after.view.family);
  CHECK(group.group.is_multicast() && rules.tracks(group.group));
  CHECK(group.link_local == rules.link_local_groups.matches(group.group));
  CHECK(group.mode == FilterMode::kExclude || !group.sources.empty());
  CHECK(group.expires_in > Duration::zero());
  CHECK(group.known_for >= group.last_report_ago && group.last_report_ago >= Duration::zero());
  for (const auto& source : group.sources) {
    CHECK(source.expires_in || group.mode == FilterMode::kExclude);
    CHECK(!source.expires_in || *source.expires_in > Duration::zero());
  }
  for (const auto& host : group.hosts)
    CHECK(host.last_report_ago >= group.last_report_ago);
  check_ascending(group.sources, [](const auto& source) { return source.address; });
  check_ascending(group.hosts, [](const auto& host) { return host.address; });
  check_group_bounds(step, group);
}

std::map<Address, core::MembershipRecord> records_of(const std::vector<GroupView>& groups) {
  std::map<Address, core::MembershipRecord> records;
  for (const auto& group : groups) {
    auto& record = records[group.group];
    record = {.group = group.group, .mode = group.mode};
    const bool excludes = group.mode == FilterMode::kExclude;
    for (const auto& source : group.sources) {
      if (source.expires_in.has_value() != excludes) record.sources.push_back(source.address);
    }
  }
  return records;
}

std::uint64_t queries_received(const SegmentView& view) {
  std::uint64_t total = 0;
  for (const auto& row : view.counters.queries_received) {
    for (const auto count : row)
      total += count;
  }
  return total;
}

// Each change of a group's record is told once, and in an order that makes sense.
void check_roster(const Step& step) {
  using Change = core::GroupChanged::Change;
  auto known = records_of(step.before.groups);
  for (const auto& action : step.actions) {
    const auto* changed = std::get_if<core::GroupChanged>(&action);
    if (changed == nullptr) continue;
    const auto& record = changed->record;
    if (changed->change == Change::kAdded) {
      CHECK(known.emplace(record.group, record).second);
    } else if (changed->change == Change::kChanged) {
      CHECK(known.at(record.group) != record);
      known.at(record.group) = record;
    } else {
      CHECK(record == core::MembershipRecord{.group = record.group});
      CHECK(known.erase(record.group) == 1);
    }
  }
  CHECK(known == records_of(step.after.groups));
}

// What is told to be refused was, and each kind once at most.
void check_refusals(const Step& step) {
  const auto& before = step.before.view.ledger;
  const auto& after = step.after.view.ledger;
  const std::array<bool, core::Refused::kWhats> counted{
      after.refused_groups > before.refused_groups, after.refused_sources > before.refused_sources,
      after.refused_hosts > before.refused_hosts};
  std::array<int, core::Refused::kWhats> told{};
  for (const auto& action : step.actions) {
    const auto* refused = std::get_if<core::Refused>(&action);
    if (refused != nullptr) ++told.at(static_cast<std::size_t>(refused->what));
  }
  for (std::size_t i = 0; i < told.size(); ++i)
    CHECK(told.at(i) <= (counted.at(i) ? 1 : 0));
}

// A query of another querier is told when it is counted.
void check_heard(const Step& step) {
  const auto told = std::count_if(step.actions.begin(), step.actions.end(), [](const auto& action) {
    return std::holds_alternative<core::QueryHeard>(action);
  });
  CHECK(queries_received(step.after.view) - queries_received(step.before.view) ==
        static_cast<std::uint64_t>(told));
}

template <class Table>
void append(std::vector<std::uint64_t>& all, const Table& table) {
  for (const auto& row : table)
    all.insert(all.end(), row.begin(), row.end());
}

std::vector<std::uint64_t> all_counts(const SegmentView& view) {
  const auto& c = view.counters;
  const auto& ledger = view.ledger;
  std::vector<std::uint64_t> all{c.leaves_received,        c.proxy_queries,
                                 c.without_router_alert,   c.version_mismatches,
                                 c.elections_won,          c.elections_lost,
                                 c.address_conflicts,      c.loops,
                                 c.address_changes,        c.sleeps,
                                 c.ssm_violations,         c.untracked_records,
                                 c.skipped_records,        ledger.refused_groups,
                                 ledger.refused_sources,   ledger.refused_hosts,
                                 ledger.refused_questions, c.competitors_other};
  append(all, c.queries_sent);
  append(all, c.queries_received);
  append(all, c.reports_received);
  all.insert(all.end(), c.queries_rejected.begin(), c.queries_rejected.end());
  all.insert(all.end(), c.reports_rejected.begin(), c.reports_rejected.end());
  // Last: there may be more of them than before.
  for (const auto& [address, count] : c.competitor_queries)
    all.push_back(count);
  return all;
}

void check_counters(const Step& step) {
  const auto before = all_counts(step.before.view);
  const auto after = all_counts(step.after.view);
  CHECK(after.size() >= before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK(before[i] <= after[i]);
  CHECK(step.after.view.counters.competitor_queries.size() <= core::Counters::kCompetitors);
}

void check_elections_counted(const Step& step) {
  std::uint64_t lost = 0;
  std::uint64_t regained = 0;
  for (const auto& action : step.actions) {
    const auto* changed = std::get_if<core::RoleChanged>(&action);
    if (changed == nullptr) continue;
    CHECK(changed->held >= Duration::zero());
    if (changed->from == Role::kQuerier && changed->to == Role::kNonQuerier) ++lost;
    if (changed->from == Role::kNonQuerier && changed->to == Role::kQuerier) ++regained;
  }
  const auto& before = step.before.view.counters;
  const auto& after = step.after.view.counters;
  CHECK(after.elections_lost - before.elections_lost == lost);
  // A restart also regains the role, and is no election.
  CHECK(after.elections_won - before.elections_won <= regained);
}

}  // namespace

void check_state(const Step& step) {
  check_deadline(step);
  check_early_tick(step);
  check_role(step);
  check_elected(step);
  check_schedule(step);
  check_bounds(step);
  check_ledger(step);
  check_ascending(step.after.groups, [](const GroupView& group) { return group.group; });
  for (const auto& group : step.after.groups)
    check_group(step, group);
  check_roster(step);
  check_refusals(step);
  check_heard(step);
  check_counters(step);
  check_elections_counted(step);
}

void check_pages(const core::Segment& segment, const Step& step) {
  const auto& all = step.after.groups;
  const std::size_t limit = 1 + all.size() / 2;
  std::optional<Address> after;
  for (std::size_t shown = 0; shown < all.size();) {
    const auto page = segment.groups(after, limit, step.now);
    CHECK(page.size() == std::min(limit, all.size() - shown));
    for (const auto& group : page)
      CHECK(group.group == all[shown++].group);
    after = page.back().group;
  }
  CHECK(segment.groups(after, limit, step.now).empty());
  CHECK(segment.groups(std::nullopt, 0, step.now).empty());
}

void check_idle_tick(core::Segment& segment, const Step& step) {
  CHECK(segment.step(core::Tick{}, step.now).empty());
  CHECK(segment.deadline() == step.after.deadline);
}

}  // namespace querent::fuzz
