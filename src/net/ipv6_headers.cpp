#include "net/ipv6_headers.hpp"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <optional>

#include "base/bytes.hpp"
#include "net/socket_options.hpp"

namespace querent::net {

namespace {

constexpr std::size_t kHeaderSize = 40;  // RFC 8200 3

ByteView data_of(const cmsghdr* part) {
  return {CMSG_DATA(part), part->cmsg_len - CMSG_LEN(0)};
}

struct Told {
  std::optional<in6_addr> destination;
  std::optional<int> hop_limit;
  ByteView hop_by_hop;  // the whole header; empty: the packet had none
};

template <class Value>
std::optional<Value> value_in(ByteView octets) {
  if (octets.size() < sizeof(Value)) return std::nullopt;
  Value value{};
  std::memcpy(&value, octets.data(), sizeof value);
  return value;
}

Told read_ancillary(msghdr& received) {
  Told told;
  for (cmsghdr* part = CMSG_FIRSTHDR(&received); part != nullptr;
       part = CMSG_NXTHDR(&received, part)) {
    if (part->cmsg_level != IPPROTO_IPV6) continue;
    const ByteView data = data_of(part);
    if (part->cmsg_type == IPV6_PKTINFO) {
      if (const auto info = value_in<in6_pktinfo>(data)) told.destination = info->ipi6_addr;
    } else if (part->cmsg_type == IPV6_HOPLIMIT) {
      told.hop_limit = value_in<int>(data);
    } else if (part->cmsg_type == IPV6_HOPOPTS) {
      told.hop_by_hop = data;
    }
  }
  return told;
}

}  // namespace

bool tell_ipv6_headers(const os::Fd& socket) {
  return set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
         set_option(socket, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) &&
         set_option(socket, IPPROTO_IPV6, IPV6_RECVHOPOPTS, 1);
}

std::size_t restore_ipv6_headers(msghdr& received, std::size_t payload,
                                 std::span<std::uint8_t> room) {
  const Told told = read_ancillary(received);
  const std::size_t size = kHeaderSize + told.hop_by_hop.size();
  const std::size_t length = told.hop_by_hop.size() + payload;
  sockaddr_in6 source{};
  if (!told.destination || !told.hop_limit || (received.msg_flags & MSG_CTRUNC) != 0 ||
      size > room.size() || length > 0xFFFF || received.msg_namelen < sizeof source) {
    return 0;
  }
  std::memcpy(&source, received.msg_name, sizeof source);
  const auto headers = room.last(size);
  const bool has_options = !told.hop_by_hop.empty();
  std::ranges::fill(headers, std::uint8_t{0});
  headers[0] = 0x60;
  store16(headers, 4, static_cast<std::uint16_t>(length));
  headers[6] = static_cast<std::uint8_t>(has_options ? IPPROTO_HOPOPTS : IPPROTO_ICMPV6);
  headers[7] = static_cast<std::uint8_t>(*told.hop_limit);
  std::memcpy(&headers[8], &source.sin6_addr, sizeof source.sin6_addr);
  std::memcpy(&headers[24], &*told.destination, sizeof *told.destination);
  std::ranges::copy(told.hop_by_hop, headers.begin() + kHeaderSize);
  return size;
}

}  // namespace querent::net
