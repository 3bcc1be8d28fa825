// The part of Segment that is looked at.

#include <algorithm>

#include "core/segment.hpp"

namespace querent::core {

namespace {

// A blocked source has no time left; its timer means nothing.
std::optional<Duration> time_left(const Source& source, Instant now) {
  if (source.blocked) return std::nullopt;
  return std::max(source.expires - now, Duration::zero());
}

GroupView view_of(const Group& group, Instant now) {
  GroupView view{
      .group = group.address(),
      .link_local = group.is_link_local(),
      .mode = group.mode(),
      .compatibility = group.compatibility(now),
      .known_for = now - group.first_seen(),
      .last_report_ago = now - group.last_report(),
      .last_reporter = group.last_reporter().address,
      .last_reporter_mac = group.last_reporter().mac,
  };
  Instant expires = group.mode() == FilterMode::kExclude ? group.expires() : now;
  for (const auto& source : group.sources()) {
    view.sources.push_back({.address = source.address, .expires_in = time_left(source, now)});
    if (group.mode() == FilterMode::kInclude) expires = std::max(expires, source.expires);
  }
  view.expires_in = std::max(expires - now, Duration::zero());
  for (const auto& host : group.hosts()) {
    view.hosts.push_back({host.address, host.mac, now - host.last_report});
  }
  return view;
}

}  // namespace

SegmentView Segment::view(Instant now) const {
  const Terms in_force = terms(now);
  SegmentView view{
      .family = rules_->family,
      .role = role_,
      .role_since = role_since_,
      .starting = schedule_.is_starting(),
      .source = link_ ? source_ : std::nullopt,
      .wanted_source = settings_.source,
      .last_competitor = last_competitor_,
      .version = in_force.version,
      .values = in_force.values,
      .version_mismatch =
          now < *std::max_element(older_version_until_.begin(), older_version_until_.end()),
      .groups = membership_.size(),
      .ledger = membership_.ledger(),
      .counters = counters_,
  };
  if (const auto& elected = election_.elected()) {
    const Duration timeout = Election::timeout(*elected, settings_);
    view.elected = ElectedQuerier{elected->address, elected->mac,        elected->version,
                                  elected->since,   elected->last_heard, timeout};
    view.takeover = election_.deadline(settings_);
  }
  if (schedule_.due() != kNever) view.next_query = schedule_.due();
  return view;
}

std::vector<GroupView> Segment::groups(std::optional<Address> after, std::size_t limit,
                                       Instant now) const {
  std::vector<GroupView> views;
  for (const Group* group : membership_.page(after, limit))
    views.push_back(view_of(*group, now));
  return views;
}

std::vector<GroupSummary> Segment::oldest_groups(std::size_t limit) const {
  std::vector<GroupSummary> oldest;
  for (const Group* group : membership_.oldest(limit)) {
    const std::size_t members = std::max<std::size_t>(group->hosts().size(), 1);
    oldest.push_back({group->address(), group->first_seen(), members});
  }
  return oldest;
}

}  // namespace querent::core
