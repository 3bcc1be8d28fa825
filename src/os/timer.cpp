#include "os/timer.hpp"

#include <algorithm>
#include <ctime>
#include <sys/timerfd.h>
#include <utility>

#include "base/check.hpp"

namespace querent::os {

SysResult<Timer> Timer::open() {
  Fd fd{timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC)};
  if (!fd) return sys_failure("create a timer");
  return Timer{std::move(fd)};
}

void Timer::arm(Instant when) {
  if (when == armed_) return;
  set(when);
}

// Setting it clears what has fired, so it needs no read.
void Timer::acknowledge() {
  set(kNever);
}

void Timer::set(Instant when) {
  armed_ = when;
  itimerspec setting{};
  if (when != kNever) {
    // 0 would disarm.
    const auto since_boot = std::max(when.time_since_epoch(), Duration{1});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
    setting.it_value.tv_sec = seconds.count();
    setting.it_value.tv_nsec = (since_boot - seconds).count();
  }
  CHECK(timerfd_settime(fd_.number(), TFD_TIMER_ABSTIME, &setting, nullptr) == 0);
}

}  // namespace querent::os
