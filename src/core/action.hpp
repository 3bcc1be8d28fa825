#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/membership_record.hpp"
#include "core/role.hpp"
#include "core/validity.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// What a segment wants done, in this order: queries to be sent, and things to be told.

namespace querent::core {

struct SendQuery {
  Address source;
  Address destination;
  Query query;
};

// The packet to send (RFC 9776 4, RFC 9777 5: TTL or hop limit 1, Router Alert).
inline Packet packet_of(SendQuery send) {
  return {.source = send.source,
          .destination = send.destination,
          .hop_limit = 1,
          .router_alert = true,
          .message = std::move(send.query)};
}

struct RoleChanged {
  Role from{};
  Role to{};
  Duration held{0};  // how long the role before was held
};

// The election started anew because our source address is another one. None: there was or is none.
struct SourceChanged {
  std::optional<Address> from{};
  std::optional<Address> to{};
};

// Another querier is the elected one now.
struct QuerierElected {
  Address address;
  MacAddress mac;
  Version version{};
};

// The other querier present timer expired, and no other querier was heard.
struct QuerierVanished {
  Address address;
  Duration silent_for{0};
};

// The configured timeout is less than twice the query interval of the elected querier: one lost
// query can start a takeover.
struct TimeoutTooShort {
  Address querier;
  Duration interval{0};
  Duration timeout{0};
};

// A valid query of another querier was accepted, general or specific. Proxy queries are not: they
// take no part in the election.
struct QueryHeard {
  Address source;
  MacAddress mac;
  Query query;
};

struct QueryRejected {
  Rejection reason{};
  Address source;
  MacAddress mac;
};

struct ReportRejected {
  Rejection reason{};
  Address source;
  MacAddress mac;
};

// Another machine uses our address.
struct AddressConflict {
  Address address;
  MacAddress mac;
};

// Our own query came back from the network.
struct LoopDetected {};

struct VersionMismatch {
  Address source;
  Version version{};
  Version ours{};  // as configured, whatever is followed
};

// More than a query interval was slept through; the segment started anew.
struct Slept {
  Duration silent_for{0};  // at most so long
};

// The membership record of a group changed; a report that only refreshes timers changes nothing.
struct GroupChanged {
  enum class Change : std::uint8_t { kAdded, kChanged, kRemoved };

  Change change{};
  MembershipRecord record;  // in force now; of a removed group INCLUDE without sources
};

// A limit of the membership table refused a newcomer. Of each kind at most one a second is
// reported; the ledger counts all.
struct Refused {
  enum class What : std::uint8_t { kGroup, kSource, kHost };
  static constexpr std::size_t kWhats = 3;

  What what{};
  Address group;
  Address host;  // the sender of the report
  MacAddress mac;
};

using Action =
    std::variant<SendQuery, RoleChanged, SourceChanged, QuerierElected, QuerierVanished,
                 TimeoutTooShort, QueryHeard, QueryRejected, ReportRejected, AddressConflict,
                 LoopDetected, VersionMismatch, Slept, GroupChanged, Refused>;

}  // namespace querent::core
