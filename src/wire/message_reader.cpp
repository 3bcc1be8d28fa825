#include "wire/message_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "wire/float_code.hpp"
#include "wire/message_format.hpp"

namespace querent::wire {
namespace {

using namespace format;

std::vector<Address> read_sources(ByteView bytes, Family family) {
  const std::size_t each = address_size(family);
  std::vector<Address> sources;
  sources.reserve(bytes.size() / each);
  for (std::size_t at = 0; at < bytes.size(); at += each) {
    sources.push_back(address_at(bytes, at, family));
  }
  return sources;
}

std::optional<RecordType> record_type(std::uint8_t number) {
  constexpr auto kFirst = static_cast<std::uint8_t>(RecordType::kIsInclude);
  constexpr auto kLast = static_cast<std::uint8_t>(RecordType::kBlock);
  if (number < kFirst || number > kLast) return std::nullopt;
  return static_cast<RecordType>(number);
}

}  // namespace

Address address_at(ByteView bytes, std::size_t at, Family family) {
  if (family == Family::kIPv4) return Address::v4(load32(bytes, at));
  return Address::from_bytes(bytes.subspan(at).first<16>());
}

bool is_group(Address address, Family family) {
  return address.is_multicast() && address.family() == family;
}

Report older_report(Version version, Address group) {
  Report report{.version = version};
  report.records.push_back({.type = RecordType::kIsExclude, .group = group});
  return report;
}

Result<Message, DropReason> with_tail(Query query, ByteView tail, Family family) {
  const std::size_t sources = load16(tail, kAtQuerySources) * address_size(family);
  if (sources > tail.size() - kQueryTailSize) return failure(DropReason::kQuerySources);
  query.suppress = (tail[kAtFlags] & kSuppress) != 0;
  query.robustness = tail[kAtFlags] & kMaxRobustness;
  query.query_interval = float_value(tail[kAtInterval]) * kIntervalUnit;
  query.sources = read_sources(tail.subspan(kQueryTailSize, sources), family);
  return query;
}

Result<Message, DropReason> read_report_v3(ByteView message, Family family) {
  const std::size_t bare_record = record_size(family);
  Report report{.version = Version::k3};
  ByteView rest = message.subspan(kReportV3Size);
  std::size_t announced = load16(message, kAtRecordCount);
  report.records.reserve(std::min(announced, rest.size() / bare_record));
  for (; announced > 0; --announced) {
    if (rest.size() < bare_record) return failure(DropReason::kReportRecord);
    const std::size_t sources = load16(rest, kAtRecordSources) * address_size(family);
    const std::size_t size = bare_record + sources + rest[kAtAuxiliary] * kAuxiliaryUnit;
    if (rest.size() < size) return failure(DropReason::kReportRecord);
    const auto type = record_type(rest[0]);
    const Address group = address_at(rest, kAtRecordGroup, family);
    if (type && is_group(group, family)) {
      report.records.push_back(
          {.type = *type,
           .group = group,
           .sources = read_sources(rest.subspan(bare_record, sources), family)});
    } else {
      ++report.skipped_records;
    }
    rest = rest.subspan(size);
  }
  return report;
}

}  // namespace querent::wire
