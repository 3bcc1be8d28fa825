#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/wall_time.hpp"
#include "config/config.hpp"
#include "log/format.hpp"
#include "log/line.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::log {

// Lines to a descriptor, in order, by spdlog's asynchronous logger: from a thread of its own that
// blocks all signals. A write never waits, however slowly lines are read. What does not fit into
// the queue is dropped, the oldest first; so is a line that the descriptor refuses (closed, nobody
// reads, disk full). A line tells where lines are missing.
//
// Memory: the queue's kLines places are allocated at once, 155 KiB. A text of more than 250 octets
// is allocated by itself; format.hpp bounds it: below 13,000 octets, so 5 MB for all.
//
// Belongs to one thread.
class LogQueue {
 public:
  static constexpr std::size_t kLines = 384;
  static constexpr Duration kPatience = std::chrono::milliseconds{50};

  // The descriptor stays the caller's, and as it is: others may share it. Fails when there can be
  // no thread.
  static os::SysResult<LogQueue> open(int fd, const LogStyle& style);

  // Waits until all is written, but at most kPatience; what is left is discarded. spdlog's thread
  // is never ended, because it may be stuck in a write: it stays, with what it needs, for the rest
  // of the process.
  ~LogQueue();
  LogQueue(LogQueue&&) noexcept = default;
  LogQueue& operator=(LogQueue&&) = delete;
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  void write(const LogLine& line, WallTime time);
  // Of the lines from now on.
  void use(config::LogFormat format);
  // Since it was opened.
  std::uint64_t dropped() const;

 private:
  struct Shared;

  explicit LogQueue(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  std::shared_ptr<Shared> shared_;
};

}  // namespace querent::log
