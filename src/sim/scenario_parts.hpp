#pragma once

#include <set>
#include <vector>

#include "base/address.hpp"
#include "base/random.hpp"
#include "core/settings.hpp"
#include "sim/frame.hpp"
#include "sim/host.hpp"

// Dice for scenarios.

namespace querent::sim {

// One of several, all alike.
template <class T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[random.below(from.size())];
}

// Hands out unicast addresses of one subnet, each once, over its whole range.
class AddressPool {
 public:
  AddressPool(Prefix subnet, Random random) : subnet_(subnet), random_(random) {}
  Address take();
  const Prefix& subnet() const { return subnet_; }

 private:
  Prefix subnet_;
  Random random_;
  std::set<Address> taken_;
};

// From a /24 to all of IPv4.
Prefix random_subnet(Random& random);

// Locally administered, distinct by number.
MacAddress mac_of(std::size_t number);

// The groups that hosts of a scenario listen to: any-source, source-specific, link-local.
std::vector<Address> random_groups(Random& random);

// What a host of this version may come to want; sometimes nothing.
Wish random_wish(Random& random, wire::Version version, Address group);

// A query that protocol 3.5 says must be ignored: somewhere between clumsy and hostile.
FramePtr random_forgery(Random& random, wire::Version version, const Prefix& subnet,
                        const std::vector<Address>& queriers, MacAddress from);

// A v3 report from a host that never was there, of groups and sources that nobody else knows.
FramePtr random_spoof(Random& random, const Prefix& subnet, MacAddress from);

// A general query that nothing is wrong with.
wire::Packet plain_query(Address source, wire::Version version);

}  // namespace querent::sim
