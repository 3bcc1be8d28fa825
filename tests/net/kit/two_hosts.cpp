#include "two_hosts.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/link_monitor.hpp"
#include "net/socket_address.hpp"
#include "net/socket_options.hpp"
#include "os/clock.hpp"

namespace querent::test {

using namespace std::chrono_literals;

namespace {

constexpr Duration kPatience = 20s;

sockaddr_in native(Address address, std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(address.v4_bits());
  return to;
}

os::SysResult<void> send_here(Address source, const Bytes& payload) {
  const os::Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto from = native(source, 0);
  const auto to = native(Address::v4(239, 1, 2, 3), 5004);
  ip_mreqn by{};
  by.imr_address = from.sin_addr;
  if (!net::set_option(fd, IPPROTO_IP, IP_MULTICAST_IF, by)) return os::sys_failure("choose eth0");
  if (::bind(fd.number(), os::as_sockaddr(from), sizeof from) != 0) return os::sys_failure("bind");
  if (::sendto(fd.number(), payload.data(), payload.size(), 0, os::as_sockaddr(to), sizeof to) <
      0) {
    return os::sys_failure("send");
  }
  return {};
}

bool has_ipv6(const net::LinkMonitor& monitor) {
  for (const auto& [index, interface] : monitor.interfaces()) {
    if (interface.name != "eth0") continue;
    for (const auto& own : interface.addresses) {
      if (!own.address.is_v4() && !own.tentative) return true;
    }
  }
  return false;
}

}  // namespace

void TwoHosts::SetUp() {
  for (auto* host : {&sender_, &receiver_}) {
    auto space = lab::Namespace::create();
    ASSERT_TRUE(space) << space.error().to_string();
    host->emplace(std::move(*space));
  }
  ASSERT_TRUE(sender().links().add_veth({.name = "eth0"}, {.name = "eth0"}, receiver().fd()));
  for (const Address own : {kFirst, kSecond}) {
    ASSERT_TRUE(sender().links().add_address("eth0", own, 24));
  }
  ASSERT_TRUE(receiver().links().add_address("eth0", kReceiver, 24));
  for (auto* host : {&sender_, &receiver_})
    ASSERT_TRUE((*host)->links().set_up("eth0"));
  for (auto* host : {&sender_, &receiver_})
    ASSERT_TRUE((*host)->await_carrier("eth0", kPatience));
}

void TwoHosts::send_from(Address source, const Bytes& payload) {
  const auto sent = sender().inside([&] { return send_here(source, payload); });
  ASSERT_TRUE(sent) << sent.error().to_string();
}

void TwoHosts::await_ipv6() {
  for (auto* host : {&sender_, &receiver_}) {
    auto monitor = (*host)->inside([] { return net::LinkMonitor::open(); });
    ASSERT_TRUE(monitor) << monitor.error().to_string();
    const Instant until = os::now() + kPatience;
    while (!has_ipv6(*monitor)) {
      ASSERT_LT(os::now(), until) << "no IPv6 address that can be used";
      pollfd readable{.fd = monitor->fd().number(), .events = POLLIN};
      ::poll(&readable, 1, 1000);
      ASSERT_TRUE(monitor->read());
    }
  }
}

}  // namespace querent::test
