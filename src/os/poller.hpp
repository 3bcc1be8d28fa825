#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "os/fd.hpp"
#include "os/sys_error.hpp"

namespace querent::os {

// Waits for descriptors (epoll) and calls who watches them. A handler may watch and forget any
// descriptor, also its own: a forgotten one is not called again, even if it was ready already.
class Poller {
 public:
  using Handler = std::function<void()>;
  using Watch = std::uint64_t;  // names one call of watch(); 0 is none

  static SysResult<Poller> open();

  // `handler` is called whenever `fd` is readable or has an error to be read. Forget it before the
  // descriptor is closed.
  SysResult<Watch> watch(const Fd& fd, Handler handler);
  void forget(Watch watch);

  // Waits for at least one descriptor, then for each that is ready calls `before` and its
  // handler. Returns early, without a call, when a signal interrupts.
  SysResult<void> wait(const Handler& before);

 private:
  struct Watched {
    int fd = -1;
    std::shared_ptr<const Handler> handler;
  };

  explicit Poller(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
  Watch last_ = 0;
  std::unordered_map<Watch, Watched> watched_;
};

}  // namespace querent::os
