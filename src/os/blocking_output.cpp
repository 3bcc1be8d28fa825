#include "os/blocking_output.hpp"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace querent::os {

BlockingOutput::BlockingOutput(int fd) : fd_(::fcntl(fd, F_DUPFD_CLOEXEC, 0)) {}

bool BlockingOutput::write(std::string_view octets) {
  while (!octets.empty()) {
    const auto written = ::write(fd_.number(), octets.data(), octets.size());
    if (written >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd room{.fd = fd_.number(), .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace querent::os
