#include "net/socket_options.hpp"

#include <array>
#include <vector>

namespace querent::net {

namespace {

constexpr int kReceiveBuffer = 4 << 20;

}  // namespace

void enlarge_receive_buffer(const os::Fd& socket) {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
}

bool attach_filter(const os::Fd& socket, std::span<const sock_filter> program) {
  // The kernel's type is not const.
  std::vector<sock_filter> steps(program.begin(), program.end());
  const sock_fprog filter{static_cast<unsigned short>(steps.size()), steps.data()};
  return set_option(socket, SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

}  // namespace querent::net
