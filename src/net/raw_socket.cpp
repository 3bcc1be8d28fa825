#include "net/raw_socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.hpp"
#include "net/socket_options.hpp"

namespace querent::net {

namespace {

// Where leaves (RFC 2236 3) and version 3 reports (RFC 9776 4.2.14) go. Reports of older versions
// go to the group itself: the own host is its member then, and hears them without us joining.
constexpr Address kAllRouters = Address::v4(224, 0, 0, 2);
constexpr Address kVersion3Routers = Address::v4(224, 0, 0, 22);

constexpr std::uint32_t kTypeQuery = 0x11;  // RFC 2236 2.1
constexpr std::uint32_t kAll = 0xFFFFFFFF;

// What the own host says as a member. Queries are what we have sent ourselves: to be woken by each
// would double the wakeups of an idle querier.
bool keep_looped_answers_alone(const Fd& socket) {
  const std::array program{
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
                           static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_LOOPBACK, 0, 4),
      sock_filter BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),  // the IP header's length
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kTypeQuery, 1, 0),
      sock_filter BPF_STMT(BPF_RET | BPF_K, kAll),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
  };
  return attach_filter(socket, program);
}

in_addr in_addr_of(Address address) {
  return {htonl(address.v4_bits())};
}

SysResult<void> join(const Fd& socket, Address group, int interface_index) {
  ip_mreqn membership{};
  membership.imr_multiaddr = in_addr_of(group);
  membership.imr_ifindex = interface_index;
  if (!set_option(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership)) {
    return sys_failure("join " + group.to_string());
  }
  return {};
}

SysResult<void> configure(const Fd& socket, int interface_index) {
  if (!keep_looped_answers_alone(socket)) return sys_failure("filter a raw socket");
  if (!set_option(socket, SOL_SOCKET, SO_BINDTOIFINDEX, interface_index)) {
    return sys_failure("bind a raw socket to its interface");
  }
  if (!set_option(socket, IPPROTO_IP, IP_HDRINCL, 1)) return sys_failure("send own IP headers");
  for (const Address group : {kAllRouters, kVersion3Routers}) {
    if (auto joined = join(socket, group, interface_index); !joined) return joined;
  }
  if (!set_option(socket, IPPROTO_IP, IP_MULTICAST_LOOP, 1)) {
    return sys_failure("let the own host hear what is sent");
  }
  // Groups that others on this host have joined are heard, too.
  if (!set_option(socket, IPPROTO_IP, IP_MULTICAST_ALL, 1)) {
    return sys_failure("hear all groups of this host");
  }
  return {};
}

}  // namespace

SysResult<RawSocket> RawSocket::open(int interface_index, Family family) {
  if (family != Family::kIPv4) return sys_failure("open a raw socket", EAFNOSUPPORT);
  // 0 would mean any interface.
  if (interface_index <= 0) return sys_failure("bind a raw socket to its interface", ENODEV);
  Fd fd{::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_IGMP)};
  if (!fd) return sys_failure("open a raw socket");
  enlarge_receive_buffer(fd);
  if (auto done = configure(fd, interface_index); !done) return failure(done.error());
  return RawSocket{std::move(fd)};
}

SysResult<void> RawSocket::send(ByteView packet, Address destination) {
  if (!destination.is_v4()) return sys_failure("send", EAFNOSUPPORT);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr = in_addr_of(destination);
  if (::sendto(fd_.number(), packet.data(), packet.size(), MSG_DONTWAIT, as_sockaddr(address),
               sizeof address) < 0) {
    return sys_failure("send");
  }
  return {};
}

SysResult<std::span<const ReceivedFrame>> RawSocket::receive(FrameBatch& batch) {
  return batch.fill(fd_.number());
}

}  // namespace querent::net
