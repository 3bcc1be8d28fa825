#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/socket.h>

#include "os/fd.hpp"

// A raw IPv6 socket keeps a packet's headers to itself and tells of them beside the payload.

namespace querent::net {

// Room for that: addresses, hop limit, and a hop-by-hop header of up to 88 octets.
struct alignas(cmsghdr) Ipv6Ancillary {
  std::array<std::uint8_t, 192> octets{};
};

// False, and errno says why.
bool tell_ipv6_headers(const os::Fd& socket);

// Puts the IPv6 header and the hop-by-hop header back, into the end of `room`, which lies before
// the payload. How many octets that are; 0: the socket did not tell, or they do not fit.
std::size_t restore_ipv6_headers(msghdr& received, std::size_t payload,
                                 std::span<std::uint8_t> room);

}  // namespace querent::net
