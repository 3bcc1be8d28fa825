#include "net/udp_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

#include "net/socket_address.hpp"
#include "net/socket_options.hpp"
#include "os/clock.hpp"

namespace querent::net {
namespace {

void read_sender(const sockaddr_storage& storage, ReceivedDatagram& datagram) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in native{};
    std::memcpy(&native, &storage, sizeof native);
    datagram.sender = Address::v4(ntohl(native.sin_addr.s_addr));
    datagram.sender_port = ntohs(native.sin_port);
    return;
  }
  sockaddr_in6 native{};
  std::memcpy(&native, &storage, sizeof native);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &native.sin6_addr, octets.size());
  datagram.sender = Address::from_bytes(octets);
  datagram.sender_port = ntohs(native.sin6_port);
}

struct OptionName {
  int level;
  int name;
};

template <class Value>
bool set(const os::Fd& fd, OptionName option, const Value& value) {
  return set_option(fd, option.level, option.name, value);
}

// What the two families call differently; the rest is the same for both.
struct FamilyNames {
  int domain;
  int level;
  OptionName ttl;
  OptionName loop;
  OptionName all_groups;
};

constexpr FamilyNames kIPv4{AF_INET,
                            IPPROTO_IP,
                            {IPPROTO_IP, IP_MULTICAST_TTL},
                            {IPPROTO_IP, IP_MULTICAST_LOOP},
                            {IPPROTO_IP, IP_MULTICAST_ALL}};
constexpr FamilyNames kIPv6{AF_INET6,
                            IPPROTO_IPV6,
                            {IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
                            {IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
                            {IPPROTO_IPV6, IPV6_MULTICAST_ALL}};

const FamilyNames& names_of(Family family) {
  return family == Family::kIPv4 ? kIPv4 : kIPv6;
}

bool send_by_interface(const os::Fd& fd, Family family, int interface_index) {
  if (family == Family::kIPv6) {
    return set(fd, {IPPROTO_IPV6, IPV6_MULTICAST_IF}, interface_index);
  }
  ip_mreqn request{};
  request.imr_ifindex = interface_index;
  return set(fd, {IPPROTO_IP, IP_MULTICAST_IF}, request);
}

bool join(const os::Fd& fd, int interface_index, const UdpChannel& channel) {
  const int level = names_of(channel.group.family()).level;
  const auto group = socket_address(channel.group, 0, 0);
  if (!channel.source) {
    group_req request{};
    request.gr_interface = static_cast<std::uint32_t>(interface_index);
    request.gr_group = group.storage;
    return set(fd, {level, MCAST_JOIN_GROUP}, request);
  }
  group_source_req request{};
  request.gsr_interface = static_cast<std::uint32_t>(interface_index);
  request.gsr_group = group.storage;
  request.gsr_source = socket_address(*channel.source, 0, 0).storage;
  return set(fd, {level, MCAST_JOIN_SOURCE_GROUP}, request);
}

Duration since_epoch(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

// The kernel stamps with the time of day; what is wanted is how long ago that was.
Instant instant_of(msghdr& header, Instant now, Duration time_of_day) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    return now - std::max(Duration{0}, time_of_day - since_epoch(stamp));
  }
  return now;
}

}  // namespace

os::SysResult<UdpSender> UdpSender::open(const UdpSenderSettings& settings) {
  const FamilyNames& names = names_of(settings.family);
  os::Fd fd(socket(names.domain, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return os::sys_failure("open a UDP socket");
  if (!send_by_interface(fd, settings.family, settings.interface_index)) {
    return os::sys_failure("send multicast by interface " +
                           std::to_string(settings.interface_index));
  }
  if (!set(fd, names.ttl, int{settings.ttl})) return os::sys_failure("set the TTL");
  if (!set(fd, names.loop, int{settings.loop})) return os::sys_failure("set the multicast loop");
  if (settings.source_port != 0) {
    const auto local =
        socket_address(Address::unspecified(settings.family), settings.source_port, 0);
    if (bind(fd.number(), local.get(), local.length) != 0) {
      return os::sys_failure("send from UDP port " + std::to_string(settings.source_port));
    }
  }
  return UdpSender(std::move(fd), settings.interface_index);
}

os::SysResult<void> UdpSender::send(Address group, std::uint16_t port, ByteView payload) const {
  const auto to = socket_address(group, port, interface_index_);
  if (sendto(fd_.number(), payload.data(), payload.size(), 0, to.get(), to.length) < 0) {
    return os::sys_failure("send to " + group.to_string());
  }
  return {};
}

struct DatagramBatch::Headers {
  // Room for a timestamp.
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))> octets{};
  };

  std::array<mmsghdr, kDatagrams> headers{};
  std::array<iovec, kDatagrams> places{};
  std::array<sockaddr_storage, kDatagrams> senders{};
  std::array<Control, kDatagrams> controls{};
  std::array<std::array<std::uint8_t, kKept>, kDatagrams> payloads{};
};

