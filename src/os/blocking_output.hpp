#pragma once

#include <string_view>

#include "os/fd.hpp"

namespace querent::os {

// Octets to a descriptor that others may share: it stays the caller's (this keeps one of its own to
// the same file), and as it is, so it is not made nonblocking. Waits where there is no room.
class BlockingOutput {
 public:
  // Of a descriptor that is not open: it refuses everything.
  explicit BlockingOutput(int fd);

  // All of them. False when the descriptor refuses them: closed, nobody reads, disk full. A pipe
  // without a reader raises SIGPIPE, which the thread has to block.
  bool write(std::string_view octets);

  void close() { fd_ = Fd{}; }

 private:
  Fd fd_;
};

}  // namespace querent::os
