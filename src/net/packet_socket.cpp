#include "net/packet_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/membership_filter.hpp"
#include "net/socket_address.hpp"
#include "net/socket_options.hpp"

namespace querent::net {

namespace {

std::uint16_t protocol_of(Family family) {
  return family == Family::kIPv4 ? ETH_P_IP : ETH_P_IPV6;
}

sockaddr_ll link_address(int interface_index, Family family) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(protocol_of(family));
  address.sll_ifindex = interface_index;
  return address;
}

}  // namespace

os::SysResult<PacketSocket> PacketSocket::open(int interface_index, Family family) {
  // 0 would mean all interfaces.
  if (interface_index <= 0) return os::sys_failure("bind a packet socket to its interface", ENODEV);
  // With protocol 0 it hears nothing until it is bound, so nothing that the filter would refuse.
  // SOCK_DGRAM: the IP packet comes first whatever the link layer is.
  os::Fd fd{::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return os::sys_failure("open a packet socket");
  if (!attach_filter(fd, membership_from_the_wire(family, interface_index))) {
    return os::sys_failure("filter a packet socket");
  }
  enlarge_receive_buffer(fd);
  const sockaddr_ll address = link_address(interface_index, family);
  if (::bind(fd.number(), os::as_sockaddr(address), sizeof address) != 0) {
    return os::sys_failure("bind a packet socket to its interface");
  }
  packet_mreq all{};
  all.mr_ifindex = interface_index;
  all.mr_type = PACKET_MR_ALLMULTI;
  if (!set_option(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, all)) {
    return os::sys_failure("hear all multicast");
  }
  return PacketSocket{std::move(fd), interface_index, family};
}

os::SysResult<std::span<const ReceivedFrame>> PacketSocket::receive(FrameBatch& batch) {
  return batch.fill(fd_.number());
}

os::SysResult<void> PacketSocket::send(ByteView packet, MacAddress destination) {
  sockaddr_ll address = link_address(interface_index_, family_);
  address.sll_halen = static_cast<unsigned char>(destination.octets.size());
  std::ranges::copy(destination.octets, std::begin(address.sll_addr));
  if (::sendto(fd_.number(), packet.data(), packet.size(), MSG_DONTWAIT, os::as_sockaddr(address),
               sizeof address) < 0) {
    return os::sys_failure("send");
  }
  return {};
}

std::uint64_t PacketSocket::take_drops() {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  if (getsockopt(fd_.number(), SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0) return 0;
  return stats.tp_drops;
}

}  // namespace querent::net
