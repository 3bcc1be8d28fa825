#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "wire/drop_reason.hpp"

// The IPv6 header around an MLD message, and the Hop-by-Hop Options header between them
// (RFC 8200 3, 4.3).

namespace querent::wire {

// What a message's envelope says.
struct Ipv6Header {
  Address source;
  Address destination;
  std::uint8_t hop_limit = 1;
  bool router_alert = true;  // MLD's, of value 0 (RFC 2711 2.1); found among any options

  bool operator==(const Ipv6Header&) const = default;
};

struct Ipv6Packet {
  Ipv6Header header;
  // Views into what was read: what comes behind the headers, as far as the payload length says.
  ByteView payload{};
};

// Octets that `header` needs: 40, or 48 with a Hop-by-Hop Options header for Router Alert.
constexpr std::size_t ipv6_header_size(bool router_alert) {
  return router_alert ? 48 : 40;
}

// The most octets a packet can have: payload length is a 16-bit field, and does not count the
// first 40. Jumbograms (RFC 2675) are not for us.
inline constexpr std::size_t kMaxIpv6Packet = 40 + 65535;

// Reads one packet that carries ICMPv6, directly behind the IPv6 header or behind one Hop-by-Hop
// Options header; total. MLD is nowhere else: whatever is behind another extension header is
// refused.
//
// An option we do not know is skipped where its type allows that, and else the packet is refused,
// as every host has to (RFC 8200 4.2): what such an option asks for, we would not do. Pad1 and
// PadN may be anywhere; a Router Alert of another value is not for MLD.
//
// A packet from or to an IPv4-mapped address is refused: none belongs on a wire (RFC 4291
// 2.5.5.2, RFC 6890 2.2.3), and an Address of that kind would pass for an IPv4 address.
Result<Ipv6Packet, DropReason> read_ipv6(ByteView packet);

// Writes the headers over the first `ipv6_header_size(header.router_alert)` octets of `packet`,
// whose size (that and the message's, at most kMaxIpv6Packet) gives the payload length. Traffic
// class and flow label are 0.
void write_ipv6_header(const Ipv6Header& header, std::span<std::uint8_t> packet);

// The checksum of the pseudo header (RFC 8200 8.1) before a message of `size` octets, which goes
// on into the message's own checksum.
std::uint16_t pseudo_header_checksum(const Ipv6Header& header, std::size_t size);

}  // namespace querent::wire
