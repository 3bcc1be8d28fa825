#pragma once

#include <cstdint>
#include <sys/socket.h>

#include "base/address.hpp"

namespace querent::net {

// Any kind of socket address (sockaddr_in, sockaddr_ll, ...) the way that system calls take them.
template <class Kind>
const sockaddr* as_sockaddr(const Kind& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

template <class Kind>
sockaddr* as_sockaddr(Kind& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

// Of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* get() const { return as_sockaddr(storage); }
};

// The interface's index is the scope of an IPv6 address; 0 where there is none.
SocketAddress socket_address(Address address, std::uint16_t port, int interface_index);

}  // namespace querent::net
