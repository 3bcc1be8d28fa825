#include "net/packet_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.hpp"
#include "net/socket_options.hpp"

namespace querent::net {

namespace {

constexpr std::uint32_t kProtocolField = 9;  // of the IPv4 header
constexpr std::uint32_t kAll = 0xFFFFFFFF;

// The kernel strips a VLAN tag before this socket sees the frame; what is left of the tag is that
// the frame is for another host. A child's frames carry the child's index.
bool keep_igmp_alone(const Fd& socket, int interface_index) {
  const auto index = static_cast<std::uint32_t>(interface_index);
  const std::array program{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                           static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_IFINDEX)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, index, 0, 5),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
                           static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 3, 0),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kProtocolField),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IGMP, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, kAll),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
  };
  return attach_filter(socket, program);
}

sockaddr_ll link_address(int interface_index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_IP);
  address.sll_ifindex = interface_index;
  return address;
}

}  // namespace

SysResult<PacketSocket> PacketSocket::open(int interface_index, Family family) {
  if (family != Family::kIPv4) return sys_failure("open a packet socket", EAFNOSUPPORT);
  // 0 would mean all interfaces.
  if (interface_index <= 0) return sys_failure("bind a packet socket to its interface", ENODEV);
  // With protocol 0 it hears nothing until it is bound, so nothing that the filter would refuse.
  // SOCK_DGRAM: the IP packet comes first whatever the link layer is.
  Fd fd{::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return sys_failure("open a packet socket");
  if (!keep_igmp_alone(fd, interface_index)) return sys_failure("filter a packet socket");
  enlarge_receive_buffer(fd);
  const sockaddr_ll address = link_address(interface_index);
  if (::bind(fd.number(), as_sockaddr(address), sizeof address) != 0) {
    return sys_failure("bind a packet socket to its interface");
  }
  packet_mreq all{};
  all.mr_ifindex = interface_index;
  all.mr_type = PACKET_MR_ALLMULTI;
  if (!set_option(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, all)) {
    return sys_failure("hear all multicast");
  }
  return PacketSocket{std::move(fd), interface_index};
}

SysResult<std::span<const ReceivedFrame>> PacketSocket::receive(FrameBatch& batch) {
  return batch.fill(fd_.number());
}

SysResult<void> PacketSocket::send(ByteView packet, MacAddress destination) {
  sockaddr_ll address = link_address(interface_index_);
  address.sll_halen = static_cast<unsigned char>(destination.octets.size());
  std::ranges::copy(destination.octets, std::begin(address.sll_addr));
  if (::sendto(fd_.number(), packet.data(), packet.size(), MSG_DONTWAIT, as_sockaddr(address),
               sizeof address) < 0) {
    return sys_failure("send");
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
