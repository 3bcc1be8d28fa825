#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/settings.hpp"
#include "querent/address.hpp"

namespace querent::core {

// An address of the interface and the subnet it stands in.
struct InterfaceAddress {
  Address address;
  Prefix subnet;

  InterfaceAddress(Address of, unsigned prefix_length) : address(of), subnet(of, prefix_length) {}

  bool operator==(const InterfaceAddress&) const = default;
};

// What a segment knows of its interface while the link is up.
struct LocalInterface {
  MacAddress mac;
  // Usable ones of the segment's family: in IPv6 the link-local ones that are not tentative.
  std::vector<InterfaceAddress> addresses;
  // What fits into one query on this link.
  std::size_t max_query_sources = 366;

  bool owns(Address address) const;

  bool operator==(const LocalInterface&) const = default;
};

// The address that queries are sent from: the configured one if the link has it (0.0.0.0 is always
// to be had), else the lowest, 169.254/16 only where there is nothing better. None: the segment
// cannot query.
std::optional<Address> source_in_force(const LocalInterface& link, const Settings& settings,
                                       Family family);

}  // namespace querent::core
