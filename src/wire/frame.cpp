#include "wire/frame.hpp"

#include <algorithm>
#include <cstddef>

namespace querent::wire {
namespace {

// IEEE 802.3 3.2, 802.1Q 9.6.
constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kAtEthernetSource = 6;
constexpr std::size_t kAtEtherType = 12;
constexpr std::size_t kVlanTag = 4;  // the VLAN's number, then the type of what follows
constexpr std::uint16_t kVlanMask = 0x0FFF;
constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86DD;
constexpr std::uint16_t kTypeCustomerTag = 0x8100;
constexpr std::uint16_t kTypeServiceTag = 0x88A8;

// LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
constexpr std::size_t kCookedHeader = 16;
constexpr std::size_t kCooked2Header = 20;
constexpr std::uint16_t kCookedOutgoing = 4;

// Follows VLAN tags to the IP packet; `rest` is what comes after the header that said `type`.
Result<Frame, DropReason> read_typed(Frame frame, std::uint16_t type, ByteView rest) {
  for (int tags = 0; type == kTypeCustomerTag || type == kTypeServiceTag; ++tags) {
    if (tags == 2) return failure(DropReason::kFrameVlanTags);
    if (rest.size() < kVlanTag) return failure(DropReason::kFrameTruncated);
    const auto vlan = static_cast<std::uint16_t>(load16(rest, 0) & kVlanMask);
    if (vlan != 0) (frame.vlan ? frame.inner_vlan : frame.vlan) = vlan;
    type = load16(rest, 2);
    rest = rest.subspan(kVlanTag);
  }
  if (type != kTypeIpv4 && type != kTypeIpv6) return failure(DropReason::kFrameNotIp);
  frame.family = type == kTypeIpv4 ? Family::kIPv4 : Family::kIPv6;
  frame.payload = rest;
  return frame;
}

MacAddress mac_at(ByteView bytes, std::size_t at) {
  MacAddress mac;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.octets.size(),
              mac.octets.begin());
  return mac;
}

Result<Frame, DropReason> read_ethernet(ByteView frame) {
  if (frame.size() < kEthernetHeader) return failure(DropReason::kFrameTruncated);
  return read_typed({.source = mac_at(frame, kAtEthernetSource)}, load16(frame, kAtEtherType),
                    frame.subspan(kEthernetHeader));
}

Result<Frame, DropReason> read_cooked(ByteView frame) {
  if (frame.size() < kCookedHeader) return failure(DropReason::kFrameTruncated);
  Frame read{.outgoing = load16(frame, 0) == kCookedOutgoing};
  if (load16(frame, 4) == read.source.octets.size()) read.source = mac_at(frame, 6);
  return read_typed(read, load16(frame, 14), frame.subspan(kCookedHeader));
}

Result<Frame, DropReason> read_cooked2(ByteView frame) {
  if (frame.size() < kCooked2Header) return failure(DropReason::kFrameTruncated);
  Frame read{.outgoing = frame[10] == kCookedOutgoing};
  if (frame[11] == read.source.octets.size()) read.source = mac_at(frame, 12);
  return read_typed(read, load16(frame, 0), frame.subspan(kCooked2Header));
}

Result<Frame, DropReason> read_raw(ByteView frame) {
  if (frame.empty()) return failure(DropReason::kFrameTruncated);
  const unsigned version = frame[0] >> 4U;
  if (version != 4 && version != 6) return failure(DropReason::kFrameNotIp);
  return Frame{.family = version == 4 ? Family::kIPv4 : Family::kIPv6, .payload = frame};
}

}  // namespace

std::optional<LinkType> link_type(int number) {
  constexpr int kDltRaw = 12;
  if (number == kDltRaw) return LinkType::kRawIp;
  for (const LinkType type : {LinkType::kEthernet, LinkType::kRawIp, LinkType::kLinuxCooked,
                              LinkType::kRawIpv4, LinkType::kRawIpv6, LinkType::kLinuxCooked2}) {
    if (number == static_cast<int>(type)) return type;
  }
  return std::nullopt;
}

Result<Frame, DropReason> read_frame(LinkType type, ByteView frame) {
  switch (type) {
    case LinkType::kEthernet:
      return read_ethernet(frame);
    case LinkType::kRawIp:
      return read_raw(frame);
    case LinkType::kLinuxCooked:
      return read_cooked(frame);
    case LinkType::kRawIpv4:
      return Frame{.family = Family::kIPv4, .payload = frame};
    case LinkType::kRawIpv6:
      return Frame{.family = Family::kIPv6, .payload = frame};
    case LinkType::kLinuxCooked2:
      return read_cooked2(frame);
  }
  return failure(DropReason::kFrameNotIp);
}

MacAddress multicast_mac(Address group) {
  const auto bits = static_cast<std::uint32_t>(group.low64());
  MacAddress mac{{0x33, 0x33}};
  store32(mac.octets, 2, bits);
  if (group.is_v4()) {
    store32(mac.octets, 2, 0x5E000000U | (bits & 0x7FFFFFU));
    store16(mac.octets, 0, 0x0100);
  }
  return mac;
}

Bytes ethernet_frame(const MacAddress& source, Address destination, ByteView packet) {
  constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
  const MacAddress to = destination.is_multicast() ? multicast_mac(destination) : kBroadcast;
  Bytes frame(kEthernetHeader + packet.size());
  std::copy(to.octets.begin(), to.octets.end(), frame.begin());
  std::copy(source.octets.begin(), source.octets.end(), frame.begin() + kAtEthernetSource);
  store16(frame, kAtEtherType, destination.is_v4() ? kTypeIpv4 : kTypeIpv6);
  std::copy(packet.begin(), packet.end(), frame.begin() + kEthernetHeader);
  return frame;
}

}  // namespace querent::wire
