#include "forked.hpp"

#include <array>
#include <cstring>
#include <ostream>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.hpp"
#include "os/fd.hpp"

namespace querent::test {

std::ostream& operator<<(std::ostream& out, const Ended& ended) {
  if (ended.code) out << "exit code " << *ended.code;
  if (ended.signal) out << "signal " << *ended.signal << " (" << sigabbrev_np(*ended.signal) << ")";
  return out << ", said \"" << ended.said << "\"";
}

Ended forked(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  CHECK(::pipe(ends.data()) == 0);
  os::Fd hears(ends[0]);
  os::Fd speaks(ends[1]);
  const auto child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    ::alarm(20);
    const auto said = work();
    const auto size = static_cast<ssize_t>(said.size());
    ::_exit(::write(speaks.number(), said.data(), said.size()) == size ? 0 : 99);
  }
  speaks = os::Fd{};
  Ended ended;
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  std::array<char, 65536> room{};
  const auto got = ::read(hears.number(), room.data(), room.size());
  if (got > 0) ended.said.assign(room.data(), static_cast<std::size_t>(got));
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

}  // namespace querent::test
