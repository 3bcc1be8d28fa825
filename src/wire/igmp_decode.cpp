#include <cstdint>
#include <optional>
#include <utility>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/igmp.hpp"
#include "wire/igmp_format.hpp"
#include "wire/ipv4.hpp"
#include "wire/message_reader.hpp"

namespace querent::wire {
namespace {

using namespace igmp;

// RFC 9776 7.1.
std::optional<Version> query_version(ByteView message) {
  if (message.size() >= kQueryV3Size) return Version::k3;
  if (message.size() != kSmallSize) return std::nullopt;
  return message[kAtCode] == 0 ? Version::k1 : Version::k2;
}

Result<Message, DropReason> read_query(ByteView message) {
  const auto version = query_version(message);
  if (!version) return failure(DropReason::kQueryLength);
  Query query{.version = *version, .group = Address::unspecified(Family::kIPv4)};
  if (version == Version::k1) {
    query.max_response = kVersion1Response;
    return query;
  }
  query.group = address_at(message, kAtGroup, Family::kIPv4);
  if (!query.is_general() && !is_group(query.group, Family::kIPv4)) {
    return failure(DropReason::kGroupNotMulticast);
  }
  if (version == Version::k2) {
    query.max_response = message[kAtCode] * kResponseUnit;
    return query;
  }
  query.max_response = float_value(message[kAtCode]) * kResponseUnit;
  return with_tail(std::move(query), message.subspan(kSmallSize), Family::kIPv4);
}

Result<Message, DropReason> read_message(ByteView message) {
  if (message.size() < kCommonSize) return failure(DropReason::kMessageTooShort);
  if (checksum(message) != 0) return failure(DropReason::kMessageChecksum);
  const std::uint8_t type = message[0];
  const bool known = type == kTypeQuery || type == kTypeReportV1 || type == kTypeReportV2 ||
                     type == kTypeLeave || type == kTypeReportV3;
  if (!known) return failure(DropReason::kMessageType);
  if (message.size() < kSmallSize) return failure(DropReason::kMessageTooShort);
  if (type == kTypeQuery) return read_query(message);
  if (type == kTypeReportV3) return read_report_v3(message, Family::kIPv4);
  const Address group = address_at(message, kAtGroup, Family::kIPv4);
  if (!is_group(group, Family::kIPv4)) return failure(DropReason::kGroupNotMulticast);
  if (type == kTypeLeave) return Leave{group};
  return older_report(type == kTypeReportV1 ? Version::k1 : Version::k2, group);
}

}  // namespace

Result<Packet, DropReason> decode_igmp(ByteView packet) {
  const auto ip = read_ipv4(packet);
  if (!ip) return failure(ip.error());
  auto message = read_message(ip->payload);
  if (!message) return failure(message.error());
  return Packet{.source = ip->header.source,
                .destination = ip->header.destination,
                .hop_limit = ip->header.ttl,
                .router_alert = ip->header.router_alert,
                .message = *std::move(message)};
}

}  // namespace querent::wire
