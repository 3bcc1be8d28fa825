#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"

// What IGMP and MLD say, as values. Both families translate into these; whoever holds one of them
// no longer knows how it was spelled.

namespace querent {

// Generations of the protocol, in IGMP's numbering: MLDv1 is k2, MLDv2 is k3.
enum class Version : std::uint8_t { k1 = 1, k2 = 2, k3 = 3 };

// The number people know it by: IGMP 1, 2, 3; MLD 1, 2.
constexpr unsigned number(Version version, Family family) {
  return static_cast<unsigned>(version) - (family == Family::kIPv6 ? 1U : 0U);
}

// A v1 query does not say how long an answer may take; it is this long (RFC 2236 4).
inline constexpr Duration kVersion1Response = std::chrono::seconds(10);

// RFC 1112, 2236 2, 9776 4.1; 2710 3, 9777 5.1.
struct Query {
  Version version = Version::k2;
  Address group{};                 // unspecified: a general query
  Duration max_response{0};        // a v1 query, which does not say, has 10 s
  bool suppress = false;           // S: routers that hear this do not lower their timers (v3)
  std::uint8_t robustness = 0;     // QRV, 0 = not said (v3)
  Duration query_interval{0};      // QQIC, 0 = not said (v3)
  std::vector<Address> sources{};  // v3

  bool is_general() const { return group.is_unspecified(); }
  bool operator==(const Query&) const = default;
};

// RFC 9776 4.2.13; the numbers are the wire's.
enum class RecordType : std::uint8_t {
  kIsInclude = 1,
  kIsExclude = 2,
  kToInclude = 3,
  kToExclude = 4,
  kAllow = 5,
  kBlock = 6,
};

struct Record {
  RecordType type = RecordType::kIsExclude;
  Address group{};
  std::vector<Address> sources{};  // as sent: any order, repeats possible

  bool operator==(const Record&) const = default;
};

// A v1 or v2 report is one IS_EX record without sources, which is what it means
// (RFC 9776 7.3.2). A v3 report has any number of records, also none.
struct Report {
  Version version = Version::k2;
  std::vector<Record> records{};
  std::size_t skipped_records = 0;  // of unknown type or for a group that is none; not in records

  bool operator==(const Report&) const = default;
};

// IGMPv2 leave, MLDv1 done.
struct Leave {
  Address group{};

  bool operator==(const Leave&) const = default;
};

using Message = std::variant<Query, Report, Leave>;

// nullptr: it is another message.
inline const Query* as_query(const Message& message) {
  struct Visitor {
    const Query* operator()(const Query& query) const { return &query; }
    const Query* operator()(const Report& /*report*/) const { return nullptr; }
    const Query* operator()(const Leave& /*leave*/) const { return nullptr; }
  };
  return std::visit(Visitor{}, message);
}
inline const Report* as_report(const Message& message) {
  struct Visitor {
    const Report* operator()(const Query& /*query*/) const { return nullptr; }
    const Report* operator()(const Report& report) const { return &report; }
    const Report* operator()(const Leave& /*leave*/) const { return nullptr; }
  };
  return std::visit(Visitor{}, message);
}

// A message and the envelope it came in, or is to be sent in.
struct Packet {
  Address source{};
  Address destination{};
  std::uint8_t hop_limit = 1;  // TTL in IPv4
  bool router_alert = true;
  Message message{};

  bool operator==(const Packet&) const = default;
};

}  // namespace querent
