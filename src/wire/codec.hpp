#pragma once

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/drop_reason.hpp"
#include "wire/message.hpp"

// Between octets and messages, whatever the family: each has a codec with these two doors.

namespace querent::wire {

// Reads one packet, from its IP header on. Total: any octets give a message or a reason.
// What a family's messages are forgiven: igmp.hpp.
Result<Packet, DropReason> decode(Family family, ByteView packet);

// The packet to send, from its IP header on, of the destination's family; empty when the family
// is not spoken here (decode answers DropReason::kFamily to it).
Bytes encode(const Packet& packet);

}  // namespace querent::wire
