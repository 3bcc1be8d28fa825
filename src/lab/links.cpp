#include "lab/links.hpp"

#include <algorithm>
#include <cstring>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <map>
#include <net/if.h>
#include <sys/socket.h>

namespace querent::lab {
namespace {

using net::NetlinkRequest;
using os::Fd;
using os::SysResult;

constexpr int kCreate = NLM_F_CREATE | NLM_F_EXCL;

std::uint8_t family_of(Address address) {
  return static_cast<std::uint8_t>(address.is_v4() ? AF_INET : AF_INET6);
}

Bytes octets_of(Address address) {
  const auto all = address.to_bytes();
  return {all.end() - (address.is_v4() ? 4 : 16), all.end()};
}

// A change of the interface of that name.
NetlinkRequest change(const std::string& name) {
  NetlinkRequest request(RTM_NEWLINK);
  request.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  return request;
}

ifinfomsg numbered(int index) {
  ifinfomsg info{};
  info.ifi_index = index;
  return info;
}

void put_identity(NetlinkRequest& request, const NewLink& link) {
  request.text(IFLA_IFNAME, link.name);
  if (link.mac.is_known()) request.octets(IFLA_ADDRESS, link.mac.octets);
}

template <class Put>
void put_kind(NetlinkRequest& request, std::string_view kind, Put put) {
  request.nest(IFLA_LINKINFO, [&](NetlinkRequest& info) {
    info.text(IFLA_INFO_KIND, kind).nest(IFLA_INFO_DATA, put);
  });
}

void put_ticks(NetlinkRequest& request, int type, const std::optional<Duration>& value) {
  if (!value) return;
  const auto ticks = *value / std::chrono::milliseconds(10);
  request.u64(type, static_cast<std::uint64_t>(std::max(ticks, decltype(ticks){0})));
}

void put_octet(NetlinkRequest& request, int type, std::optional<std::uint8_t> value) {
  if (value) request.u8(type, *value);
}

void put_number(NetlinkRequest& request, int type, std::optional<std::uint32_t> value) {
  if (value) request.u32(type, *value);
}

void put_bridge(NetlinkRequest& request, const BridgeOptions& options) {
  put_kind(request, "bridge", [&options](NetlinkRequest& data) {
    put_octet(data, IFLA_BR_MCAST_SNOOPING, options.snooping);
    put_octet(data, IFLA_BR_MCAST_QUERIER, options.querier);
    put_octet(data, IFLA_BR_MCAST_QUERY_USE_IFADDR, options.query_uses_address);
    put_octet(data, IFLA_BR_MCAST_IGMP_VERSION, options.igmp_version);
    put_octet(data, IFLA_BR_MCAST_MLD_VERSION, options.mld_version);
    put_number(data, IFLA_BR_MCAST_HASH_MAX, options.hash_max);
    put_number(data, IFLA_BR_MCAST_LAST_MEMBER_CNT, options.last_member_count);
    put_number(data, IFLA_BR_MCAST_STARTUP_QUERY_CNT, options.startup_query_count);
    put_ticks(data, IFLA_BR_MCAST_LAST_MEMBER_INTVL, options.last_member_interval);
    put_ticks(data, IFLA_BR_MCAST_MEMBERSHIP_INTVL, options.membership_interval);
    put_ticks(data, IFLA_BR_MCAST_QUERIER_INTVL, options.querier_interval);
    put_ticks(data, IFLA_BR_MCAST_QUERY_INTVL, options.query_interval);
    put_ticks(data, IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, options.query_response_interval);
    put_ticks(data, IFLA_BR_MCAST_STARTUP_QUERY_INTVL, options.startup_query_interval);
  });
}

NetlinkRequest address_request(int type, int flags, int index, const Prefix& at, Address address) {
  ifaddrmsg info{};
  info.ifa_family = family_of(address);
  info.ifa_prefixlen = static_cast<std::uint8_t>(at.length());
  info.ifa_index = static_cast<unsigned>(index);
  NetlinkRequest request(type, flags);
  request.body(info).octets(IFA_LOCAL, octets_of(address)).octets(IFA_ADDRESS, octets_of(address));
  return request;
}

NetlinkRequest route_request(const Prefix& to, std::uint8_t scope) {
  rtmsg route{};
  route.rtm_family = family_of(to.first());
  route.rtm_dst_len = static_cast<std::uint8_t>(to.length());
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_BOOT;
  route.rtm_scope = scope;
  route.rtm_type = RTN_UNICAST;
  NetlinkRequest request(RTM_NEWROUTE, kCreate);
  request.body(route);
  if (to.length() > 0) request.octets(RTA_DST, octets_of(to.first()));
  return request;
}

}  // namespace

SysResult<Links> Links::open() {
  auto netlink = net::NetlinkSocket::open();
  if (!netlink) return failure(netlink.error());
  return Links(std::move(*netlink));
}

SysResult<void> Links::add_veth(const NewLink& link, const NewLink& peer, const Fd& peer_in) {
  NetlinkRequest request(RTM_NEWLINK, kCreate);
  request.body(numbered(link.index));
  put_identity(request, link);
  const ifinfomsg peer_info = numbered(peer.index);
  Bytes front(sizeof peer_info);
  std::memcpy(front.data(), &peer_info, sizeof peer_info);
  put_kind(request, "veth", [&](NetlinkRequest& data) {
    const auto put_peer = [&](NetlinkRequest& part) {
      put_identity(part, peer);
      part.u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(peer_in.number()));
    };
    data.nest(VETH_INFO_PEER, put_peer, front);
  });
  return netlink_.execute(request, "create the veth pair " + link.name + " and " + peer.name);
}

