#include "net/socket_address.hpp"

#include <cstring>
#include <netinet/in.h>

namespace querent::net {

namespace {

template <class Native>
SocketAddress stored(const Native& native) {
  SocketAddress address{.length = sizeof native};
  std::memcpy(&address.storage, &native, sizeof native);
  return address;
}

}  // namespace

SocketAddress socket_address(Address address, std::uint16_t port, int interface_index) {
  const auto octets = address.to_bytes();
  if (address.is_v4()) {
    sockaddr_in native{};
    native.sin_family = AF_INET;
    native.sin_port = htons(port);
    native.sin_addr.s_addr = htonl(address.v4_bits());
    return stored(native);
  }
  sockaddr_in6 native{};
  native.sin6_family = AF_INET6;
  native.sin6_port = htons(port);
  native.sin6_scope_id = static_cast<std::uint32_t>(interface_index);
  std::memcpy(&native.sin6_addr, octets.data(), octets.size());
  return stored(native);
}

}  // namespace querent::net
