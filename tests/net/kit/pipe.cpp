#include "pipe.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/check.hpp"

namespace querent::test {

Pipe::Pipe() {
  std::array<int, 2> ends{};
  CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
  from_ = os::Fd(ends[0]);
  to_ = os::Fd(ends[1]);
}

void Pipe::fill() {
  const int flags = ::fcntl(to(), F_GETFL);
  CHECK(::fcntl(to(), F_SETFL, flags | O_NONBLOCK) == 0);
  while (::write(to(), "#", 1) == 1)
    ++filled_;
  CHECK(::fcntl(to(), F_SETFL, flags) == 0);
}

void Pipe::drain() {
  std::array<char, 4096> room{};
  while (filled_ > 0) {
    const auto got = ::read(from_.number(), room.data(), std::min(filled_, room.size()));
    CHECK(got > 0);
    filled_ -= static_cast<std::size_t>(got);
  }
}

std::vector<std::string> Pipe::lines(std::size_t count) {
  std::vector<std::string> all;
  std::array<char, 65536> room{};
  while (all.size() < count) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      all.push_back(unread_.substr(0, end));
      unread_.erase(0, end + 1);
      continue;
    }
    pollfd readable{.fd = from_.number(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, 10'000) != 1) break;
    const auto got = ::read(from_.number(), room.data(), room.size());
    if (got <= 0) break;
    unread_.append(room.data(), static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace querent::test
