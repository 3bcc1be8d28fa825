#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "wire/drop_reason.hpp"

// What link layers put before an IP packet, as capture files hold it.

namespace querent::wire {

// The numbers of a capture file's header (https://www.tcpdump.org/linktypes.html).
enum class LinkType : std::uint16_t {
  kEthernet = 1,
  kRawIp = 101,        // the packet alone; its first nibble says the family
  kLinuxCooked = 113,  // "any" device, SLL
  kRawIpv4 = 228,
  kRawIpv6 = 229,
  kLinuxCooked2 = 276,  // SLL2
};

// The link type of a number from a capture file or from pcap_datalink(), which has a number of
// its own (12) for raw IP; nothing when we cannot read such frames.
std::optional<LinkType> link_type(int number);

struct Frame {
  MacAddress source{};  // unknown where the link type does not carry it
  // The VLAN the frame is in, and the one inside it (802.1ad); tags that give a priority only
  // (VLAN 0) do not count.
  std::optional<std::uint16_t> vlan{};
  std::optional<std::uint16_t> inner_vlan{};
  Family family = Family::kIPv4;
  bool outgoing = false;  // sent by the capturing host itself, where the cooked header says so
  // The IP packet and whatever pads the frame. Views into what was read.
  ByteView payload{};
};

// Total: any octets give a frame or a reason. Up to two VLAN tags (802.1Q, 802.1ad) are read.
Result<Frame, DropReason> read_frame(LinkType type, ByteView frame);

// Where a group's frames go: 01:00:5e and 23 bits of an IPv4 group (RFC 1112 6.4), 33:33 and 32
// bits of an IPv6 one (RFC 2464 7).
MacAddress multicast_mac(Address group);

// An Ethernet frame around an IP packet for `destination`: a group, or else it is broadcast, for
// nobody here asks for other hosts' addresses. Not padded: what puts it on a wire does that.
Bytes ethernet_frame(const MacAddress& source, Address destination, ByteView packet);

}  // namespace querent::wire
