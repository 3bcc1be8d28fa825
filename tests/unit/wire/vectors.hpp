#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "querent/message.hpp"

// Packets whose every octet was worked out from the RFCs, and tools to spoil them.

namespace querent::wire::test {

// A packet as it must be sent, and what it says.
struct Vector {
  std::string_view name;
  Bytes packet;
  Packet value;
};

// One of each kind of message, and of what may vary in it: of IGMP, and of MLD.
const std::vector<Vector>& vectors();
const std::vector<Vector>& mld_vectors();

// The one of this name.
const Vector& vector(std::string_view name, const std::vector<Vector>& among = vectors());

// Octets from hexadecimal digits; blanks do not count.
Bytes octets(std::string_view digits);

// An IPv4 packet around the message, from 192.0.2.9 to 224.0.0.22, TTL 1, with right checksums.
// `options` is what stands in the header's option field (a multiple of 4 octets).
Bytes around(Bytes message, std::string_view options = "94040000");

// The packet with its checksums put right: the message's over all that follows the header, as far
// as the header's length field makes sense; else as it is.
Bytes sealed(Bytes packet);

// An IPv6 packet around the message, from fe80::9 to ff02::16, hop limit 1, with a right checksum.
// `hop_by_hop` is the Hop-by-Hop Options header; none when empty.
Bytes around_mld(Bytes message, std::string_view hop_by_hop = "3a00050200000100");

// Where the message begins in an IPv6 packet, of 42 octets and more, by what its headers say.
std::size_t mld_message_at(ByteView packet);

// The packet with its message's checksum put right, as `sealed` does it for IPv4.
Bytes sealed_mld(Bytes packet);

// RFC 1071 to the letter: one word at a time, the carry at once, the complement at the end.
std::uint16_t slow_checksum(ByteView bytes);

}  // namespace querent::wire::test
