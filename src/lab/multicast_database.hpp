#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/netlink_socket.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::lab {

// One line of a switch's snooping table: this port gets that group.
struct MulticastEntry {
  struct Source {
    Address address;
    Duration remaining{};
  };

  std::string port;
  Address group;
  std::optional<Address> source;  // the entry is for what comes from there alone
  bool exclude = false;           // all but `sources`; else none but them
  bool blocked = false;           // of an entry with a source: it is one of those left out
  bool permanent = false;
  Duration remaining{};  // until it expires; 0 where the sources' timers count, or permanent
  std::vector<Source> sources;
};

// What a bridge has snooped.
struct MulticastDatabase {
  std::vector<MulticastEntry> entries;
  std::vector<std::string> router_ports;  // these get every group

  // The entry without a source; nothing when the group is not known at that port.
  const MulticastEntry* find(const std::string& port, Address group) const;
  bool is_router_port(const std::string& port) const;
};

// Of the answers to RTM_GETMDB, what concerns the bridge of that index.
MulticastDatabase read_multicast_database(const std::vector<net::NetlinkMessage>& answers,
                                          int bridge, const std::map<int, std::string>& names);

}  // namespace querent::lab
