#include <cstdint>
#include <optional>
#include <utility>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/ipv6.hpp"
#include "wire/message_reader.hpp"
#include "wire/mld.hpp"
#include "wire/mld_format.hpp"

namespace querent::wire {
namespace {

using namespace mld;

// RFC 9777 8.1.
std::optional<Version> query_version(ByteView message) {
  if (message.size() >= kQueryV2Size) return Version::k3;
  if (message.size() != kSmallSize) return std::nullopt;
  return Version::k2;
}

Result<Message, DropReason> read_query(ByteView message) {
  const auto version = query_version(message);
  if (!version) return failure(DropReason::kQueryLength);
  Query query{.version = *version, .group = address_at(message, kAtGroup, Family::kIPv6)};
  if (query.group != Address::unspecified(Family::kIPv6) && !is_group(query.group, Family::kIPv6)) {
    return failure(DropReason::kGroupNotMulticast);
  }
  const std::uint16_t code = load16(message, kAtResponse);
  if (version == Version::k2) {
    query.max_response = code * kResponseUnit;
    return query;
  }
  query.max_response = float_value(code) * kResponseUnit;
  return with_tail(std::move(query), message.subspan(kSmallSize), Family::kIPv6);
}

bool is_message_type(std::uint8_t type) {
  return type == kTypeQuery || type == kTypeReportV1 || type == kTypeDone || type == kTypeReportV2;
}

Result<Message, DropReason> read_message(const Ipv6Packet& ip) {
  const ByteView message = ip.payload;
  if (message.size() < kCommonSize) return failure(DropReason::kMessageTooShort);
  if (checksum(message, pseudo_header_checksum(ip.header, message.size())) != 0) {
    return failure(DropReason::kMessageChecksum);
  }
  const std::uint8_t type = message[0];
  if (!is_message_type(type)) return failure(DropReason::kMessageType);
  if (message.size() < (type == kTypeReportV2 ? kReportV3Size : kSmallSize)) {
    return failure(DropReason::kMessageTooShort);
  }
  if (type == kTypeQuery) return read_query(message);
  if (type == kTypeReportV2) return read_report_v3(message, Family::kIPv6);
  const Address group = address_at(message, kAtGroup, Family::kIPv6);
  if (!is_group(group, Family::kIPv6)) return failure(DropReason::kGroupNotMulticast);
  if (type == kTypeDone) return Leave{group};
  return older_report(Version::k2, group);
}

}  // namespace

Result<Packet, DropReason> decode_mld(ByteView packet) {
  const auto ip = read_ipv6(packet);
  if (!ip) return failure(ip.error());
  auto message = read_message(*ip);
  if (!message) return failure(message.error());
  return Packet{.source = ip->header.source,
                .destination = ip->header.destination,
                .hop_limit = ip->header.hop_limit,
                .router_alert = ip->header.router_alert,
                .message = *std::move(message)};
}

}  // namespace querent::wire
