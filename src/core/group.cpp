#include "core/group.hpp"

#include <iterator>
#include <utility>

namespace querent::core {

namespace {

// Hosts that fall silent are forgotten in batches, so that a full group costs no scan for each.
constexpr Duration kHostSweep = std::chrono::seconds(1);

constexpr auto kByAddress = [](const auto& a, const auto& b) { return a.address < b.address; };
constexpr auto kBelow = [](const auto& entry, Address address) { return entry.address < address; };

std::vector<Address> sorted_set(std::vector<Address> addresses) {
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

// What was freed must not stay reserved: the bounds speak of memory.
template <class Entry>
void give_back_room(std::vector<Entry>& entries) {
  constexpr std::size_t kSpare = 16;
  if (entries.capacity() > 2 * entries.size() + kSpare) entries.shrink_to_fit();
}

bool contains(const std::vector<Address>& sorted, Address address) {
  return std::binary_search(sorted.begin(), sorted.end(), address);
}

}  // namespace

std::size_t Group::record(const Record& record, const Terms& terms, Ledger& ledger) {
  const Version treated_as = compatibility(terms.now);
  const auto listed = sorted_set(record.sources);
  const Instant renewed = terms.now + group_membership_interval(terms.values);
  std::size_t refused = 0;

  switch (record.type) {
    case RecordType::kIsInclude:
    case RecordType::kAllow:
      refused = request(listed, renewed, ledger);
      break;
    case RecordType::kToInclude:
      if (treated_as == Version::k1) break;
      ask_sources(Which::kOthers, listed, terms, ledger);
      refused = request(listed, renewed, ledger);
      ask_group(terms, ledger);
      break;
    case RecordType::kIsExclude:
      answered(terms);
      refused = exclude(listed, renewed, renewed, ledger);
      break;
    case RecordType::kToExclude:
      answered(terms);
      if (treated_as == Version::k3) {
        refused = exclude(listed, expires_, renewed, ledger);
        ask_sources(Which::kListed, listed, terms, ledger);
      } else {
        exclude({}, expires_, renewed, ledger);
      }
      break;
    case RecordType::kBlock:
      if (treated_as != Version::k3) break;
      refused = block(listed, ledger);
      ask_sources(Which::kListed, listed, terms, ledger);
      break;
  }
  return refused;
}

std::size_t Group::request(const Addresses& listed, Instant expires, Ledger& ledger) {
  if (listed.empty()) return 0;
  bool unblocked = false;
  for (const Address address : listed) {
    Source* known = find_source(address);
    if (known == nullptr) continue;
    known->expires = expires;
    if (std::exchange(known->blocked, false)) unblocked = true;
  }
  changed_ = changed_ || unblocked;
  wake_at(expires);
  return add_sources(unknown_of(listed), Source{.expires = expires}, ledger);
}

std::size_t Group::exclude(const Addresses& listed, Instant new_sources_expire,
                           Instant group_expires, Ledger& ledger) {
  const auto unknown = unknown_of(listed);
  ledger.sources -= std::erase_if(sources_, [&](const Source& source) {
    if (contains(listed, source.address)) return false;
    changed_ = changed_ || source.blocked;
    return true;
  });
  const bool was_including = mode_ == FilterMode::kInclude;
  changed_ = changed_ || was_including;
  mode_ = FilterMode::kExclude;
  expires_ = group_expires;
  const std::size_t refused =
      add_sources(unknown, Source{.expires = new_sources_expire, .blocked = was_including}, ledger);
  give_back_room(sources_);
  wake_at(was_including ? group_expires : std::min(group_expires, new_sources_expire));
  return refused;
}

std::size_t Group::block(const Addresses& listed, Ledger& ledger) {
  if (mode_ == FilterMode::kInclude) return 0;
  return add_sources(unknown_of(listed), Source{.expires = expires_}, ledger);
}

Group::Addresses Group::unknown_of(const Addresses& listed) const {
  Addresses unknown;
  std::copy_if(listed.begin(), listed.end(), std::back_inserter(unknown), [this](Address address) {
    const auto at = std::lower_bound(sources_.begin(), sources_.end(), address, kBelow);
    return at == sources_.end() || at->address != address;
  });
  return unknown;
}

std::size_t Group::add_sources(const Addresses& unknown, const Source& like, Ledger& ledger) {
  const std::size_t taken = std::min(unknown.size(), ledger.room_for_sources(sources_.size()));
  const std::size_t refused = unknown.size() - taken;
  ledger.refused_sources += refused;
  ledger.sources += taken;
  if (taken > 0 && (mode_ == FilterMode::kInclude || like.blocked)) changed_ = true;
  const auto old_size = static_cast<std::ptrdiff_t>(sources_.size());
  for (std::size_t i = 0; i < taken; ++i) {
    sources_.push_back(like);
    sources_.back().address = unknown[i];
  }
  std::inplace_merge(sources_.begin(), sources_.begin() + old_size, sources_.end(), kByAddress);
  return refused;
}

Source* Group::find_source(Address address) {
  const auto at = std::lower_bound(sources_.begin(), sources_.end(), address, kBelow);
  return at != sources_.end() && at->address == address ? &*at : nullptr;
}

void Group::heard_older_host(Version version, const Terms& terms) {
  const Instant until = terms.now + older_host_present_interval(terms.values);
  if (version == Version::k1) version1_host_until_ = until;
  if (version == Version::k2) version2_host_until_ = until;
}

Version Group::compatibility(Instant now) const {
  if (now < version1_host_until_) return Version::k1;
  if (now < version2_host_until_) return Version::k2;
  return Version::k3;
}

void Group::reported_by(const Reporter& reporter, const Terms& terms) {
  last_reporter_ = reporter;
  last_report_ = terms.now;
}

bool Group::track_host(const Reporter& reporter, const Terms& terms, Ledger& ledger) {
  auto at = std::lower_bound(hosts_.begin(), hosts_.end(), reporter.address, kBelow);
  if (at == hosts_.end() || at->address != reporter.address) {
    if (ledger.room_for_hosts(hosts_.size()) == 0) {
      ++ledger.refused_hosts;
      return false;
    }
    ++ledger.hosts;
    at = hosts_.insert(at, Member{.address = reporter.address});
  }
  at->mac = reporter.mac;
  at->last_report = terms.now;
  at->expires = terms.now + group_membership_interval(terms.values);
  wake_at(at->expires);
  return true;
}

void Group::untrack_host(Address host, Ledger& ledger) {
  const auto at = std::lower_bound(hosts_.begin(), hosts_.end(), host, kBelow);
  if (at == hosts_.end() || at->address != host) return;
  hosts_.erase(at);
  give_back_room(hosts_);
  --ledger.hosts;
}

void Group::heard_query(const Query& query, Instant expires) {
  if (query.sources.empty()) expires_ = std::min(expires_, expires);
  for (const Address address : query.sources) {
    Source* source = find_source(address);
    if (source != nullptr) source->expires = std::min(source->expires, expires);
  }
  wake_at(expires);
}

void Group::restart_timers(const Terms& terms) {
  const Instant renewed = terms.now + group_membership_interval(terms.values);
  expires_ = renewed;
  for (auto& source : sources_)
    source.expires = renewed;
  for (auto& host : hosts_)
    host.expires = renewed;
  cancel_questions();
  wake_at(renewed);
}

void Group::mark_published() {
  changed_ = false;
  published_ = true;
}

MembershipRecord Group::membership_record() const {
  MembershipRecord record{.group = address_, .mode = mode_};
  for (const auto& source : sources_) {
    if (source.blocked == (mode_ == FilterMode::kExclude)) record.sources.push_back(source.address);
  }
  return record;
}

void Group::release(Ledger& ledger) const {
  ledger.sources -= sources_.size();
  ledger.hosts -= hosts_.size();
}

void Group::advance(const Terms& terms, Ledger& ledger, std::vector<Query>& queries) {
  expire(ledger, terms.now);
  if (terms.now >= next_query_) send_due(terms, queries);
  deadline_ = earliest_timer(terms.now);
}

void Group::expire(Ledger& ledger, Instant now) {
  if (mode_ == FilterMode::kInclude) {
    const auto gone = std::erase_if(sources_, [now](const Source& s) { return s.expires <= now; });
    ledger.sources -= gone;
    changed_ = changed_ || gone > 0;
  } else {
    for (auto& source : sources_) {
      if (source.blocked || source.expires > now) continue;
      source.blocked = true;
      source.queries_left = 0;
      changed_ = true;
    }
  }
  if (mode_ == FilterMode::kExclude && expires_ <= now) {
    mode_ = FilterMode::kInclude;
    changed_ = true;
    queries_left_ = 0;
    ledger.sources -= std::erase_if(sources_, [](const Source& s) { return s.blocked; });
  }
  ledger.hosts -= std::erase_if(hosts_, [now](const Member& host) { return host.expires <= now; });
  give_back_room(sources_);
  give_back_room(hosts_);
}

Instant Group::earliest_timer(Instant now) const {
  Instant earliest = next_query_;
  if (mode_ == FilterMode::kExclude) earliest = std::min(earliest, expires_);
  for (const auto& source : sources_) {
    if (!source.blocked) earliest = std::min(earliest, source.expires);
  }
  for (const auto& host : hosts_) {
    earliest = std::min(earliest, std::max(host.expires, now + kHostSweep));
  }
  return earliest;
}

}  // namespace querent::core
