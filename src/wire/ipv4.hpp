#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "wire/drop_reason.hpp"

// The IPv4 header around an IGMP message (RFC 791).

namespace querent::wire {

// What a message's envelope says.
struct Ipv4Header {
  Address source;
  Address destination;
  std::uint8_t ttl = 1;
  bool router_alert = true;  // RFC 2113 2.1; found among any options

  bool operator==(const Ipv4Header&) const = default;
};

struct Ipv4Packet {
  Ipv4Header header;
  // Views into what was read: as many octets as the total length says, so neither the padding of
  // a short Ethernet frame nor anything else that follows the packet.
  ByteView payload{};
};

// Octets that `header` needs: 20, or 24 with the Router Alert option.
constexpr std::size_t ipv4_header_size(bool router_alert) {
  return router_alert ? 24 : 20;
}

// The most octets a packet can have: total length is a 16-bit field.
inline constexpr std::size_t kMaxIpv4Packet = 65535;

// Reads one packet that carries IGMP; total. Another protocol's packet is refused before its
// checksum is looked at, because sending hosts capture packets whose checksum hardware fills in.
Result<Ipv4Packet, DropReason> read_ipv4(ByteView packet);

// Writes the header over the first `ipv4_header_size(header.router_alert)` octets of `packet`,
// whose size (that and the payload's, at most kMaxIpv4Packet) becomes the total length. TOS 0xc0
// (internetwork control, RFC 9776 4), DF, and an identification of 0: an unfragmentable packet
// needs none (RFC 6864 4.1), and a raw socket's kernel puts its own where there is 0.
// Of the addresses, which are to be IPv4, the lower 32 bits are written.
void write_ipv4_header(const Ipv4Header& header, std::span<std::uint8_t> packet);

}  // namespace querent::wire
