#pragma once

#include <cstddef>
#include <optional>

#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::core {

// What a segment remembers at most. Past a bound the newcomer is refused and counted; what is
// known stays.
struct Bounds {
  std::size_t groups = 65536;
  std::size_t sources = 262144;  // over all groups
  std::size_t hosts = 262144;    // over all groups
  std::size_t sources_per_group = 1024;
  std::size_t hosts_per_group = 4096;

  bool operator==(const Bounds&) const = default;
};

// What the administrator wants of one segment. Ranges are checked where settings are read; here
// they hold: durations above 0 and of at most a year, query_interval and max_response >= 100 ms,
// robustness 1..7, startup_count >= 1, jitter 0..0.9, no version k1 in IPv6.
struct Settings {
  Version version = Version::k2;
  Duration query_interval = std::chrono::seconds(60);
  std::optional<Duration> timeout;           // other querier present; unset = auto
  std::optional<Duration> max_response;      // unset: see own_values()
  std::optional<Duration> startup_interval;  // unset = min(5 s, query_interval / 4)
  int robustness = 2;
  int startup_count = 3;
  double jitter = 0.25;
  Duration last_member_interval = std::chrono::seconds(1);
  std::optional<Address> source;  // unset = chosen from the link's; unspecified = proxy queries
  bool passive = false;
  bool accept_off_subnet = false;
  bool require_router_alert = false;
  bool follow_older_version = false;
  Bounds bounds;

  bool operator==(const Settings&) const = default;
};

}  // namespace querent::core
