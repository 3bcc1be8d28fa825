#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "lab/namespace.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::lab {

// Where a stream of a program goes.
struct Sink {
  enum class Kind : std::uint8_t { kMemory, kInherit, kFile };
  Kind kind = Kind::kMemory;
  std::string file{};  // emptied first
};

struct Invocation {
  std::vector<std::string> argv;           // the first is looked for in PATH
  const Namespace* where = nullptr;        // none: where we are
  std::vector<std::string> environment{};  // NAME=VALUE each, on top of our own
  Sink out{};
  Sink err{};
};

struct Exit {
  int code = 0;    // when signal is 0
  int signal = 0;  // that killed it; 0: it ended by itself
  Duration cpu{};  // user and system, with what its own children took
};

// What a program costs, at one moment.
struct Usage {
  Duration cpu{};                        // user and system, of all its threads so far
  std::uint64_t resident = 0;            // octets
  std::uint64_t voluntary_switches = 0;  // of its threads that live: how often they slept
  unsigned descriptors = 0;
};

os::SysResult<Usage> usage_of(pid_t pid);

// A program that runs until it ends, this object goes, or our own process does, however that ends
// and whoever the program has become meanwhile. Its stdin is empty. Of a stream to memory, 16 MiB
// are kept; what comes later is read and lost, but nothing is read between two calls, so that it
// waits when it is a MiB ahead.
class Process {
 public:
  static os::SysResult<Process> spawn(const Invocation& command);

  pid_t pid() const { return child_.pid; }
  void kill(int signal) const;  // without effect when it has ended

  // Nothing when it still runs at the time-out.
  std::optional<Exit> wait(Duration timeout);

  // What it has written so far, of what goes to memory.
  const std::string& output();
  const std::string& errors();

  // Whether the text was written, within that time; at once false when the program ends without.
  bool wait_for_output(std::string_view text, Duration timeout);
  bool wait_for_errors(std::string_view text, Duration timeout);

  os::SysResult<Usage> usage() const { return usage_of(pid()); }

 private:
  // Kills and reaps.
  struct Child {
    Child() = default;
    Child(Child&& other) noexcept { *this = std::move(other); }
    Child& operator=(Child&& other) noexcept;
    ~Child();

    // From now on it is awaited, and guarded.
    os::SysResult<void> watch();

    pid_t pid = 0;
    pid_t guard = 0;  // kills the program when we are gone
    os::Fd ended;     // a pidfd: readable from its end on
    os::Fd alive;     // closed with us
    std::optional<Exit> exit;
  };
  struct Stream {
    os::Fd pipe;
    std::string text;

    void drain();
  };

  Process() = default;

  // Until something can be read, or the program has ended, or the time has come.
  void await(Instant until) const;
  bool await_text(Stream& stream, std::string_view text, Duration timeout);
  bool has_ended();

  Stream out_;
  Stream err_;
  Child child_;  // the last: ends first
};

}  // namespace querent::lab
