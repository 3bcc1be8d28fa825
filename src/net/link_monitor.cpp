#include "net/link_monitor.hpp"

#include <algorithm>
#include <cerrno>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <utility>

namespace querent::net {
namespace {

constexpr int kReceiveBuffer = 8 << 20;
constexpr int kDatagramsAtOnce = 256;

template <class Body>
NetlinkRequest question(int type, const Body& body) {
  NetlinkRequest request(type);
  request.body(body);
  return request;
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

os::SysResult<LinkMonitor> LinkMonitor::open() {
  auto news = NetlinkSocket::open();
  if (!news) return failure(news.error());
  auto questions = NetlinkSocket::open();
  if (!questions) return failure(questions.error());
  news->enlarge_receive_buffer(kReceiveBuffer);
  for (const unsigned group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) {
    if (auto joined = news->join(group); !joined) return failure(joined.error());
  }
  LinkMonitor monitor(std::move(*news), std::move(*questions));
  auto table = monitor.ask_for_all();
  if (!table) return failure(table.error());
  monitor.table_ = std::move(*table);
  return monitor;
}

os::SysResult<LinkTable> LinkMonitor::ask_for_all() {
  NetlinkRequest about_links = question(RTM_GETLINK, ifinfomsg{});
  about_links.u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  const auto links = questions_.dump(about_links, "ask for the interfaces");
  if (!links) return failure(links.error());
  const auto addresses = questions_.dump(question(RTM_GETADDR, ifaddrmsg{}), "ask for addresses");
  if (!addresses) return failure(addresses.error());
  LinkTable table;
  std::vector<LinkEvent> intermediate;
  for (const auto* messages : {&*links, &*addresses}) {
    for (const NetlinkMessage& message : *messages)
      table.take(message, intermediate);
  }
  return table;
}

os::SysResult<void> LinkMonitor::start_anew() {
  auto table = ask_for_all();
  if (!table) return failure(table.error());
  for (const auto& [index, interface] : interfaces()) {
    untold_.push_back({LinkEvent::Kind::kGone, interface});
  }
  table_ = std::move(*table);
  for (const auto& [index, interface] : interfaces()) {
    untold_.push_back({LinkEvent::Kind::kPresent, interface});
  }
  return {};
}

os::SysResult<std::vector<LinkEvent>> LinkMonitor::read() {
  // After a loss all that is from before it must be out of the way when all is asked for anew; it
  // is not much then: nothing is added before the last of it has been received.
  for (int datagram = 0; datagram < kDatagramsAtOnce || overrun_; ++datagram) {
    auto messages = news_.receive();
    if (!messages && messages.error().number == ENOBUFS) {
      overrun_ = true;
      continue;
    }
    if (!messages) return failure(messages.error());
    if (messages->empty()) break;
    for (const NetlinkMessage& message : *messages)
      table_.take(message, untold_);
  }
  if (overrun_) {
    if (auto asked = start_anew(); !asked) return failure(asked.error());
    overrun_ = false;
    ++losses_;
  }
  return std::exchange(untold_, {});
}

namespace {

os::SysResult<std::optional<Route>> default_route(NetlinkSocket& netlink, unsigned char family) {
  rtmsg wanted{};
  wanted.rtm_family = family;
  const auto routes = netlink.dump(question(RTM_GETROUTE, wanted), "ask for the routes");
  if (!routes) return failure(routes.error());
  std::optional<Route> best;
  for (const NetlinkMessage& message : *routes) {
    const auto route = default_route_in(message);
    if (route && (!best || route->metric < best->metric)) best = route;
  }
  return best;
}

}  // namespace

os::SysResult<std::string> default_route_interface() {
  auto netlink = NetlinkSocket::open();
  if (!netlink) return failure(netlink.error());
  auto best = default_route(*netlink, AF_INET);
  if (best && !*best) best = default_route(*netlink, AF_INET6);
  if (!best) return failure(best.error());
  if (!*best) return std::string();
  // By the netlink socket that is open anyway.
  ifinfomsg about{};
  about.ifi_index = (*best)->interface;
  const auto interface = netlink->ask(question(RTM_GETLINK, about), "ask for an interface's name");
  if (interface) return interface->attributes<ifinfomsg>().find(IFLA_IFNAME).text();
  // It may be gone by now: then there is none.
  if (interface.error().number == ENODEV) return std::string();
  return failure(interface.error());
}

}  // namespace querent::net
