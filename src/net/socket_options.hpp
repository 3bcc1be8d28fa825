#pragma once

#include <linux/filter.h>
#include <span>
#include <sys/socket.h>

#include "os/fd.hpp"

namespace querent::net {

// False, and errno says why.
template <class Value>
bool set_option(const os::Fd& socket, int level, int name, const Value& value) {
  return setsockopt(socket.number(), level, name, &value, sizeof value) == 0;
}

// Room for thousands of unread packets, as far as the system allows (net.core.rmem_max).
void enlarge_receive_buffer(const os::Fd& socket);

// Classic BPF: which packets the kernel keeps for this socket. False, and errno says why.
bool attach_filter(const os::Fd& socket, std::span<const sock_filter> program);

}  // namespace querent::net
