#pragma once

#include <sys/socket.h>

namespace querent::os {

// Any kind of socket address (sockaddr_in, sockaddr_ll, ...) the way that system calls take them.
template <class Kind>
const sockaddr* as_sockaddr(const Kind& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

template <class Kind>
sockaddr* as_sockaddr(Kind& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

}  // namespace querent::os
