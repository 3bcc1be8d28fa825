#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lab/multicast_database.hpp"
#include "net/netlink_socket.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::lab {

// An interface to be made.
struct NewLink {
  std::string name;
  MacAddress mac{};  // not known: the kernel picks one
  int index = 0;     // 0: the kernel picks one
};

// What is not set keeps the kernel's default, or what it was. Durations are counted in 10 ms.
struct BridgeOptions {
  std::optional<bool> snooping;
  std::optional<bool> querier;
  std::optional<bool> query_uses_address;  // mcast_query_use_ifaddr
  std::optional<std::uint8_t> igmp_version;
  std::optional<std::uint8_t> mld_version;
  std::optional<std::uint32_t> hash_max;  // groups; with more of them the bridge floods
  std::optional<std::uint32_t> last_member_count;
  std::optional<Duration> last_member_interval;
  std::optional<Duration> membership_interval;
  std::optional<Duration> querier_interval;
  std::optional<Duration> query_interval;
  std::optional<Duration> query_response_interval;
  std::optional<std::uint32_t> startup_query_count;
  std::optional<Duration> startup_query_interval;
};

// The interfaces of the network namespace in which it was opened, whichever thread uses it. The
// carrier of one end of a veth pair is switched by setting the other end up or down.
class Links {
 public:
  static os::SysResult<Links> open();

  // A pair; `peer` is in the namespace of that descriptor. Both are down.
  os::SysResult<void> add_veth(const NewLink& link, const NewLink& peer, const os::Fd& peer_in);
  os::SysResult<void> add_bridge(const NewLink& link, const BridgeOptions& options);
  // In bridge mode: another host on the cable of `parent`.
  os::SysResult<void> add_macvlan(const NewLink& link, const std::string& parent);
  os::SysResult<void> remove(const std::string& name);

  os::SysResult<void> change_bridge(const std::string& name, const BridgeOptions& options);

  os::SysResult<void> set_up(const std::string& name);
  os::SysResult<void> set_down(const std::string& name);
  os::SysResult<void> rename(const std::string& name, const std::string& to);  // also when up
  os::SysResult<void> move(const std::string& name, const os::Fd& to);
  os::SysResult<void> enslave(const std::string& name, const std::string& master);
  os::SysResult<void> release(const std::string& name);
  os::SysResult<void> set_mtu(const std::string& name, unsigned mtu);
  os::SysResult<void> set_mac(const std::string& name, MacAddress mac);

  // IPv6 addresses go through duplicate address detection only where `detect_duplicates` says so.
  os::SysResult<void> add_address(const std::string& name, Address address, unsigned prefix_length,
                                  bool detect_duplicates = false);
  os::SysResult<void> remove_address(const std::string& name, Address address,
                                     unsigned prefix_length);
  os::SysResult<void> add_route(Prefix to, const std::string& through);
  os::SysResult<void> add_default_route(Address gateway, std::uint32_t metric = 0);

  os::SysResult<int> index_of(const std::string& name);

  // Whether a querier was heard within the bridge's querier interval.
  os::SysResult<bool> bridge_knows_querier(const std::string& bridge, Family family);
  os::SysResult<MulticastDatabase> multicast_database(const std::string& bridge);

 private:
  explicit Links(net::NetlinkSocket netlink) : netlink_(std::move(netlink)) {}

  os::SysResult<void> change_flags(const std::string& name, unsigned flags,
                                   const std::string& doing);

  net::NetlinkSocket netlink_;
};

}  // namespace querent::lab
