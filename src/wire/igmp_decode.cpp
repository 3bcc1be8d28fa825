#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/igmp.hpp"
#include "wire/igmp_format.hpp"
#include "wire/ipv4.hpp"

namespace querent::wire {
namespace {

using namespace igmp;

Address address_at(ByteView bytes, std::size_t at) {
  return Address::v4(load32(bytes, at));
}

std::vector<Address> read_sources(ByteView bytes) {
  std::vector<Address> sources;
  sources.reserve(bytes.size() / kSourceSize);
  for (std::size_t at = 0; at < bytes.size(); at += kSourceSize) {
    sources.push_back(address_at(bytes, at));
  }
  return sources;
}

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
  query.group = address_at(message, kAtGroup);
  if (!query.is_general() && !query.group.is_multicast()) {
    return failure(DropReason::kGroupNotMulticast);
  }
  if (version == Version::k2) {
    query.max_response = message[kAtCode] * kResponseUnit;
    return query;
  }
  const std::size_t sources = load16(message, kAtQuerySources) * kSourceSize;
  if (sources > message.size() - kQueryV3Size) return failure(DropReason::kQuerySources);
  query.max_response = float_value(message[kAtCode]) * kResponseUnit;
  query.suppress = (message[kAtFlags] & kSuppress) != 0;
  query.robustness = message[kAtFlags] & kMaxRobustness;
  query.query_interval = float_value(message[kAtInterval]) * kIntervalUnit;
  query.sources = read_sources(message.subspan(kQueryV3Size, sources));
  return query;
}

Result<Message, DropReason> read_small_report(Version version, ByteView message) {
  const Address group = address_at(message, kAtGroup);
  if (!group.is_multicast()) return failure(DropReason::kGroupNotMulticast);
  Report report{.version = version};
  report.records.push_back({.type = RecordType::kIsExclude, .group = group});
  return report;
}

Result<Message, DropReason> read_leave(ByteView message) {
  const Address group = address_at(message, kAtGroup);
  if (!group.is_multicast()) return failure(DropReason::kGroupNotMulticast);
  return Leave{group};
}

std::optional<RecordType> record_type(std::uint8_t number) {
  constexpr auto kFirst = static_cast<std::uint8_t>(RecordType::kIsInclude);
  constexpr auto kLast = static_cast<std::uint8_t>(RecordType::kBlock);
  if (number < kFirst || number > kLast) return std::nullopt;
  return static_cast<RecordType>(number);
}

Result<Message, DropReason> read_report_v3(ByteView message) {
  Report report{.version = Version::k3};
  ByteView rest = message.subspan(kReportV3Size);
  std::size_t announced = load16(message, kAtRecordCount);
  report.records.reserve(std::min(announced, rest.size() / kRecordSize));
  for (; announced > 0; --announced) {
    if (rest.size() < kRecordSize) return failure(DropReason::kReportRecord);
    const std::size_t sources = load16(rest, kAtRecordSources) * kSourceSize;
    const std::size_t size = kRecordSize + sources + rest[kAtAuxiliary] * kAuxiliaryUnit;
    if (rest.size() < size) return failure(DropReason::kReportRecord);
    const auto type = record_type(rest[0]);
    const Address group = address_at(rest, kAtGroup);
    if (type && group.is_multicast()) {
      report.records.push_back({.type = *type,
                                .group = group,
                                .sources = read_sources(rest.subspan(kRecordSize, sources))});
    } else {
      ++report.skipped_records;
    }
    rest = rest.subspan(size);
  }
  return report;
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
  if (type == kTypeReportV3) return read_report_v3(message);
  if (type == kTypeLeave) return read_leave(message);
  return read_small_report(type == kTypeReportV1 ? Version::k1 : Version::k2, message);
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
