#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/role.hpp"
#include "core/validity.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// What a segment wants done, in this order: queries to be sent, and things to be told.

namespace querent::core {

struct SendQuery {
  Packet packet;  // holds a Query
};

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

// Somebody else is the elected querier now.
struct QuerierElected {
  Address address;
  MacAddress mac;
  Version version{};
};

// The elected querier fell silent and nobody was heard in its place.
struct QuerierVanished {
  Address address;
  Duration silent_for{0};
};

// The configured timeout is obeyed, but the elected querier asks so seldom that one lost query may
// end its reign.
struct TimeoutTooShort {
  Address querier;
  Duration interval{0};
  Duration timeout{0};
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

struct GroupAdded {
  Address group;
};

struct GroupRemoved {
  Address group;
};

using Action = std::variant<SendQuery, RoleChanged, SourceChanged, QuerierElected, QuerierVanished,
                            TimeoutTooShort, QueryRejected, ReportRejected, AddressConflict,
                            LoopDetected, VersionMismatch, Slept, GroupAdded, GroupRemoved>;

}  // namespace querent::core
