#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::os {

// Lines to a descriptor, in order, from a thread of its own that blocks all signals. Nobody who
// hands over a line waits, however slowly they are read. What does not fit into the queue is
// dropped, the oldest first; so is a line that the descriptor refuses (closed, nobody reads, disk
// full). A pipe without a reader raises no SIGPIPE.
class LineWriter {
 public:
  static constexpr std::size_t kLines = 1024;
  static constexpr Duration kPatience = std::chrono::milliseconds{50};

  // The line that stands where lines are missing, with its newline. Called by the writer's thread.
  using Gap = std::function<std::string(std::uint64_t dropped)>;

  // The descriptor stays the caller's (this keeps one of its own to the same), and as it is: others
  // may share it, so it is not made nonblocking. Fails when there can be no thread.
  static SysResult<LineWriter> open(int fd);

  // Waits until all is written, but at most kPatience. A thread that is stuck in a write is left
  // alone with what it needs; the process can still exit.
  ~LineWriter();
  LineWriter(LineWriter&&) noexcept = default;
  LineWriter& operator=(LineWriter&&) = delete;
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // `line` ends with its newline. From any thread, like all that follows.
  void write(std::string line);
  void describe_gaps(Gap gap);
  // Since it was opened.
  std::uint64_t dropped() const;

 private:
  struct Shared;

  explicit LineWriter(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  static void run(Shared& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace querent::os
