#pragma once

#include <optional>
#include <vector>

#include "querent/address.hpp"

namespace querent::core {

// A set of addresses: those that agree with `value` in the bits of `mask`. Unlike a prefix it can
// leave out the flags and scope that sit in the middle of IPv6 multicast addresses.
struct AddressPattern {
  Address value;
  Address mask;

  constexpr bool matches(Address address) const {
    return (address.high64() & mask.high64()) == value.high64() &&
           (address.low64() & mask.low64()) == value.low64();
  }
};

// All that distinguishes an IPv4 segment from an IPv6 one. Everything else in core is one state
// machine for both.
struct FamilyRules {
  Family family;

  Address all_systems;  // where general queries go: 224.0.0.1, ff02::1

  // Groups that are not tracked at all: everybody is a member, or they never leave a node.
  std::vector<AddressPattern> untracked;
  // Groups of the link itself: shown, never queried (RFC 4541 2.1.2).
  AddressPattern link_local_groups;
  // Source-specific groups (RFC 4607 1).
  AddressPattern ssm_groups;

  // Sources that are used only where there is no other (RFC 3927 1.9); in IPv6 there is no other.
  std::optional<AddressPattern> last_resort;
  // Proxy queries from 0.0.0.0 are legal and take no part in the election (RFC 4541 2.1.1). MLD has
  // none.
  bool proxy_queries;

  // MLD: every message, not only a query, needs a link-local source, hop limit 1 and Router Alert
  // (RFC 9777 5, 7.4). IGMP hosts may still lack an address, and the option.
  bool strict_envelope;

  bool tracks(Address group) const;
};

const FamilyRules& family_rules(Family family);

// Which of two queriers is elected: true when it is `a`. The numerically lower one, by the low
// 64 bits, which in IPv4 is the whole address (RFC 9776 6.6.2, RFC 9777 7.6.2). An unspecified
// address never wins, and loses to every other.
bool wins_over(Address a, Address b);

}  // namespace querent::core
