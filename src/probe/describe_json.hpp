#pragma once

#include <string>

#include "probe/observation.hpp"
#include "querent/time.hpp"

namespace querent::probe {

// What is known of a frame beside what is in it.
struct Occasion {
  Duration time{};           // since 1970-01-01 00:00 UTC
  std::string interface {};  // empty: from a file
};

// One JSON object in one line, without a line end. A key that does not apply is absent; keys are
// only ever added:
//
//   time                    "2026-01-31T12:00:00.123456789Z"
//   interface               of a live capture
//   mac                     the sender's
//   this_host               true: sent by the capturing host; else absent
//   vlan, inner_vlan        numbers
//   family                  ipv4: IGMP; ipv6: MLD
//   source, destination     addresses; of a broken packet what it claims
//   ttl, hop_limit          number: of ipv4 the one, of ipv6 the other
//   router_alert            boolean
//   kind                    general_query, group_query, group_source_query, report, leave (MLD
//                           calls it done); broken: a packet that cannot be read
//   igmp_type, icmpv6_type  number, of a broken packet of ipv4 or ipv6
//   version                 1, 2, 3 of IGMP; 1, 2 of MLD
//   group                   of a group query, a leave, an IGMPv1, IGMPv2 or MLDv1 report
//   max_response_seconds    of a query
//   sources                 of a group_source_query: list of addresses
//   proxy                   true: a query from 0.0.0.0; else absent
//   suppress, robustness, query_interval_seconds
//                           of an IGMPv3 or MLDv2 query: S (boolean), QRV and QQIC (0: not said)
//   records                 of an IGMPv3 or MLDv2 report: list of {type, group, sources}, where
//   type is is_in,
//                           is_ex, to_in, to_ex, allow or block
//   skipped_records         number of records that mean nothing, if there are any
//   rejected, why           name in metrics of the reason why querent would ignore it, and words
//   text                    the line that is shown without --json
std::string describe_json(const Observation& observation, const Occasion& occasion);

// "2026-01-31T12:00:00.123456789Z"
std::string in_utc(Duration time);

}  // namespace querent::probe
