#pragma once

#include <functional>
#include <optional>
#include <string>

namespace querent::test {

// How a process ended, and what it had to say: the text its work returned.
struct Ended {
  std::optional<int> code;
  std::optional<int> signal;
  std::string said;

  bool well() const { return code == 0 && said.empty(); }
};

std::ostream& operator<<(std::ostream& out, const Ended& ended);

// Does `work` in a process of its own, which may lose what this one must keep (privileges, system
// calls, its life), and waits for its end: SIGALRM after 20 s. Text of at most 64 kB. The process
// leaves by _exit, with 0 when the work was done.
Ended forked(const std::function<std::string()>& work);

}  // namespace querent::test
