#include "net/link_monitor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <utility>

namespace querent::net {
namespace {

constexpr int kReceiveBuffer = 8 << 20;
constexpr const char* kAskingLinks = "ask for the interfaces";
constexpr const char* kAskingAddresses = "ask for the addresses";

template <class Body>
NetlinkRequest question(int type, const Body& body) {
  NetlinkRequest request(type);
  request.body(body);
  return request;
}

std::optional<Address> address_in(const NetlinkAttribute& attribute) {
  if (attribute.octets.size() == 4) return Address::from_bytes(attribute.octets.first<4>());
  if (attribute.octets.size() == 16) return Address::from_bytes(attribute.octets.first<16>());
  return std::nullopt;
}

Interface interface_in(const ifinfomsg& info, const NetlinkAttributes& attributes) {
  constexpr unsigned kCarries = IFF_UP | IFF_RUNNING | (1U << 16U);  // IFF_LOWER_UP
  Interface interface;
  interface.index = info.ifi_index;
  interface.name = attributes.find(IFLA_IFNAME).text();
  interface.mtu = attributes.find(IFLA_MTU).u32();
  interface.up = (info.ifi_flags & IFF_UP) != 0;
  interface.carrier = (info.ifi_flags & kCarries) == kCarries;
  interface.loopback = (info.ifi_flags & IFF_LOOPBACK) != 0;
  interface.multicast = (info.ifi_flags & IFF_MULTICAST) != 0;
  const ByteView mac = attributes.find(IFLA_ADDRESS).octets;
  if (mac.size() == interface.mac.octets.size()) {
    std::copy(mac.begin(), mac.end(), interface.mac.octets.begin());
  }
  interface.master_kind = attributes.find(IFLA_LINKINFO).nested().find(IFLA_INFO_SLAVE_KIND).text();
  return interface;
}

struct Route {
  int interface = 0;
  std::uint32_t metric = 0;
};

// Nothing when it is not a usable default route of the main table.
std::optional<Route> default_route_in(const NetlinkMessage& message) {
  const auto info = message.body<rtmsg>();
  if (!info || info->rtm_dst_len != 0 || info->rtm_type != RTN_UNICAST) return std::nullopt;
  const NetlinkAttributes attributes = message.attributes<rtmsg>();
  const std::uint32_t table =
      attributes.has(RTA_TABLE) ? attributes.find(RTA_TABLE).u32() : info->rtm_table;
  if (table != RT_TABLE_MAIN || (info->rtm_flags & RTNH_F_DEAD) != 0) return std::nullopt;
  Route route{static_cast<int>(attributes.find(RTA_OIF).u32()),
              attributes.find(RTA_PRIORITY).u32()};
  if (const NetlinkAttribute paths = attributes.find(RTA_MULTIPATH);
      paths.octets.size() >= sizeof(rtnexthop)) {
    rtnexthop first{};
    std::memcpy(&first, paths.octets.data(), sizeof first);
    route.interface = first.rtnh_ifindex;
  }
  if (route.interface == 0) return std::nullopt;
  return route;
}

}  // namespace

SysResult<LinkMonitor> LinkMonitor::open() {
  auto news = NetlinkSocket::open();
  if (!news) return failure(news.error());
  auto questions = NetlinkSocket::open();
  if (!questions) return failure(questions.error());
  news->enlarge_receive_buffer(kReceiveBuffer);
  for (const unsigned group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) {
    if (auto joined = news->join(group); !joined) return failure(joined.error());
  }
  LinkMonitor monitor(std::move(*news), std::move(*questions));
  Events known;
  if (auto asked = monitor.ask_for_all(known); !asked) return failure(asked.error());
  return monitor;
}

SysResult<void> LinkMonitor::ask_for_all(Events& events) {
  const auto links = questions_.dump(question(RTM_GETLINK, ifinfomsg{}), kAskingLinks);
  if (!links) return failure(links.error());
  const auto addresses = questions_.dump(question(RTM_GETADDR, ifaddrmsg{}), kAskingAddresses);
  if (!addresses) return failure(addresses.error());
  // An interface is told once, with all its addresses and its master.
  Events intermediate;
  for (const auto* messages : {&*addresses, &*links}) {
    for (const NetlinkMessage& message : *messages)
      take(message, intermediate);
  }
  for (const auto& [index, interface] : interfaces_) {
    events.push_back({LinkEvent::Kind::kPresent, interface});
  }
  return {};
}

SysResult<void> LinkMonitor::start_anew(Events& events) {
  for (const auto& [index, interface] : interfaces_) {
    events.push_back({LinkEvent::Kind::kGone, interface});
  }
  interfaces_.clear();
  details_.clear();
  return ask_for_all(events);
}

SysResult<std::vector<LinkEvent>> LinkMonitor::read() {
  Events events;
  bool lost = false;
  for (;;) {
    auto messages = netlink_.receive();
    if (!messages && messages.error().number == ENOBUFS) {
      lost = true;
      continue;
    }
    if (!messages) return failure(messages.error());
    if (messages->empty()) break;
    for (const NetlinkMessage& message : *messages)
      take(message, events);
  }
  if (lost) {
    if (auto asked = start_anew(events); !asked) return failure(asked.error());
  }
  return events;
}

void LinkMonitor::take(const NetlinkMessage& message, Events& events) {
  switch (message.type()) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return take_link(message, events);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return take_address(message, events);
    default:
      return;
  }
}

