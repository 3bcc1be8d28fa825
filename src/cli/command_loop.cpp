#include "cli/command_loop.hpp"

#include <csignal>
#include <utility>

namespace querent::cli {

net::SysResult<CommandLoop> CommandLoop::open() {
  auto poller = net::Poller::open();
  if (!poller) return failure(poller.error());
  auto timer = net::Timer::open();
  if (!timer) return failure(timer.error());
  auto signals = net::Signals::open({SIGINT, SIGTERM});
  if (!signals) return failure(signals.error());
  return CommandLoop(std::move(*poller), std::move(*timer), std::move(*signals));
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
  const auto on_signal = [this] { interrupted_ = interrupted_ || signals_.take().has_value(); };
  if (auto watched = watch(signals_.fd(), on_signal); !watched) return watched;
  while (!interrupted_) {
    const auto next = turn();
    if (!next) return {};
    timer_.arm(*next);
    if (auto waited = poller_.wait([] {}); !waited) return waited;
  }
  return {};
}

}  // namespace querent::cli