DatagramBatch::DatagramBatch() : headers_(std::make_unique<Headers>()) {}
DatagramBatch::~DatagramBatch() = default;

os::SysResult<std::span<const ReceivedDatagram>> DatagramBatch::fill(int socket) {
  Headers& room = *headers_;
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    room.places[i] = {room.payloads[i].data(), kKept};
    msghdr& header = room.headers[i].msg_hdr;
    header.msg_name = &room.senders[i];
    header.msg_namelen = sizeof room.senders[i];
    header.msg_iov = &room.places[i];
    header.msg_iovlen = 1;
    header.msg_control = &room.controls[i];
    header.msg_controllen = sizeof room.controls[i];
  }
  const int count =
      recvmmsg(socket, room.headers.data(), kDatagrams, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::span<const ReceivedDatagram>{};
    return os::sys_failure("receive datagrams");
  }
  timespec time_of_day{};
  clock_gettime(CLOCK_REALTIME, &time_of_day);
  const Instant received = os::now();
  const auto filled = static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < filled; ++i) {
    ReceivedDatagram& datagram = datagrams_[i];
    read_sender(room.senders[i], datagram);
    datagram.arrived = instant_of(room.headers[i].msg_hdr, received, since_epoch(time_of_day));
    datagram.octets = room.headers[i].msg_len;
    datagram.payload = {room.payloads[i].data(), std::min(datagram.octets, kKept)};
  }
  return std::span<const ReceivedDatagram>(datagrams_).first(filled);
}

os::SysResult<UdpReceiver> UdpReceiver::open(int interface_index, const UdpChannel& channel) {
  const FamilyNames& names = names_of(channel.group.family());
  const std::string what =
      channel.group.to_string() +
      (channel.source ? " from " + channel.source->to_string() : std::string{});
  os::Fd fd(socket(names.domain, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return os::sys_failure("open a UDP socket for " + what);
  if (!set(fd, {SOL_SOCKET, SO_REUSEADDR}, 1) || !set(fd, names.all_groups, 0) ||
      !set(fd, {SOL_SOCKET, SO_TIMESTAMPNS}, 1)) {
    return os::sys_failure("prepare a UDP socket for " + what);
  }
  // IPv4 tells by the membership which interface a datagram came by, IPv6 does not.
  if (!channel.group.is_v4() && !set(fd, {SOL_SOCKET, SO_BINDTOIFINDEX}, interface_index)) {
    return os::sys_failure("listen on interface " + std::to_string(interface_index));
  }
  enlarge_receive_buffer(fd);
  const auto local = socket_address(channel.group, channel.port, interface_index);
  if (bind(fd.number(), local.get(), local.length) != 0) {
    return os::sys_failure("listen on " + channel.group.to_string() + " port " +
                           std::to_string(channel.port));
  }
  if (!join(fd, interface_index, channel)) return os::sys_failure("join " + what);
  return UdpReceiver(std::move(fd));
}

os::SysResult<std::span<const ReceivedDatagram>> UdpReceiver::receive(DatagramBatch& batch) const {
  return batch.fill(fd_.number());
}

std::uint64_t UdpReceiver::drops() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t length = sizeof memory;
  if (getsockopt(fd_.number(), SOL_SOCKET, SO_MEMINFO, memory.data(), &length) != 0) return 0;
  return memory[SK_MEMINFO_DROPS];
}

}  // namespace querent::net