SysResult<void> Links::add_bridge(const NewLink& link, const BridgeOptions& options) {
  NetlinkRequest request(RTM_NEWLINK, kCreate);
  request.body(numbered(link.index));
  put_identity(request, link);
  put_bridge(request, options);
  return netlink_.execute(request, "create the bridge " + link.name);
}

SysResult<void> Links::add_macvlan(const NewLink& link, const std::string& parent) {
  const auto below = index_of(parent);
  if (!below) return failure(below.error());
  NetlinkRequest request(RTM_NEWLINK, kCreate);
  request.body(numbered(link.index));
  put_identity(request, link);
  request.u32(IFLA_LINK, static_cast<std::uint32_t>(*below));
  put_kind(request, "macvlan",
           [](NetlinkRequest& data) { data.u32(IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE); });
  return netlink_.execute(request, "create the macvlan " + link.name + " on " + parent);
}

SysResult<void> Links::remove(const std::string& name) {
  NetlinkRequest request(RTM_DELLINK);
  request.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  return netlink_.execute(request, "delete " + name);
}

SysResult<void> Links::change_bridge(const std::string& name, const BridgeOptions& options) {
  NetlinkRequest request = change(name);
  put_bridge(request, options);
  return netlink_.execute(request, "change the bridge " + name);
}

SysResult<void> Links::change_flags(const std::string& name, unsigned flags,
                                    const std::string& doing) {
  ifinfomsg info{};
  info.ifi_flags = flags;
  info.ifi_change = IFF_UP;
  NetlinkRequest request(RTM_NEWLINK);
  request.body(info).text(IFLA_IFNAME, name);
  return netlink_.execute(request, doing);
}

SysResult<void> Links::set_up(const std::string& name) {
  return change_flags(name, IFF_UP, "set " + name + " up");
}

SysResult<void> Links::set_down(const std::string& name) {
  return change_flags(name, 0, "set " + name + " down");
}

SysResult<void> Links::rename(const std::string& name, const std::string& to) {
  const auto index = index_of(name);
  if (!index) return failure(index.error());
  NetlinkRequest request(RTM_NEWLINK);
  request.body(numbered(*index)).text(IFLA_IFNAME, to);
  return netlink_.execute(request, "rename " + name + " to " + to);
}

SysResult<void> Links::move(const std::string& name, const Fd& to) {
  NetlinkRequest request = change(name);
  request.u32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(to.number()));
  return netlink_.execute(request, "move " + name + " to another namespace");
}

SysResult<void> Links::enslave(const std::string& name, const std::string& master) {
  const auto index = index_of(master);
  if (!index) return failure(index.error());
  NetlinkRequest request = change(name);
  request.u32(IFLA_MASTER, static_cast<std::uint32_t>(*index));
  return netlink_.execute(request, "make " + name + " a port of " + master);
}

SysResult<void> Links::release(const std::string& name) {
  NetlinkRequest request = change(name);
  request.u32(IFLA_MASTER, 0);
  return netlink_.execute(request, "take " + name + " from its master");
}

SysResult<void> Links::set_mtu(const std::string& name, unsigned mtu) {
  NetlinkRequest request = change(name);
  request.u32(IFLA_MTU, mtu);
  return netlink_.execute(request, "give " + name + " an MTU of " + std::to_string(mtu));
}

