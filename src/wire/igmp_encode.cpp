#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/igmp.hpp"
#include "wire/igmp_format.hpp"
#include "wire/ipv4.hpp"
#include "wire/message_writer.hpp"

namespace querent::wire {
namespace {

using namespace igmp;

std::uint8_t response_code(const Query& query) {
  const auto tenths = response_units(query.max_response, kResponseUnit);
  switch (query.version) {
    case Version::k1:
      return 0;
    case Version::k2:
      // 0 would make it a v1 query.
      return static_cast<std::uint8_t>(std::clamp<std::uint64_t>(tenths, 1, 255));
    case Version::k3:
      break;
  }
  return float_code<std::uint8_t>(tenths);
}

void put(MessageWriter& out, const Query& query) {
  put_start(out, kTypeQuery, response_code(query));
  out.put_address(query.version == Version::k1 ? Address::v4(0) : query.group);
  if (query.version == Version::k3) put_query_tail(out, query);
}

void put(MessageWriter& out, const Report& report) {
  if (report.version == Version::k3) return put_report_v3(out, kTypeReportV3, report);
  put_start(out, report.version == Version::k1 ? kTypeReportV1 : kTypeReportV2, 0);
  out.put_address(group_of(report, Family::kIPv4));
}

void put(MessageWriter& out, const Leave& leave) {
  put_start(out, kTypeLeave, 0);
  out.put_address(leave.group);
}

}  // namespace

Bytes encode_igmp(const Packet& packet) {
  MessageWriter out(Family::kIPv4, ipv4_header_size(packet.router_alert), kMaxIpv4Packet);
  out.reserve(kQueryV3Size);
  std::visit([&out](const auto& message) { put(out, message); }, packet.message);
  out.patch16(kAtChecksum, checksum(out.message()));
  Bytes octets = std::move(out).take();
  write_ipv4_header({.source = packet.source,
                     .destination = packet.destination,
                     .ttl = packet.hop_limit,
                     .router_alert = packet.router_alert},
                    octets);
  return octets;
}

std::size_t max_igmp_query_sources(std::size_t mtu) {
  constexpr std::size_t kBefore = ipv4_header_size(true) + kQueryV3Size;
  const std::size_t limit = std::min(mtu, kMaxIpv4Packet);
  return limit < kBefore ? 0 : (limit - kBefore) / address_size(Family::kIPv4);
}

}  // namespace querent::wire
