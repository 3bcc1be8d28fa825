#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/random.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"
#include "sim/dialect.hpp"
#include "sim/frame.hpp"
#include "sim/host.hpp"

// Dice for scenarios.

namespace querent::sim {

// One of several, all alike.
template <class T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[random.below(from.size())];
}

// So many behind `base`.
constexpr Address numbered(Address base, std::uint64_t number) {
  return Address::v6(base.high64(), base.low64() + number);
}

// Hands out unicast addresses, each once, over the whole of a range. In IPv6 the range is one of
// interface identifiers, and three of ten addresses stand elsewhere in fe80::/10 than the others:
// there the upper bits decide nothing.
class AddressPool {
 public:
  AddressPool(Prefix range, Random random) : range_(range), random_(random) {}
  Address take();
  // What an interface with such an address counts as its own.
  Prefix subnet() const {
    return range_.first().is_v4() ? range_ : dialect_of(range_.first()).unicast;
  }

 private:
  Address elsewhere(Address address);

  Prefix range_;
  Random random_;
  std::set<Address> taken_;
};

// From a /24 to all of IPv4; from 16 bits to all of the interface identifiers.
Prefix random_range(const Dialect& dialect, Random& random);

// Locally administered, distinct by number.
MacAddress mac_of(std::size_t number);

// The groups that hosts of a scenario listen to: any-source, source-specific, link-local.
std::vector<Address> random_groups(const Dialect& dialect, Random& random);

// What a host of this version may come to want; sometimes nothing.
Wish random_wish(Random& random, Version version, Address group);

// Whom a forger means, and the MAC address it has.
struct Victims {
  MacAddress from;
  Prefix subnet;
  std::vector<Address> queriers;
  std::vector<Address> groups;
};

// A query that must be ignored, in IPv6 also a report or done (docs/design/protocol.md 3.5, 4.1):
// somewhere between clumsy and hostile.
FramePtr random_forgery(Random& random, Version version, const Victims& victims);

// A v3 report from a host that never was there, of groups and sources that nobody else knows.
FramePtr random_spoof(Random& random, const Prefix& subnet, MacAddress from);

// A general query that nothing is wrong with.
Packet plain_query(Address source, Version version);

}  // namespace querent::sim
