#include "lab/cheap_switch.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <utility>

#include "base/bytes.hpp"
#include "net/fd.hpp"
#include "net/socket_address.hpp"

namespace querent::lab {
namespace {

using net::sys_failure;

constexpr const char* kPrimerPort = "primer";
constexpr const char* kPrimer = "primer-end";
constexpr Duration kLinkUpWithin = std::chrono::seconds(10);

// An IGMPv3 general query from 0.0.0.0, to be answered at once: after that time the bridge believes
// its table.
constexpr auto kQuery = std::to_array<std::uint8_t>({
    0x01, 0x00, 0x5e, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xff, 0xfe, 0x08, 0x00,  // Ethernet
    0x46, 0xc0, 0x00, 0x24, 0x00, 0x00, 0x40, 0x00, 0x01, 0x02, 0x04, 0x13,              // IPv4
    0x00, 0x00, 0x00, 0x00, 0xe0, 0x00, 0x00, 0x01, 0x94, 0x04, 0x00, 0x00,              //
    0x11, 0x00, 0xee, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,              // IGMP
});

// The same in MLDv2, from fe80::1: a bridge takes no query from ::.
constexpr auto kMldQuery = std::to_array<std::uint8_t>({
    0x33, 0x33, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0xff, 0xfe, 0x86, 0xdd,  // Ethernet
    0x60, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x01,                                      // IPv6
    0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x01, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x01, 0x3a, 0x00, 0x05, 0x02, 0x00, 0x00, 0x01, 0x00,  // router alert
    0x82, 0x00, 0x80, 0x23, 0x00, 0x00, 0x00, 0x00,                          // MLD
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

SysResult<net::Fd> open_packet_socket() {
  net::Fd fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return sys_failure("open a packet socket");
  return fd;
}

SysResult<void> send_frame(const net::Fd& packets, int interface, ByteView frame) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = interface;
  if (sendto(packets.number(), frame.data(), frame.size(), 0, net::as_sockaddr(to), sizeof to) <
      0) {
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
  if (auto sent = send_frame(*packets, *index, kQuery); !sent) return sent;
  if (filters_ipv6_) {
    if (auto sent = send_frame(*packets, *index, kMldQuery); !sent) return sent;
  }
  // Without waiting: between two ends of a cable a frame takes no time.
  for (const Family family : {Family::kIPv4, Family::kIPv6}) {
    if (family == Family::kIPv6 && !filters_ipv6_) continue;
    const auto heard = space_.links().bridge_knows_querier(kBridge, family);
    if (!heard) return failure(heard.error());
    if (!*heard) return sys_failure("make the switch hear a query", ENOMSG);
  }
  return {};
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
