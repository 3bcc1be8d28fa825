#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "os/fd.hpp"
#include "os/sys_error.hpp"

namespace querent::os {

// Signals as something to read. Blocked in the calling thread, and so in all threads it starts
// later.
class Signals {
 public:
  static SysResult<Signals> open(std::initializer_list<int> signals);

  const Fd& fd() const { return fd_; }
  // The next one that waits; nothing when none does.
  std::optional<int> take();

 private:
  explicit Signals(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

// While it lives all signals are blocked in the calling thread, and so they are in the threads that
// it starts meanwhile, for good. Not those that a thread's own mistakes raise: they must still end
// the process.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace querent::os
