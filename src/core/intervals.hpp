#pragma once

#include "core/settings.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// The derived intervals of the RFCs, each by its name and nowhere else. Section numbers are
// RFC 9776's; RFC 9777 has the same ones in its section 9.

namespace querent::core {

// The values that a segment goes by: its own settings, or on a non-querier what the elected
// querier announced.
struct Values {
  int robustness = 2;                                       // 8.1
  Duration query_interval = std::chrono::seconds(60);       // 8.2
  Duration query_response = std::chrono::seconds(10);       // 8.3
  Duration last_member_interval = std::chrono::seconds(1);  // 8.8

  bool operator==(const Values&) const = default;
};

// The least response time that a v2 query can announce: a code of 0 would make it a v1 query.
inline constexpr Duration kMinQueryResponse = std::chrono::milliseconds(100);

// What a segment of this version goes by when it is its own querier.
Values own_values(const Settings& settings, Version version);

// 8.6, bounded so that a switch that forgets fast is served soon.
Duration startup_query_interval(const Settings& settings);

// 8.4
Duration group_membership_interval(const Values& values);

// 8.5
Duration other_querier_present_interval(const Values& values);

// The query interval of a querier that does not announce it, given how long we wait for it:
// 8.5 solved for the interval.
Duration query_interval_behind(Duration other_querier_present, const Values& values);

// 8.10
Duration last_member_query_time(const Values& values);

// 8.13
Duration older_host_present_interval(const Values& values);

// 8.12: how long an older querier's version is followed after its last query.
Duration older_version_querier_present_interval(const Values& values);

}  // namespace querent::core
