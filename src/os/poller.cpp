#include "os/poller.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <sys/epoll.h>
#include <utility>

namespace querent::os {

namespace {

constexpr std::size_t kEventsPerWait = 64;

}  // namespace

SysResult<Poller> Poller::open() {
  Fd fd{epoll_create1(EPOLL_CLOEXEC)};
  if (!fd) return sys_failure("open an epoll descriptor");
  return Poller{std::move(fd)};
}

SysResult<Poller::Watch> Poller::watch(const Fd& fd, Handler handler) {
  const Watch watch = last_ + 1;
  epoll_event interest{};
  interest.events = EPOLLIN;
  interest.data.u64 = watch;
  if (epoll_ctl(fd_.number(), EPOLL_CTL_ADD, fd.number(), &interest) != 0) {
    return sys_failure("watch a descriptor");
  }
  last_ = watch;
  watched_.emplace(watch,
                   Watched{fd.number(), std::make_shared<const Handler>(std::move(handler))});
  return watch;
}

void Poller::forget(Watch watch) {
  const auto found = watched_.find(watch);
  if (found == watched_.end()) return;
  epoll_ctl(fd_.number(), EPOLL_CTL_DEL, found->second.fd, nullptr);
  watched_.erase(found);
}

SysResult<void> Poller::wait(const Handler& before) {
  std::array<epoll_event, kEventsPerWait> events{};
  const int count =
      epoll_wait(fd_.number(), events.data(), static_cast<int>(events.size()), /*timeout=*/-1);
  if (count < 0 && errno == EINTR) return {};
  if (count < 0) return sys_failure("wait for descriptors");
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
    const auto found = watched_.find(event.data.u64);
    if (found == watched_.end()) continue;
    // A handler that forgets its own watch lives until it returns.
    const auto handler = found->second.handler;
    before();
    (*handler)();
  }
  return {};
}

}  // namespace querent::os
