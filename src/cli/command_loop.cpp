#include "cli/command_loop.hpp"

#include <utility>

namespace querent::cli {

os::SysResult<CommandLoop> CommandLoop::open() {
  auto poller = os::Poller::open();
  if (!poller) return failure(poller.error());
  auto timer = os::Timer::open();
  if (!timer) return failure(timer.error());
  auto last_call = os::LastCall::open();
  if (!last_call) return failure(last_call.error());
  return CommandLoop(std::move(*poller), std::move(*timer), std::move(*last_call));
}

os::SysResult<void> CommandLoop::watch(const os::Fd& fd, os::Poller::Handler handler) {
  const auto watched = poller_.watch(fd, std::move(handler));
  if (!watched) return failure(watched.error());
  return {};
}

os::SysResult<void> CommandLoop::run(const std::function<std::optional<Instant>()>& turn) {
  if (auto watched = watch(timer_.fd(), [this] { timer_.acknowledge(); }); !watched) {
    return watched;
  }
  if (auto watched = watch(last_call_.fd(), [this] { interrupted_ = true; }); !watched) {
    return watched;
  }
  while (!interrupted_) {
    const auto next = turn();
    if (!next) return {};
    timer_.arm(*next);
    if (auto waited = poller_.wait([] {}); !waited) return waited;
  }
  return {};
}

}  // namespace querent::cli
