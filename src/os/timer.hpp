#pragma once

#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::os {

// One timerfd on the clock of now(), readable from the armed instant on.
class Timer {
 public:
  static SysResult<Timer> open();

  const Fd& fd() const { return fd_; }  // for a Poller; there is nothing to read from it

  // Replaces what was armed before; an instant that has passed fires at once, kNever disarms.
  void arm(Instant when);
  // No longer readable until armed again.
  void acknowledge();

 private:
  explicit Timer(Fd fd) : fd_(std::move(fd)) {}

  void set(Instant when);

  Fd fd_;
  Instant armed_ = kNever;
};

}  // namespace querent::os
