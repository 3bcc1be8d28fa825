#pragma once

#include "querent/address.hpp"
#include "querent/message.hpp"

namespace querent::sim {

// What hosts, foreign queriers and the checkers know of a family: IGMP or MLD. Written from the
// RFCs, and beside core's FamilyRules on purpose: a checker must not share the error it looks for.
struct Dialect {
  Family family{};

  Address all_systems;           // where general queries go: RFC 9776 4.1.12, RFC 9777 5.1.15
  Address all_routers;           // where leaves go: RFC 2236 3, RFC 2710 4
  Address all_version3_routers;  // where v3 reports go: RFC 9776 4.2.14, RFC 9777 5.2.14
  Version oldest{};              // MLDv1 is k2: there is nothing older in IPv6

  Prefix unicast;   // where senders have their addresses
  Address example;  // a group of no special kind
  Address sources;  // of streams: behind this one

  // RFC 9777 5, 6.2, 7.4: whoever receives a message looks at its envelope first, and nobody sends
  // one who has no address. In IGMP the sender may lack an address, and hosts ask for nothing.
  bool is_strict = false;

  // Shown, never asked about (RFC 4541 2.1.2).
  bool is_link_local(Address group) const;
  // RFC 4607 1.
  bool is_source_specific(Address group) const;
  // Everybody's, or of the node alone: no report of them counts (RFC 9777 6).
  bool is_tracked(Address group) const;
  // Whether a message that came in this envelope may be read at all.
  bool accepts(const Packet& packet) const;

  // The oldest one there is, where it would be older.
  Version spoken(Version version) const { return version < oldest ? oldest : version; }
};

const Dialect& dialect_of(Family family);
inline const Dialect& dialect_of(Address address) {
  return dialect_of(address.family());
}

// Whose address is lower asks: RFC 9776 6.6.2; in IPv6 by the interface identifier alone, RFC 9777
// 7.6.2. Octet by octet, as they are on the wire.
bool is_lower(Address a, Address b);

// The order of succession, for maps.
struct BySuccession {
  bool operator()(Address a, Address b) const {
    if (is_lower(a, b) || is_lower(b, a)) return is_lower(a, b);
    return a < b;
  }
};

}  // namespace querent::sim
