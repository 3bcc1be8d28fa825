#pragma once

#include <chrono>
#include <utility>

#include "os/fd.hpp"
#include "os/signals.hpp"
#include "os/sys_error.hpp"

namespace querent::os {

// SIGINT and SIGTERM for a program that writes what somebody else may have stopped to read. The
// first of them is something to be noticed: then there is kPatience to write what is left and to
// let this go. Whoever has not done so by then is stuck in a write, and ended: exit code 1. One in
// a process.
class LastCall {
 public:
  static constexpr std::chrono::seconds kPatience{1};

  // From now on, for good.
  static SysResult<LastCall> open();
  // What is done without it takes as long as it takes.
  ~LastCall();
  LastCall(LastCall&& other) noexcept = default;
  LastCall& operator=(LastCall&& other) noexcept = default;
  LastCall(const LastCall&) = delete;
  LastCall& operator=(const LastCall&) = delete;

  // Readable from the first signal on; there is nothing to take from it.
  const Fd& fd() const { return signals_.fd(); }

 private:
  explicit LastCall(Signals signals) : signals_(std::move(signals)) {}

  Signals signals_;
};

}  // namespace querent::os
