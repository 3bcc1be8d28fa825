#include "wire/message_writer.hpp"

#include <algorithm>
#include <span>

#include "wire/float_code.hpp"
#include "wire/message_format.hpp"

namespace querent::wire {
namespace {

using namespace format;

std::uint64_t whole_units(Duration time, Duration unit) {
  return time < unit ? 0 : static_cast<std::uint64_t>(time / unit);
}

// As many of the sources as fit behind the `before` octets that come first.
std::span<const Address> fitting(const MessageWriter& out, std::span<const Address> sources,
                                 std::size_t before) {
  const std::size_t most = (out.room() - before) / address_size(out.family());
  return sources.first(std::min(sources.size(), most));
}

void put_sources(MessageWriter& out, std::span<const Address> sources) {
  for (const Address& source : sources)
    out.put_address(source);
}

}  // namespace

void MessageWriter::reserve(std::size_t more) {
  packet_.reserve(std::min(packet_.size() + more, largest_));
}

void MessageWriter::put16(std::uint16_t value) {
  packet_.resize(packet_.size() + 2);
  store16(packet_, packet_.size() - 2, value);
}

void MessageWriter::put_address(Address address) {
  const auto octets = address.to_bytes();
  packet_.insert(packet_.end(), octets.end() - static_cast<int>(address_size(family_)),
                 octets.end());
}

void put_start(MessageWriter& out, std::uint8_t type, std::uint8_t code) {
  out.put8(type);
  out.put8(code);
  out.put16(0);
}

void put_query_tail(MessageWriter& out, const Query& query) {
  out.reserve(kQueryTailSize + query.sources.size() * address_size(out.family()));
  const auto robustness = query.robustness > kMaxRobustness ? std::uint8_t{0} : query.robustness;
  const auto sources = fitting(out, query.sources, kQueryTailSize);
  out.put8(static_cast<std::uint8_t>((query.suppress ? kSuppress : 0U) | robustness));
  out.put8(float_code<std::uint8_t>(whole_units(query.query_interval, kIntervalUnit)));
  out.put16(static_cast<std::uint16_t>(sources.size()));
  put_sources(out, sources);
}

void put_report_v3(MessageWriter& out, std::uint8_t type, const Report& report) {
  const std::size_t bare_record = record_size(out.family());
  std::size_t size = kReportV3Size;
  for (const Record& record : report.records) {
    size += bare_record + record.sources.size() * address_size(out.family());
  }
  out.reserve(size);
  put_start(out, type, 0);
  out.put16(0);
  out.put16(0);  // the number of records
  std::uint16_t records = 0;
  for (const Record& record : report.records) {
    if (out.room() < bare_record) break;
    const auto sources = fitting(out, record.sources, bare_record);
    out.put8(static_cast<std::uint8_t>(record.type));
    out.put8(0);  // no auxiliary data
    out.put16(static_cast<std::uint16_t>(sources.size()));
    out.put_address(record.group);
    put_sources(out, sources);
    ++records;
  }
  out.patch16(kAtRecordCount, records);
}

Address group_of(const Report& report, Family family) {
  return report.records.empty() ? Address::unspecified(family) : report.records.front().group;
}

std::uint64_t response_units(Duration time, Duration unit) {
  if (time > Duration::zero() && time < unit) return 1;
  return whole_units(time, unit);
}

}  // namespace querent::wire