void LinkMonitor::take_link(const NetlinkMessage& message, Events& events) {
  const auto info = message.body<ifinfomsg>();
  // AF_BRIDGE: a port came or went, of an interface that is still there.
  if (!info || info->ifi_family != AF_UNSPEC) return;
  if (message.type() == RTM_DELLINK) return forget(info->ifi_index, events);

  const NetlinkAttributes attributes = message.attributes<ifinfomsg>();
  // What a wireless driver has to say holds nothing else.
  if (attributes.has(IFLA_WIRELESS)) return;
  details_[info->ifi_index].master = static_cast<int>(attributes.find(IFLA_MASTER).u32());
  update(interface_in(*info, attributes), events);
}

void LinkMonitor::take_address(const NetlinkMessage& message, Events& events) {
  const auto info = message.body<ifaddrmsg>();
  if (!info) return;
  const NetlinkAttributes attributes = message.attributes<ifaddrmsg>();
  const auto peer = address_in(attributes.find(IFA_ADDRESS));
  const auto local = attributes.has(IFA_LOCAL) ? address_in(attributes.find(IFA_LOCAL)) : peer;
  if (!local) return;
  const std::uint32_t flags =
      attributes.has(IFA_FLAGS) ? attributes.find(IFA_FLAGS).u32() : info->ifa_flags;

  const int index = static_cast<int>(info->ifa_index);
  const AddressKey key{*local, peer.value_or(*local), info->ifa_prefixlen};
  if (message.type() == RTM_NEWADDR) {
    details_[index].tentative[key] = (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0;
  } else if (const auto known = details_.find(index); known != details_.end()) {
    known->second.tentative.erase(key);
  }
  if (const auto known = interfaces_.find(index); known != interfaces_.end()) {
    update(known->second, events);
  }
}

void LinkMonitor::forget(int index, Events& events) {
  details_.erase(index);
  const auto known = interfaces_.find(index);
  if (known == interfaces_.end()) return;
  events.push_back({LinkEvent::Kind::kGone, std::move(known->second)});
  interfaces_.erase(known);
  update_ports_of(index, events);
}

void LinkMonitor::update(Interface now, Events& events) {
  complete(now);
  const int index = now.index;
  const auto [known, is_new] = interfaces_.try_emplace(index);
  const bool renamed = known->second.name != now.name;
  if (!is_new && known->second == now) return;
  known->second = now;
  events.push_back({LinkEvent::Kind::kPresent, std::move(now)});
  if (renamed) update_ports_of(index, events);
}

void LinkMonitor::update_ports_of(int master, Events& events) {
  for (const auto& [index, details] : details_) {
    if (details.master != master) continue;
    if (const auto port = interfaces_.find(index); port != interfaces_.end()) {
      update(port->second, events);
    }
  }
}

void LinkMonitor::complete(Interface& interface) const {
  interface.master.clear();
  interface.addresses.clear();
  const auto details = details_.find(interface.index);
  if (details == details_.end()) return;
  if (const auto master = interfaces_.find(details->second.master); master != interfaces_.end()) {
    interface.master = master->second.name;
  }
  for (const auto& [key, tentative] : details->second.tentative) {
    // Of a point-to-point link only the other end is known, not what else is there.
    const unsigned full = key.local.is_v4() ? 32 : 128;
    interface.addresses.push_back(
        {key.local, key.local == key.peer ? key.prefix_length : full, tentative});
  }
}

SysResult<std::string> default_route_interface() {
  auto netlink = NetlinkSocket::open();
  if (!netlink) return failure(netlink.error());
  rtmsg wanted{};
  wanted.rtm_family = AF_INET;
  const auto routes = netlink->dump(question(RTM_GETROUTE, wanted), "ask for the routes");
  if (!routes) return failure(routes.error());
  std::optional<Route> best;
  for (const NetlinkMessage& message : *routes) {
    const auto route = default_route_in(message);
    if (route && (!best || route->metric < best->metric)) best = route;
  }
  if (!best) return std::string();
  std::array<char, IF_NAMESIZE> name{};
  // It may be gone by now: then there is none.
  if (if_indextoname(static_cast<unsigned>(best->interface), name.data()) == nullptr) {
    return std::string();
  }
  return std::string(name.data());
}

}  // namespace querent::net
