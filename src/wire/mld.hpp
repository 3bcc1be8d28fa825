#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"

// MLD of both versions (RFC 2710, 9777), with the IPv6 header it travels in.

namespace querent::wire {

// Reads one IPv6 packet, as decode_igmp reads one of IPv4: total, as frugal, as forgiving.
//
// A query's version is known by its length: 24 octets are MLDv1, 28 and more MLDv2 (RFC 9777 8.1).
// Any ICMPv6 code will do, and any reserved field. A group of IPv4 that is written as an IPv6
// address is no group.
Result<Packet, DropReason> decode_mld(ByteView packet);

// The IPv6 packet of a message, as encode_igmp makes one of IPv4: defined for every value, the
// same octets for the same value. What differs:
//
//   version         k1, which MLD does not have, is sent as MLDv1
//   max_response    milliseconds; below 1 ms, but not 0: 1 ms. MLDv1: up to 65,535 ms. MLDv2: up
//                   to 8,387,584 ms, exactly or the next lower code
//   v1 report       the group of the first record; of a report without records: ::
//
// The packet has up to 65,575 octets, the IPv6 header's 40 among them. Addresses are to be IPv6.
Bytes encode_mld(const Packet& packet);

// How many sources an MLDv2 query can name in one packet of at most `mtu` octets (RFC 9777
// 5.1.10): 89 for Ethernet's 1,500.
std::size_t max_mld_query_sources(std::size_t mtu);

}  // namespace querent::wire
