#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"

// IGMP of all three versions (RFC 1112, 2236, 9776), with the IPv4 header it travels in.

namespace querent::wire {

// Reads one IPv4 packet. Total: any octets give a message or the reason why they are none.
// Allocates no more than the octets at hand can fill, whatever numbers they announce.
//
// Forgiven, as the RFCs demand: reserved fields and flags of any value, auxiliary data, octets
// beyond the message (they count in the checksum), and records that no version defines or whose
// group is none (left out of the report, counted in Report::skipped_records).
// Not forgiven: a record that reaches beyond the report's end condemns the whole report, because
// nothing says where its records begin; and single bits: both checksums must be right.
//
// A query's version is known by its length and code (RFC 9776 7.1). A v1 query has a
// max_response of 10 s and no group, whatever its group field says (RFC 1112 appendix I).
// Sources are given as sent, also those of a general query, which should have none.
Result<Packet, DropReason> decode_igmp(ByteView packet);

// The IPv4 packet of a message, ready for the wire: the same octets for the same value. Defined
// for every value; what a field cannot hold becomes the nearest thing it can:
//
//   max_response    v1: not sent. v2: tenths of a second, 0.1 to 25.5 s. v3: up to 3,174.4 s,
//                   exactly or the next lower code; below 0.1 s, but not 0: 0.1 s
//   robustness      above 7: 0, "not said" (RFC 9776 4.1.6)
//   query_interval  seconds, up to 31,744; exactly or the next lower code; below 1 s: 0, "not said"
//   group           not sent in a v1 query, which is always a general one
//   v1, v2 report   the group of the first record; of a report without records: 0.0.0.0
//   skipped_records not sent
//
// Sources and records that would make the packet larger than 65,535 octets are left out, last
// ones first; who sends many asks max_igmp_query_sources. Addresses are to be IPv4.
Bytes encode_igmp(const Packet& packet);

// How many sources a v3 query can name in one packet of at most `mtu` octets (RFC 9776 4.1.8):
// 366 for Ethernet's 1,500.
std::size_t max_igmp_query_sources(std::size_t mtu);

}  // namespace querent::wire
