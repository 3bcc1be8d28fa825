#include "wire/ipv6.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "wire/checksum.hpp"

namespace querent::wire {
namespace {

// RFC 8200 3.
constexpr std::size_t kFixedHeader = 40;
constexpr std::size_t kAtPayloadLength = 4;
constexpr std::size_t kAtNextHeader = 6;
constexpr std::size_t kAtHopLimit = 7;
constexpr std::size_t kAtSource = 8;
constexpr std::size_t kAtDestination = 24;
constexpr std::size_t kAddress = 16;

// What may come next: https://www.iana.org/assignments/ipv6-parameters, extension header types.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr auto kOtherExtensions =
    std::to_array<std::uint8_t>({43, 50, 51, 60, 135, 139, 140, 253, 254});

// The Hop-by-Hop Options header (RFC 8200 4.3) counts its length in units of 8 octets, the first
// not included.
constexpr std::size_t kExtensionUnit = 8;
constexpr std::size_t kOptionsAt = 2;

// Options (RFC 8200 4.2).
constexpr std::uint8_t kPad1 = 0;
constexpr std::size_t kOptionHeader = 2;
constexpr std::uint8_t kNotToBeSkipped = 0xC0;
constexpr std::uint8_t kRouterAlert = 5;  // RFC 2711 2.1
constexpr std::size_t kRouterAlertSize = kOptionHeader + 2;
constexpr std::uint16_t kAlertsToMld = 0;

// ICMPv6 next, no length, Router Alert for MLD, and a PadN that fills the unit.
constexpr auto kHopByHopWithAlert =
    std::to_array<std::uint8_t>({kIcmpv6, 0, kRouterAlert, 2, 0, kAlertsToMld, 1, 0});

Address address_at(ByteView bytes, std::size_t at) {
  return Address::from_bytes(bytes.subspan(at).first<kAddress>());
}

void store_address(std::span<std::uint8_t> bytes, std::size_t at, Address address) {
  const auto octets = address.to_bytes();
  std::copy(octets.begin(), octets.end(), bytes.subspan(at).begin());
}

DropReason reason_against(std::uint8_t next_header) {
  if (next_header == kFragment) return DropReason::kIpFragment;
  const bool extension = next_header == kHopByHop ||
                         std::find(kOtherExtensions.begin(), kOtherExtensions.end(), next_header) !=
                             kOtherExtensions.end();
  return extension ? DropReason::kIpExtension : DropReason::kIpProtocol;
}

// Whether MLD's Router Alert is among the options.
Result<bool, DropReason> find_router_alert(ByteView options) {
  bool found = false;
  while (!options.empty()) {
    const std::uint8_t type = options[0];
    if (type == kPad1) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < kOptionHeader) return failure(DropReason::kIpOption);
    const std::size_t size = kOptionHeader + options[1];
    if (size > options.size()) return failure(DropReason::kIpOption);
    if ((type & kNotToBeSkipped) != 0) return failure(DropReason::kIpOptionUnknown);
    if (type == kRouterAlert) {
      if (size != kRouterAlertSize) return failure(DropReason::kIpOption);
      if (load16(options, kOptionHeader) == kAlertsToMld) found = true;
    }
    options = options.subspan(size);
  }
  return found;
}

// Takes the Hop-by-Hop Options header off the payload.
Result<Ipv6Packet, DropReason> without_hop_by_hop(Ipv6Packet packet) {
  if (packet.payload.size() < kExtensionUnit) return failure(DropReason::kIpTotalLength);
  const std::size_t size = kExtensionUnit * (std::size_t{1} + packet.payload[1]);
  if (packet.payload.size() < size) return failure(DropReason::kIpTotalLength);
  const std::uint8_t next = packet.payload[0];
  if (next != kIcmpv6) return failure(reason_against(next));
  const auto router_alert = find_router_alert(packet.payload.first(size).subspan(kOptionsAt));
  if (!router_alert) return failure(router_alert.error());
  packet.header.router_alert = *router_alert;
  packet.payload = packet.payload.subspan(size);
  return packet;
}

}  // namespace

Result<Ipv6Packet, DropReason> read_ipv6(ByteView packet) {
  if (packet.empty()) return failure(DropReason::kIpTruncated);
  if ((packet[0] >> 4U) != 6) return failure(DropReason::kIpVersion);
  if (packet.size() < kFixedHeader) return failure(DropReason::kIpTruncated);
  const std::uint8_t next = packet[kAtNextHeader];
  if (next != kIcmpv6 && next != kHopByHop) return failure(reason_against(next));
  const std::size_t length = load16(packet, kAtPayloadLength);
  if (length == 0) return failure(DropReason::kIpTotalLength);
  if (length > packet.size() - kFixedHeader) return failure(DropReason::kIpTruncated);
  const Ipv6Packet read{.header = {.source = address_at(packet, kAtSource),
                                   .destination = address_at(packet, kAtDestination),
                                   .hop_limit = packet[kAtHopLimit],
                                   .router_alert = false},
                        .payload = packet.subspan(kFixedHeader, length)};
  if (read.header.source.is_v4() || read.header.destination.is_v4()) {
    return failure(DropReason::kIpMapped);
  }
  if (next == kIcmpv6) return read;
  return without_hop_by_hop(read);
}

void write_ipv6_header(const Ipv6Header& header, std::span<std::uint8_t> packet) {
  CHECK(packet.size() >= ipv6_header_size(header.router_alert) && packet.size() <= kMaxIpv6Packet);
  store32(packet, 0, 0x60000000);
  store16(packet, kAtPayloadLength, static_cast<std::uint16_t>(packet.size() - kFixedHeader));
  packet[kAtNextHeader] = header.router_alert ? kHopByHop : kIcmpv6;
  packet[kAtHopLimit] = header.hop_limit;
  store_address(packet, kAtSource, header.source);
  store_address(packet, kAtDestination, header.destination);
  if (!header.router_alert) return;
  std::copy(kHopByHopWithAlert.begin(), kHopByHopWithAlert.end(),
            packet.subspan(kFixedHeader).begin());
}

std::uint16_t pseudo_header_checksum(const Ipv6Header& header, std::size_t size) {
  std::array<std::uint8_t, 2 * kAddress + 8> pseudo{};
  store_address(pseudo, 0, header.source);
  store_address(pseudo, kAddress, header.destination);
  store32(pseudo, 2 * kAddress, static_cast<std::uint32_t>(size));
  pseudo.back() = kIcmpv6;
  return checksum(pseudo);
}

}  // namespace querent::wire
