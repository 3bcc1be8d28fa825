#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "wire/message.hpp"

// Packets whose every octet was worked out from the RFCs, and tools to spoil them.

namespace querent::wire::test {

// A packet as it must be sent, and what it says.
struct Vector {
  std::string_view name;
  Bytes packet;
  Packet value;
};

// One of each kind of message, and of what may vary in it.
const std::vector<Vector>& vectors();

// The one of this name.
const Vector& vector(std::string_view name);

// Octets from hexadecimal digits; blanks do not count.
Bytes octets(std::string_view digits);

// An IPv4 packet around the message, from 192.0.2.9 to 224.0.0.22, TTL 1, with right checksums.
// `options` is what stands in the header's option field (a multiple of 4 octets).
Bytes around(Bytes message, std::string_view options = "94040000");

// The packet with its checksums put right: the message's over all that follows the header, as far
// as the header's length field makes sense; else as it is.
Bytes sealed(Bytes packet);

// RFC 1071 to the letter: one word at a time, the carry at once, the complement at the end.
std::uint16_t slow_checksum(ByteView bytes);

}  // namespace querent::wire::test
