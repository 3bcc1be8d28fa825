#include "lab/cheap_switch.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "base/bytes.hpp"
#include "net/netlink_socket.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"

namespace querent::lab {
namespace {

using os::sys_failure;

constexpr const char* kPrimerPort = "primer";
constexpr const char* kPrimer = "primer-end";
constexpr Duration kLinkUpWithin = std::chrono::seconds(10);
constexpr Duration kHeardWithin = std::chrono::seconds(10);
constexpr int kAskAgain = 20;  // milliseconds

// An IGMPv3 general query from 0.0.0.0, to be answered at once: after that time the bridge believes
// its table.
constexpr auto kQuery = std::to_array<std::uint8_t>({
    0x01, 0x00, 0x5e, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xff, 0xfe, 0x08, 0x00,  // Ethernet
    0x46, 0xc0, 0x00, 0x24, 0x00, 0x00, 0x40, 0x00, 0x01, 0x02, 0x04, 0x13,              // IPv4
    0x00, 0x00, 0x00, 0x00, 0xe0, 0x00, 0x00, 0x01, 0x94, 0x04, 0x00, 0x00,              //
    0x11, 0x00, 0xee, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,              // IGMP
});

// The same in MLDv2, from the highest address, to which every real querier is lower: a bridge takes
// no query from ::.
constexpr auto kMldQuery = std::to_array<std::uint8_t>({
    0x33, 0x33, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xff, 0xfe, 0x86, 0xdd,  // Ethernet
    0x60, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x01,                                      // IPv6
    0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x01, 0x3a, 0x00, 0x05, 0x02, 0x00, 0x00, 0x01, 0x00,  // router alert
    0x82, 0x00, 0x80, 0x24, 0x00, 0x00, 0x00, 0x00,                          // MLD
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  //
});

BridgeOptions snooping(Duration membership_interval) {
  BridgeOptions options;
  options.snooping = true;
  options.querier = false;
  options.membership_interval = membership_interval;
  options.querier_interval = std::chrono::hours(1);
  options.hash_max = 1U << 17U;
  return options;
}

// A bridge is also a host, with reports of its own. Where /proc/sys is read-only it goes on
// talking.
void keep_quiet(const Namespace& space) {
  static_cast<void>(space.write_sysctl("ipv4/igmp_link_local_mcast_reports", "0"));
  static_cast<void>(space.write_sysctl("ipv6/conf/default/disable_ipv6", "1"));
}

SysResult<os::Fd> open_packet_socket() {
  os::Fd fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return sys_failure("open a packet socket");
  return fd;
}

SysResult<void> send_frame(const os::Fd& packets, int interface, ByteView frame) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = interface;
  if (sendto(packets.number(), frame.data(), frame.size(), 0, os::as_sockaddr(to), sizeof to) < 0) {
    return sys_failure("send a query");
  }
  return {};
}

}  // namespace

SysResult<CheapSwitch> CheapSwitch::create(const SwitchSettings& settings) {
  auto space = Namespace::create();
  if (!space) return failure(space.error());
  CheapSwitch made(std::move(*space), settings);
  if (auto done = made.assemble(settings); !done) return failure(done.error());
  return made;
}

SysResult<void> CheapSwitch::assemble(const SwitchSettings& settings) {
  keep_quiet(space_);
  Links& links = space_.links();
  const NewLink bridge{kBridge, {{0x02, 0, 0, 0, 0xff, 0xff}}};
  if (auto done = links.add_bridge(bridge, snooping(settings.membership_interval)); !done) {
    return done;
  }
  if (auto done = links.set_up(kBridge); !done) return done;
  const NewLink end{kPrimer, {{0x02, 0, 0, 0, 0xff, 0xfe}}};
  if (auto done = connect(kPrimerPort, space_, end); !done) return done;
  return prime();
}

SysResult<void> CheapSwitch::prime() {
  const auto index = space_.links().index_of(kPrimer);
  if (!index) return failure(index.error());
  const auto packets = space_.inside([] { return open_packet_socket(); });
  if (!packets) return failure(packets.error());
  auto heard = ask_until_heard(*packets, *index, Family::kIPv4);
  if (heard && filters_ipv6_) heard = ask_until_heard(*packets, *index, Family::kIPv6);
  return heard;
}

// More than once: in its first moment a bridge waits to query itself, and hears no MLD query.
SysResult<void> CheapSwitch::ask_until_heard(const os::Fd& packets, int interface, Family family) {
  auto news = space_.inside([] { return net::NetlinkSocket::open(); });
  if (!news) return failure(news.error());
  if (auto joined = news->join(RTNLGRP_MDB); !joined) return joined;
  const ByteView query = family == Family::kIPv4 ? ByteView(kQuery) : ByteView(kMldQuery);
  const Instant until = os::now() + kHeardWithin;
  for (;;) {
    if (auto sent = send_frame(packets, interface, query); !sent) return sent;
    const auto heard = space_.links().bridge_knows_querier(kBridge, family);
    if (!heard) return failure(heard.error());
    if (*heard) return {};
    if (os::now() >= until) return sys_failure("make the switch hear a query", ETIMEDOUT);
    // A query that is heard makes its port a router port: that is news.
    pollfd waiting{news->fd().number(), POLLIN, 0};
    static_cast<void>(poll(&waiting, 1, kAskAgain));
    if (const auto read = news->receive(); !read) return failure(read.error());
  }
}

SysResult<void> CheapSwitch::connect(const std::string& port, Namespace& host,
                                     const NewLink& interface) {
  Links& links = space_.links();
  if (auto done = links.add_veth({port}, interface, host.fd()); !done) return done;
  if (auto done = links.enslave(port, kBridge); !done) return done;
  if (auto done = links.set_up(port); !done) return done;
  if (auto done = host.links().set_up(interface.name); !done) return done;
  if (auto done = host.await_carrier(interface.name, kLinkUpWithin); !done) return done;
  return space_.await_carrier(port, kLinkUpWithin);
}

SysResult<void> CheapSwitch::connect(const std::string& port, CheapSwitch& other,
                                     const std::string& other_port) {
  Links& there = other.space_.links();
  if (auto done = space_.links().add_veth({port}, {other_port}, other.space_.fd()); !done) {
    return done;
  }
  if (auto done = space_.links().enslave(port, kBridge); !done) return done;
  if (auto done = there.enslave(other_port, kBridge); !done) return done;
  if (auto done = space_.links().set_up(port); !done) return done;
  if (auto done = there.set_up(other_port); !done) return done;
  if (auto done = space_.await_carrier(port, kLinkUpWithin); !done) return done;
  return other.space_.await_carrier(other_port, kLinkUpWithin);
}

}  // namespace querent::lab
