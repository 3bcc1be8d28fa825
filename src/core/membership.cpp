#include "core/membership.hpp"

#include <algorithm>

namespace querent::core {

namespace {

bool is_exclude(RecordType type) {
  return type == RecordType::kIsExclude || type == RecordType::kToExclude;
}

// Whether the host that sent this record is a member after it, as far as the record tells.
enum class StillMember { kYes, kNo, kUnknown };

StillMember member_after(const Record& record) {
  if (record.type == RecordType::kBlock) return StillMember::kUnknown;
  if (is_exclude(record.type) || !record.sources.empty()) return StillMember::kYes;
  return record.type == RecordType::kAllow ? StillMember::kUnknown : StillMember::kNo;
}

}  // namespace

void Membership::Changes::clear() {
  groups.clear();
  refused.clear();
  queries.clear();
  ssm_violations = 0;
  untracked_records = 0;
}

Membership::Membership(const FamilyRules& rules, const Bounds& bounds, std::uint64_t hash_key)
    : rules_(&rules), ledger_(bounds), groups_(0, AddressHash{hash_key}) {}

void Membership::report(const Report& report, const Reporter& reporter, const Terms& terms,
                        Changes& changes) {
  for (const auto& each : report.records) {
    record(each, reporter, terms, changes);
  }
}

void Membership::record(const Record& record, const Reporter& reporter, const Terms& terms,
                        Changes& changes) {
  if (!rules_->tracks(record.group)) {
    ++changes.untracked_records;
    return;
  }
  const bool source_specific = reporter.version == Version::k3 && !is_exclude(record.type);
  if (terms.answered_in == Version::k3 && rules_->ssm_groups.matches(record.group) &&
      !source_specific) {
    ++changes.ssm_violations;
    return;
  }
  const auto refuse = [&](Refused::What what) {
    changes.refused.push_back({what, record.group, reporter.address, reporter.mac});
  };
  const auto found = find_or_add(record, terms.now);
  if (!found) return refuse(Refused::What::kGroup);
  Entry* const entry = *found;
  if (entry == nullptr) return;

  Group& group = entry->group;
  if (group.record(record, terms, ledger_) > 0) refuse(Refused::What::kSource);
  const StillMember member = member_after(record);
  if (member != StillMember::kNo) group.reported_by(reporter, terms);
  if (reporter.version != Version::k3) {
    group.heard_older_host(reporter.version, terms);
  } else if (member == StillMember::kYes) {
    if (!group.track_host(reporter, terms, ledger_)) refuse(Refused::What::kHost);
  } else if (member == StillMember::kNo) {
    group.untrack_host(reporter.address, ledger_);
  }
  settle(*entry, terms, changes);
}

void Membership::leave(const Leave& leave, const Terms& terms, Changes& changes) {
  if (terms.answered_in == Version::k3 && rules_->ssm_groups.matches(leave.group)) {
    ++changes.ssm_violations;
    return;
  }
  const auto at = groups_.find(leave.group);
  if (at == groups_.end()) return;
  at->second.group.record({.type = RecordType::kToInclude, .group = leave.group, .sources = {}},
                          terms, ledger_);
  settle(at->second, terms, changes);
}

void Membership::heard_query(const Query& query, const Terms& terms) {
  const auto at = groups_.find(query.group);
  if (at == groups_.end() || query.suppress || at->second.group.is_link_local()) return;
  // Its last member query time is ours to reckon: what it allows for an answer, as often as it is
  // going to ask (RFC 9776 6.6.1, 8.10).
  Values values = terms.values;
  values.last_member_interval = query.max_response;
  at->second.group.heard_query(query, terms.now + last_member_query_time(values));
  schedule(at->second);
}

void Membership::advance(const Terms& terms, Changes& changes) {
  while (agenda_.next() <= terms.now) {
    const Instant when = agenda_.next();
    const auto at = groups_.find(agenda_.take());
    if (at == groups_.end() || at->second.scheduled != when) continue;
    at->second.scheduled = kNever;
    settle(at->second, terms, changes);
  }
}

void Membership::restart_timers(const Terms& terms) {
  // Not all to the same instant: should they all end together, a full table would keep the process
  // from everything else for that long.
  constexpr Duration kApart = std::chrono::microseconds(1);
  Terms staggered = terms;
  for (const Group* each : page(std::nullopt, groups_.size())) {
    Entry& entry = groups_.at(each->address());
    entry.group.restart_timers(staggered);
    schedule(entry);
    staggered.now += kApart;
  }
}

const Group* Membership::find(Address group) const {
  const auto at = groups_.find(group);
  return at == groups_.end() ? nullptr : &at->second.group;
}

std::vector<const Group*> Membership::page(std::optional<Address> after, std::size_t limit) const {
  std::vector<const Group*> page;
  for (const auto& [address, entry] : groups_) {
    if (!after || address > *after) page.push_back(&entry.group);
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, page.size()));
  std::partial_sort(page.begin(), page.begin() + count, page.end(),
                    [](const Group* a, const Group* b) { return a->address() < b->address(); });
  page.resize(static_cast<std::size_t>(count));
  return page;
}

std::vector<const Group*> Membership::oldest(std::size_t limit) const {
  std::vector<const Group*> all;
  all.reserve(groups_.size());
  for (const auto& [address, entry] : groups_)
    all.push_back(&entry.group);
  if (all.size() <= limit) return all;
  const auto is_older = [](const Group* a, const Group* b) {
    return std::pair(a->first_seen(), a->address()) < std::pair(b->first_seen(), b->address());
  };
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(limit), all.end(),
                   is_older);
  all.resize(limit);
  return all;
}

std::optional<Membership::Entry*> Membership::find_or_add(const Record& record, Instant now) {
  const auto at = groups_.find(record.group);
  if (at != groups_.end()) return &at->second;
  if (member_after(record) != StillMember::kYes) return nullptr;
  if (groups_.size() >= ledger_.bounds.groups) {
    ++ledger_.refused_groups;
    return std::nullopt;
  }
  const bool link_local = rules_->link_local_groups.matches(record.group);
  const auto added =
      groups_.try_emplace(record.group, Entry{.group = Group(record.group, link_local, now)});
  return &added.first->second;
}

void Membership::settle(Entry& entry, const Terms& terms, Changes& changes) {
  Group& group = entry.group;
  if (group.deadline() <= terms.now) group.advance(terms, ledger_, changes.queries);
  using Change = GroupChanged::Change;
  if (!group.wanted()) {
    if (group.is_published())
      changes.groups.push_back({Change::kRemoved, {.group = group.address()}});
    return drop(entry);
  }
  if (group.has_changed()) {
    const Change change = group.is_published() ? Change::kChanged : Change::kAdded;
    changes.groups.push_back({change, group.membership_record()});
    group.mark_published();
  }
  schedule(entry);
}

void Membership::drop(Entry& entry) {
  entry.group.release(ledger_);
  const Address address = entry.group.address();
  groups_.erase(address);
}

void Membership::schedule(Entry& entry) {
  if (entry.group.deadline() >= entry.scheduled) return;
  entry.scheduled = entry.group.deadline();
  agenda_.add(entry.scheduled, entry.group.address());
  // Entries that an earlier one replaced, or whose group is gone, must not pile up.
  constexpr std::size_t kSlack = 1024;
  if (agenda_.size() <= 4 * groups_.size() + kSlack) return;
  agenda_.clear();
  for (const auto& [address, each] : groups_)
    agenda_.add(each.scheduled, address);
}

}  // namespace querent::core
