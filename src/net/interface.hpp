#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "querent/address.hpp"

namespace querent::net {

struct InterfaceAddress {
  Address address;
  unsigned prefix_length = 0;
  bool tentative = false;  // IPv6: duplicate address detection is not over, or failed

  bool operator==(const InterfaceAddress&) const = default;
};

// What the kernel tells of one of its interfaces.
struct Interface {
  int index = 0;
  std::string name;
  MacAddress mac;
  unsigned mtu = 0;
  bool up = false;       // administratively
  bool carrier = false;  // can send: up and connected
  bool loopback = false;
  bool multicast = false;
  std::string master;                       // the interface it belongs to now; empty: none
  std::string master_kind;                  // "bridge", "bond", "vrf", ...; empty with no master
  std::vector<InterfaceAddress> addresses;  // of both families, ordered by address

  bool operator==(const Interface&) const = default;
};

struct LinkEvent {
  enum class Kind : std::uint8_t {
    kPresent,  // there, and this is its state now
    kGone,     // deleted, or moved away, or perhaps so: when it is back, a kPresent follows
  };
  Kind kind{};
  Interface interface;
};

}  // namespace querent::net
