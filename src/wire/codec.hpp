#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"

// Between octets and messages, whatever the family: each has a codec behind these doors.

namespace querent::wire {

// Reads one packet, from its IP header on. Total: any octets give a message or a reason.
// What a family's messages are forgiven: igmp.hpp, mld.hpp.
Result<Packet, DropReason> decode(Family family, ByteView packet);

// The packet to send, from its IP header on, of the destination's family; the other addresses are
// to be of the same.
Bytes encode(const Packet& packet);

// How many sources a v3 query can name in one packet of at most `mtu` octets.
std::size_t max_query_sources(Family family, std::size_t mtu);

}  // namespace querent::wire
