#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/counters.hpp"
#include "core/group.hpp"
#include "core/intervals.hpp"
#include "core/ledger.hpp"
#include "core/role.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// A segment's state as plain values, copied out for whoever shows it.

namespace querent::core {

struct ElectedQuerier {
  Address address;
  MacAddress mac;
  Version version = Version::k2;
  Instant since{};
  Instant last_heard{};
  Duration timeout{0};  // how long it may be silent
};

// The last querier heard that is not the elected one.
struct LastCompetitor {
  Address address;
  MacAddress mac;
  // The first of its queries in our present role that no other competitor's came between, nor five
  // minutes of silence.
  Instant since{};
  Instant heard{};
};

struct SegmentView {
  Family family{};
  Role role = Role::kDown;
  Instant role_since{};
  bool starting = false;                    // querier, and the startup queries are not yet all sent
  std::optional<Address> source{};          // ours, in force
  std::optional<Address> wanted_source{};   // the configured one; none: the lowest there is
  std::optional<ElectedQuerier> elected{};  // another one; none: we are, or there is none
  std::optional<LastCompetitor> last_competitor{};
  std::optional<Instant> next_query{};  // our next general query
  std::optional<Instant> takeover{};    // when the other querier present timer expires
  Version version = Version::k2;        // in force
  Values values{};                      // in force
  bool version_mismatch = false;        // a querier of an older version is about
  std::size_t groups = 0;
  Ledger ledger{};
  Counters counters{};

  // Whether the segment has a querier.
  bool querier_present() const { return role == Role::kQuerier || elected.has_value(); }
};

// What a group comes to in numbers.
struct GroupSummary {
  Address group;
  Instant first_seen{};
  std::size_t members = 1;  // that can be told apart; where hosts are silent for others, 1
};

struct SourceView {
  Address address;
  std::optional<Duration> expires_in;  // none: blocked
};

struct HostView {
  Address address;
  MacAddress mac;
  Duration last_report_ago{0};
};

struct GroupView {
  Address group;
  bool link_local = false;
  FilterMode mode = FilterMode::kInclude;
  Version compatibility = Version::k3;
  Duration known_for{0};
  Duration last_report_ago{0};
  Duration expires_in{0};  // the group timer, or in INCLUDE mode the last source's
  Address last_reporter;
  MacAddress last_reporter_mac;
  std::vector<SourceView> sources{};
  std::vector<HostView> hosts{};  // those that can be told apart: v3
};

}  // namespace querent::core
