#include "cli/command_loop.hpp"

#include <utility>

namespace querent::cli {

net::SysResult<CommandLoop> CommandLoop::open() {
  auto poller = net::Poller::open();
  if (!poller) return failure(poller.error());
  auto timer = net::Timer::open();
  if (!timer) return failure(timer.error());
  auto last_call = net::LastCall::open();
  if (!last_call) return failure(last_call.error());
  return CommandLoop(std::move(*poller), std::move(*timer), std::move(*last_call));
}

net::SysResult<void> CommandLoop::watch(const net::Fd& fd, net::Poller::Handler handler) {
  const auto watched = poller_.watch(fd, std::move(handler));
  if (!watched) return failure(watched.error());
  return {};
}

net::SysResult<void> CommandLoop::run(const std::function<std::optional<Instant>()>& turn) {
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
