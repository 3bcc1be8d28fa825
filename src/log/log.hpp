#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/wall_time.hpp"
#include "config/config.hpp"
#include "log/format.hpp"
#include "log/line.hpp"
#include "log/queue.hpp"
#include "log/repeats.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::log {

// Lines to stderr, from a thread of its own: whoever writes never waits, not for a full pipe
// either. What does not fit into the queue is dropped, the oldest first, and counted; a line tells
// where. format.hpp says what a line looks like.
//
// Belongs to one thread, and reads the clocks itself. When it is destroyed it waits at most 50 ms
// for the queue to empty; the process then leaves by _exit, which waits for nothing.
class Log {
 public:
  // Looks once whether journald (JOURNAL_STREAM) or a terminal reads `fd`.
  // Fails when no thread can be started. Give up privileges before: a running thread keeps its own.
  static os::SysResult<Log> open(const config::LogConfig& config, int fd = 2);

  void write(LogLine line);
  // Whether lines of this level are written at all: the others need not be made.
  bool writes(config::LogLevel level) const { return level >= config_.level; }

  // After a reload.
  void reconfigure(const config::LogConfig& config);

  // To be called at merged_deadline(), or later: tells of merged lines whose time is over.
  void tell_merged(Instant now);
  Instant merged_deadline() const { return repeats_.deadline(); }
  // Before the last line: tells of all merged lines.
  void tell_all_merged(Instant now);

  // Is called with each line of level info and above, whatever the configured level is.
  using OnEvent = std::function<void(const LogLine&, WallTime)>;
  void on_event(OnEvent call) { on_event_ = std::move(call); }

  // Lines that were never read by anybody.
  std::uint64_t dropped() const { return queue_.dropped(); }

 private:
  Log(const config::LogConfig& config, LogQueue queue);

  void pass_on(const std::vector<LogLine>& lines);

  config::LogConfig config_;
  LogRepeats repeats_;
  OnEvent on_event_;
  LogQueue queue_;
};

}  // namespace querent::log
