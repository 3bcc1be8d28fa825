#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/ipv6.hpp"
#include "wire/message_writer.hpp"
#include "wire/mld.hpp"
#include "wire/mld_format.hpp"

namespace querent::wire {
namespace {

using namespace mld;

std::uint16_t response_code(const Query& query) {
  constexpr std::uint64_t kHighest = std::numeric_limits<std::uint16_t>::max();
  const auto milliseconds = response_units(query.max_response, kResponseUnit);
  if (query.version == Version::k3) return float_code<std::uint16_t>(milliseconds);
  return static_cast<std::uint16_t>(std::min(milliseconds, kHighest));
}

// All of an MLDv1 message, and an MLDv2 query up to its group.
void put_small(MessageWriter& out, std::uint8_t type, std::uint16_t response, Address group) {
  put_start(out, type, 0);
  out.put16(response);
  out.put16(0);
  out.put_address(group);
}

void put(MessageWriter& out, const Query& query) {
  put_small(out, kTypeQuery, response_code(query), query.group);
  if (query.version == Version::k3) put_query_tail(out, query);
}

void put(MessageWriter& out, const Report& report) {
  if (report.version == Version::k3) return put_report_v3(out, kTypeReportV2, report);
  put_small(out, kTypeReportV1, 0, group_of(report, Family::kIPv6));
}

void put(MessageWriter& out, const Leave& leave) {
  put_small(out, kTypeDone, 0, leave.group);
}

}  // namespace

Bytes encode_mld(const Packet& packet) {
  const Ipv6Header header{.source = packet.source,
                          .destination = packet.destination,
                          .hop_limit = packet.hop_limit,
                          .router_alert = packet.router_alert};
  MessageWriter out(Family::kIPv6, ipv6_header_size(header.router_alert), kMaxIpv6Packet);
  out.reserve(kQueryV2Size);
  std::visit([&out](const auto& message) { put(out, message); }, packet.message);
  const ByteView message = out.message();
  out.patch16(kAtChecksum, checksum(message, pseudo_header_checksum(header, message.size())));
  Bytes octets = std::move(out).take();
  write_ipv6_header(header, octets);
  return octets;
}

std::size_t max_mld_query_sources(std::size_t mtu) {
  constexpr std::size_t kBefore = ipv6_header_size(true) + kQueryV2Size;
  const std::size_t limit = std::min(mtu, kMaxIpv6Packet);
  return limit < kBefore ? 0 : (limit - kBefore) / address_size(Family::kIPv6);
}

}  // namespace querent::wire
