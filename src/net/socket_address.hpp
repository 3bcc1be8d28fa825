#pragma once

#include <cstdint>
#include <sys/socket.h>

#include "os/sockaddr.hpp"
#include "querent/address.hpp"

namespace querent::net {

// Of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* get() const { return os::as_sockaddr(storage); }
};

// The interface's index is the scope of an IPv6 address; 0 where there is none.
SocketAddress socket_address(Address address, std::uint16_t port, int interface_index);

}  // namespace querent::net
