#include "config/file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace querent::config {

namespace {

constexpr int kPatienceMilliseconds = 5000;

tl::unexpected<Unreadable> unreadable(int error) {
  return failure(Unreadable{.why = std::generic_category().message(error),
                            .is_missing = error == ENOENT || error == ENOTDIR});
}

Result<std::string, Unreadable> read_to_end(int descriptor) {
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR && errno != EAGAIN) return unreadable(errno);
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (count < 0 && ::poll(&ready, 1, kPatienceMilliseconds) == 0)
      return failure(Unreadable{.why = "nothing came within 5 s"});
    if (text.size() > kMaxConfigBytes) return failure(Unreadable{.why = "it is larger than 1 MiB"});
  }
}

}  // namespace

Result<std::string, Unreadable> read_whole_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return unreadable(errno);
  auto text = read_to_end(descriptor);
  ::close(descriptor);
  return text;
}

}  // namespace querent::config
