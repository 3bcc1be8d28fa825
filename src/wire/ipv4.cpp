#include "wire/ipv4.hpp"

#include "base/check.hpp"
#include "wire/checksum.hpp"

namespace querent::wire {
namespace {

// RFC 791 3.1.
constexpr std::size_t kFixedHeader = 20;
constexpr std::size_t kAtTos = 1;
constexpr std::size_t kAtTotalLength = 2;
constexpr std::size_t kAtFragment = 6;
constexpr std::size_t kAtTtl = 8;
constexpr std::size_t kAtProtocol = 9;
constexpr std::size_t kAtChecksum = 10;
constexpr std::size_t kAtSource = 12;
constexpr std::size_t kAtDestination = 16;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint16_t kMoreFragmentsOrOffset = 0x3FFF;
constexpr std::uint8_t kEndOfOptions = 0;
constexpr std::uint8_t kNoOperation = 1;

constexpr std::uint8_t kProtocolIgmp = 2;               // RFC 1112 appendix I, RFC 9776 4
constexpr std::uint8_t kTosInternetworkControl = 0xC0;  // RFC 9776 4
constexpr std::uint32_t kRouterAlert = 0x94040000;      // RFC 2113 2.1
constexpr std::uint8_t kRouterAlertType = 0x94;
constexpr std::size_t kRouterAlertSize = 4;

// Whether Router Alert is among the options.
Result<bool, DropReason> find_router_alert(ByteView options) {
  bool found = false;
  while (!options.empty() && options[0] != kEndOfOptions) {
    if (options[0] == kNoOperation) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2) return failure(DropReason::kIpOption);
    const std::size_t size = options[1];
    if (size < 2 || size > options.size()) return failure(DropReason::kIpOption);
    if (options[0] == kRouterAlertType) {
      if (size != kRouterAlertSize) return failure(DropReason::kIpOption);
      // Other values are reserved, and ask nothing of a router.
      if (load32(options, 0) == kRouterAlert) found = true;
    }
    options = options.subspan(size);
  }
  return found;
}

}  // namespace

Result<Ipv4Packet, DropReason> read_ipv4(ByteView packet) {
  if (packet.empty()) return failure(DropReason::kIpTruncated);
  if ((packet[0] >> 4U) != 4) return failure(DropReason::kIpVersion);
  const std::size_t header_size = (packet[0] & 0xFU) * std::size_t{4};
  if (header_size < kFixedHeader) return failure(DropReason::kIpHeaderLength);
  if (packet.size() < header_size) return failure(DropReason::kIpTruncated);
  if (packet[kAtProtocol] != kProtocolIgmp) return failure(DropReason::kIpProtocol);
  if (checksum(packet.first(header_size)) != 0) return failure(DropReason::kIpChecksum);
  const std::size_t total = load16(packet, kAtTotalLength);
  if (total < header_size) return failure(DropReason::kIpTotalLength);
  if (total > packet.size()) return failure(DropReason::kIpTruncated);
  if ((load16(packet, kAtFragment) & kMoreFragmentsOrOffset) != 0) {
    return failure(DropReason::kIpFragment);
  }
  const auto router_alert =
      find_router_alert(packet.subspan(kFixedHeader, header_size - kFixedHeader));
  if (!router_alert) return failure(router_alert.error());
  return Ipv4Packet{.header = {.source = Address::v4(load32(packet, kAtSource)),
                               .destination = Address::v4(load32(packet, kAtDestination)),
                               .ttl = packet[kAtTtl],
                               .router_alert = *router_alert},
                    .payload = packet.subspan(header_size, total - header_size)};
}

void write_ipv4_header(const Ipv4Header& header, std::span<std::uint8_t> packet) {
  const std::size_t header_size = ipv4_header_size(header.router_alert);
  CHECK(packet.size() >= header_size && packet.size() <= kMaxIpv4Packet);
  packet[0] = static_cast<std::uint8_t>(0x40U | (header_size / 4));
  packet[kAtTos] = kTosInternetworkControl;
  store16(packet, kAtTotalLength, static_cast<std::uint16_t>(packet.size()));
  store32(packet, 4, kDontFragment);
  packet[kAtTtl] = header.ttl;
  packet[kAtProtocol] = kProtocolIgmp;
  store16(packet, kAtChecksum, 0);
  store32(packet, kAtSource, header.source.v4_bits());
  store32(packet, kAtDestination, header.destination.v4_bits());
  if (header.router_alert) store32(packet, kFixedHeader, kRouterAlert);
  store16(packet, kAtChecksum, checksum(packet.first(header_size)));
}

}  // namespace querent::wire
