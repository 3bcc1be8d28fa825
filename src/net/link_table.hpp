#pragma once

#include <compare>
#include <map>
#include <vector>

#include "net/interface.hpp"
#include "net/netlink_socket.hpp"
#include "querent/address.hpp"

namespace querent::net {

// What rtnetlink's messages say, put together: the interfaces, and what changes with each message.
class LinkTable {
 public:
  using Events = std::vector<LinkEvent>;

  const std::map<int, Interface>& interfaces() const { return interfaces_; }

  // Appends what changes; messages that are neither of links nor of addresses change nothing.
  void take(const NetlinkMessage& message, Events& events);

 private:
  struct AddressKey {
    Address local;
    Address peer;
    unsigned prefix_length = 0;

    auto operator<=>(const AddressKey&) const = default;
  };
  // Kept by index, also of an interface that is not known yet.
  struct Details {
    int master = 0;
    std::map<AddressKey, bool> tentative;
  };

  void take_link(const NetlinkMessage& message, Events& events);
  void take_address(const NetlinkMessage& message, Events& events);
  void forget(int index, Events& events);
  void update(Interface now, Events& events);
  void update_ports_of(int master, Events& events);
  void complete(Interface& interface) const;

  std::map<int, Interface> interfaces_;
  std::map<int, Details> details_;
};

}  // namespace querent::net
