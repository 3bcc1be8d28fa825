#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

#include "wire/checksum.hpp"
#include "wire/float_code.hpp"
#include "wire/igmp.hpp"
#include "wire/igmp_format.hpp"
#include "wire/ipv4.hpp"

namespace querent::wire {
namespace {

using namespace igmp;

// An IPv4 packet that grows at its end, up to what a packet can hold.
class Writer {
 public:
  explicit Writer(std::size_t header_size) : message_(header_size), packet_(header_size) {}

  void reserve(std::size_t more) { packet_.reserve(std::min(message_ + more, kMaxIpv4Packet)); }
  std::size_t room() const { return kMaxIpv4Packet - packet_.size(); }

  void put8(std::uint8_t value) { packet_.push_back(value); }
  void put16(std::uint16_t value) {
    packet_.resize(packet_.size() + 2);
    store16(packet_, packet_.size() - 2, value);
  }
  void put_address(Address address) {
    packet_.resize(packet_.size() + kSourceSize);
    store32(packet_, packet_.size() - kSourceSize, address.v4_bits());
  }
  void put_sources(std::span<const Address> sources) {
    for (const Address& source : sources)
      put_address(source);
  }

  // Offsets of the message.
  void patch16(std::size_t at, std::uint16_t value) { store16(packet_, message_ + at, value); }

  Bytes finish(const Ipv4Header& header) && {
    patch16(kAtChecksum, checksum(ByteView(packet_).subspan(message_)));
    write_ipv4_header(header, packet_);
    return std::move(packet_);
  }

 private:
  std::size_t message_;  // where it begins
  Bytes packet_;
};

void put_start(Writer& out, std::uint8_t type, std::uint8_t code) {
  out.put8(type);
  out.put8(code);
  out.put16(0);  // the checksum's place
}

// How often `unit` fits into `time`; 0 of a negative time.
std::uint64_t whole_units(Duration time, Duration unit) {
  return time < unit ? 0 : static_cast<std::uint64_t>(time / unit);
}

std::uint8_t response_code(const Query& query) {
  const auto tenths = whole_units(query.max_response, kResponseUnit);
  switch (query.version) {
    case Version::k1:
      return 0;
    case Version::k2:
      // 0 would make it a v1 query.
      return static_cast<std::uint8_t>(std::clamp<std::uint64_t>(tenths, 1, 255));
    case Version::k3:
      break;
  }
  if (tenths == 0 && query.max_response > Duration::zero()) return 1;
  return float_code<std::uint8_t>(tenths);
}

// As many of the sources as there is room for.
std::span<const Address> fitting(std::span<const Address> sources, std::size_t room) {
  return sources.first(std::min(sources.size(), room / kSourceSize));
}

void put(Writer& out, const Query& query) {
  put_start(out, kTypeQuery, response_code(query));
  out.put_address(query.version == Version::k1 ? Address::v4(0) : query.group);
  if (query.version != Version::k3) return;
  out.reserve(kQueryV3Size + query.sources.size() * kSourceSize);
  const auto robustness = query.robustness > kMaxRobustness ? std::uint8_t{0} : query.robustness;
  out.put8(static_cast<std::uint8_t>((query.suppress ? kSuppress : 0U) | robustness));
  out.put8(float_code<std::uint8_t>(whole_units(query.query_interval, kIntervalUnit)));
  const auto sources = fitting(query.sources, out.room() - sizeof(std::uint16_t));
  out.put16(static_cast<std::uint16_t>(sources.size()));
  out.put_sources(sources);
}

void put_report_v3(Writer& out, const Report& report) {
  put_start(out, kTypeReportV3, 0);
  out.put16(0);
  out.put16(0);  // the number of records
  std::size_t size = kReportV3Size;
  for (const Record& record : report.records) {
    size += kRecordSize + record.sources.size() * kSourceSize;
  }
  out.reserve(size);
  std::uint16_t records = 0;
  for (const Record& record : report.records) {
    if (out.room() < kRecordSize) break;
    const auto sources = fitting(record.sources, out.room() - kRecordSize);
    out.put8(static_cast<std::uint8_t>(record.type));
    out.put8(0);  // no auxiliary data
    out.put16(static_cast<std::uint16_t>(sources.size()));
    out.put_address(record.group);
    out.put_sources(sources);
    ++records;
  }
  out.patch16(kAtRecordCount, records);
}

void put(Writer& out, const Report& report) {
  if (report.version == Version::k3) return put_report_v3(out, report);
  put_start(out, report.version == Version::k1 ? kTypeReportV1 : kTypeReportV2, 0);
  out.put_address(report.records.empty() ? Address::v4(0) : report.records.front().group);
}

void put(Writer& out, const Leave& leave) {
  put_start(out, kTypeLeave, 0);
  out.put_address(leave.group);
}

}  // namespace

Bytes encode_igmp(const Packet& packet) {
  Writer out(ipv4_header_size(packet.router_alert));
  out.reserve(kQueryV3Size);
  std::visit([&out](const auto& message) { put(out, message); }, packet.message);
  return std::move(out).finish({.source = packet.source,
                                .destination = packet.destination,
                                .ttl = packet.hop_limit,
                                .router_alert = packet.router_alert});
}

std::size_t max_query_sources(std::size_t mtu) {
  constexpr std::size_t kBefore = ipv4_header_size(true) + kQueryV3Size;
  const std::size_t limit = std::min(mtu, kMaxIpv4Packet);
  return limit < kBefore ? 0 : (limit - kBefore) / kSourceSize;
}

}  // namespace querent::wire
