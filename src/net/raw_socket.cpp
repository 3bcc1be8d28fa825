#include "net/raw_socket.hpp"

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/ipv6_headers.hpp"
#include "net/membership_filter.hpp"
#include "net/socket_address.hpp"
#include "net/socket_options.hpp"

namespace querent::net {

namespace {

// What the two families call differently; the rest is the same for both.
struct FamilyNames {
  int domain = 0;
  int level = 0;
  int protocol = 0;
  int include_header = 0;
  int loop = 0;
  int all_groups = 0;
  // Where leaves and the newest version's reports go (RFC 2236 3, 9776 4.2.14; 2710 4,
  // 9777 5.2.14). Reports of older versions go to the group itself: the own host is its member
  // then, and hears them without us joining.
  std::array<Address, 2> groups{};
};

constexpr FamilyNames kIPv4{.domain = AF_INET,
                            .level = IPPROTO_IP,
                            .protocol = IPPROTO_IGMP,
                            .include_header = IP_HDRINCL,
                            .loop = IP_MULTICAST_LOOP,
                            .all_groups = IP_MULTICAST_ALL,
                            .groups = {Address::v4(224, 0, 0, 2), Address::v4(224, 0, 0, 22)}};
constexpr FamilyNames kIPv6{
    .domain = AF_INET6,
    .level = IPPROTO_IPV6,
    .protocol = IPPROTO_ICMPV6,
    .include_header = IPV6_HDRINCL,
    .loop = IPV6_MULTICAST_LOOP,
    .all_groups = IPV6_MULTICAST_ALL,
    .groups = {Address::v6(0xFF02000000000000, 2), Address::v6(0xFF02000000000000, 0x16)}};

const FamilyNames& names_of(Family family) {
  return family == Family::kIPv4 ? kIPv4 : kIPv6;
}

os::SysResult<void> join(const os::Fd& socket, int interface_index, Address group) {
  const FamilyNames& names = names_of(group.family());
  group_req membership{};
  membership.gr_interface = static_cast<std::uint32_t>(interface_index);
  membership.gr_group = socket_address(group, 0, 0).storage;
  if (!set_option(socket, names.level, MCAST_JOIN_GROUP, membership)) {
    return os::sys_failure("join " + group.to_string());
  }
  return {};
}

os::SysResult<void> configure(const os::Fd& socket, int interface_index, Family family) {
  const FamilyNames& names = names_of(family);
  if (!attach_filter(socket, membership_of_own_host(family))) {
    return os::sys_failure("filter a raw socket");
  }
  if (!set_option(socket, SOL_SOCKET, SO_BINDTOIFINDEX, interface_index)) {
    return os::sys_failure("bind a raw socket to its interface");
  }
  if (!set_option(socket, names.level, names.include_header, 1)) {
    return os::sys_failure("send own IP headers");
  }
  if (family == Family::kIPv6 && !tell_ipv6_headers(socket)) {
    return os::sys_failure("be told IPv6 headers");
  }
  for (const Address group : names.groups) {
    if (auto joined = join(socket, interface_index, group); !joined) return joined;
  }
  if (!set_option(socket, names.level, names.loop, 1)) {
    return os::sys_failure("let the own host hear what is sent");
  }
  // Groups that others on this host have joined are heard, too.
  if (!set_option(socket, names.level, names.all_groups, 1)) {
    return os::sys_failure("hear all groups of this host");
  }
  return {};
}

}  // namespace

os::SysResult<RawSocket> RawSocket::open(int interface_index, Family family) {
  // 0 would mean any interface.
  if (interface_index <= 0) return os::sys_failure("bind a raw socket to its interface", ENODEV);
  const FamilyNames& names = names_of(family);
  os::Fd fd{::socket(names.domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, names.protocol)};
  if (!fd) return os::sys_failure("open a raw socket");
  enlarge_receive_buffer(fd);
  if (auto done = configure(fd, interface_index, family); !done) return failure(done.error());
  return RawSocket{std::move(fd), interface_index, family};
}

os::SysResult<void> RawSocket::send(ByteView packet, Address destination) {
  if (destination.family() != family_) return os::sys_failure("send", EAFNOSUPPORT);
  const auto to = socket_address(destination, 0, interface_index_);
  if (::sendto(fd_.number(), packet.data(), packet.size(), MSG_DONTWAIT, to.get(), to.length) < 0) {
    return os::sys_failure("send");
  }
  return {};
}

os::SysResult<std::span<const ReceivedFrame>> RawSocket::receive(FrameBatch& batch) {
  using Content = FrameBatch::Content;
  return batch.fill(fd_.number(),
                    family_ == Family::kIPv4 ? Content::kPacket : Content::kIpv6Payload);
}

}  // namespace querent::net