SysResult<void> Links::set_mac(const std::string& name, MacAddress mac) {
  NetlinkRequest request = change(name);
  request.octets(IFLA_ADDRESS, mac.octets);
  return netlink_.execute(request, "give " + name + " the address " + mac.to_string());
}

SysResult<void> Links::add_address(const std::string& name, Address address, unsigned prefix_length,
                                   bool detect_duplicates) {
  const auto index = index_of(name);
  if (!index) return failure(index.error());
  NetlinkRequest request =
      address_request(RTM_NEWADDR, kCreate, *index, Prefix(address, prefix_length), address);
  if (!address.is_v4() && !detect_duplicates) request.u32(IFA_FLAGS, IFA_F_NODAD);
  return netlink_.execute(request, "give " + name + " the address " + address.to_string());
}

SysResult<void> Links::remove_address(const std::string& name, Address address,
                                      unsigned prefix_length) {
  const auto index = index_of(name);
  if (!index) return failure(index.error());
  const NetlinkRequest request =
      address_request(RTM_DELADDR, 0, *index, Prefix(address, prefix_length), address);
  return netlink_.execute(request, "take the address " + address.to_string() + " from " + name);
}

SysResult<void> Links::add_route(Prefix to, const std::string& through) {
  const auto index = index_of(through);
  if (!index) return failure(index.error());
  NetlinkRequest request = route_request(to, RT_SCOPE_LINK);
  request.u32(RTA_OIF, static_cast<std::uint32_t>(*index));
  return netlink_.execute(request, "route " + to.first().to_string() + "/" +
                                       std::to_string(to.length()) + " through " + through);
}

SysResult<void> Links::add_default_route(Address gateway, std::uint32_t metric) {
  NetlinkRequest request =
      route_request(Prefix(Address::unspecified(gateway.family()), 0), RT_SCOPE_UNIVERSE);
  request.octets(RTA_GATEWAY, octets_of(gateway)).u32(RTA_PRIORITY, metric);
  return netlink_.execute(request, "route everything through " + gateway.to_string());
}

SysResult<int> Links::index_of(const std::string& name) {
  NetlinkRequest request(RTM_GETLINK);
  request.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  const auto answer = netlink_.ask(request, "find " + name);
  if (!answer) return failure(answer.error());
  return answer->body<ifinfomsg>().value_or(ifinfomsg{}).ifi_index;
}

SysResult<bool> Links::bridge_knows_querier(const std::string& bridge, Family family) {
  NetlinkRequest request(RTM_GETLINK);
  request.body(ifinfomsg{}).text(IFLA_IFNAME, bridge);
  const auto answer = netlink_.ask(request, "ask " + bridge + " for its querier");
  if (!answer) return failure(answer.error());
  const net::NetlinkAttributes attributes = answer->attributes<ifinfomsg>();
  const net::NetlinkAttributes info = attributes.find(IFLA_LINKINFO).nested();
  const net::NetlinkAttributes data = info.find(IFLA_INFO_DATA).nested();
  return data.find(IFLA_BR_MCAST_QUERIER_STATE)
      .nested()
      .has(family == Family::kIPv4 ? BRIDGE_QUERIER_IP_OTHER_TIMER
                                   : BRIDGE_QUERIER_IPV6_OTHER_TIMER);
}

SysResult<MulticastDatabase> Links::multicast_database(const std::string& bridge) {
  const std::string doing = "read the multicast database of " + bridge;
  const auto index = index_of(bridge);
  if (!index) return failure(index.error());

  NetlinkRequest links(RTM_GETLINK);
  links.body(ifinfomsg{});
  const auto all = netlink_.dump(links, doing);
  if (!all) return failure(all.error());
  std::map<int, std::string> names;
  for (const net::NetlinkMessage& link : *all) {
    names[link.body<ifinfomsg>().value_or(ifinfomsg{}).ifi_index] =
        link.attributes<ifinfomsg>().find(IFLA_IFNAME).text();
  }

  br_port_msg header{};
  header.family = AF_BRIDGE;
  NetlinkRequest entries(RTM_GETMDB);
  entries.body(header);
  const auto answers = netlink_.dump(entries, doing);
  if (!answers) return failure(answers.error());
  return read_multicast_database(*answers, *index, names);
}

}  // namespace querent::lab
