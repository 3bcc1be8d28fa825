#pragma once

#include <functional>
#include <optional>

#include "os/last_call.hpp"
#include "os/poller.hpp"
#include "os/timer.hpp"
#include "querent/time.hpp"

namespace querent::cli {

// What a command waits for that runs until it has done its work, or SIGINT or SIGTERM comes: then
// the process ends soon, whoever reads what it writes (os::LastCall). To be kept until the last
// line is written.
class CommandLoop {
 public:
  static os::SysResult<CommandLoop> open();

  // Calls `handler` whenever `fd` is readable, in run(). Both must live until then.
  os::SysResult<void> watch(const os::Fd& fd, os::Poller::Handler handler);

  // Calls `turn` at once, then whenever something happened, and at the instant that it answered.
  // Ends when it answers nothing, or with a signal.
  os::SysResult<void> run(const std::function<std::optional<Instant>()>& turn);

  // Readable from the signal on: for what waits inside a turn.
  const os::Fd& interrupt() const { return last_call_.fd(); }

 private:
  CommandLoop(os::Poller poller, os::Timer timer, os::LastCall last_call)
      : poller_(std::move(poller)), timer_(std::move(timer)), last_call_(std::move(last_call)) {}

  os::Poller poller_;
  os::Timer timer_;
  os::LastCall last_call_;
  bool interrupted_ = false;
};

}  // namespace querent::cli
