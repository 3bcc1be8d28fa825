#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.hpp"
#include "net/fd.hpp"
#include "net/netlink_socket.hpp"
#include "net/sys_error.hpp"

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

// All interfaces of this network namespace, kept current by netlink.
class LinkMonitor {
 public:
  // With everything that there is now in interfaces().
  static SysResult<LinkMonitor> open();

  // Readable when there is something to read().
  const Fd& fd() const { return netlink_.fd(); }

  // What has changed since, in order; nothing that repeats what was known. A rename is a kPresent
  // with another name. When messages were lost all is asked for anew; since any interface may then
  // have been replaced by one of the same index and name, each is told as gone, and as present
  // again if it is.
  SysResult<std::vector<LinkEvent>> read();

  const std::map<int, Interface>& interfaces() const { return interfaces_; }

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
  using Events = std::vector<LinkEvent>;

  LinkMonitor(NetlinkSocket news, NetlinkSocket questions)
      : netlink_(std::move(news)), questions_(std::move(questions)) {}

  SysResult<void> ask_for_all(Events& events);
  SysResult<void> start_anew(Events& events);
  void take(const NetlinkMessage& message, Events& events);
  void take_link(const NetlinkMessage& message, Events& events);
  void take_address(const NetlinkMessage& message, Events& events);
  void forget(int index, Events& events);
  void update(Interface now, Events& events);
  void update_ports_of(int master, Events& events);
  void complete(Interface& interface) const;

  NetlinkSocket netlink_;    // has joined the groups
  NetlinkSocket questions_;  // has not
  std::map<int, Interface> interfaces_;
  std::map<int, Details> details_;
};

// The interface of the main table's IPv4 default route with the lowest metric; empty: none.
SysResult<std::string> default_route_interface();

}  // namespace querent::net
