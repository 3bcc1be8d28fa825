#include "os/signals.hpp"

#include <csignal>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace querent::os {

SysResult<Signals> Signals::open(std::initializer_list<int> signals) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int signal : signals) {
    if (sigaddset(&set, signal) != 0) return sys_failure("block signal " + std::to_string(signal));
  }
  Fd fd{signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)};
  if (!fd) return sys_failure("open a signal descriptor");
  const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr);
  if (error != 0) return sys_failure("block signals", error);
  return Signals{std::move(fd)};
}

std::optional<int> Signals::take() {
  signalfd_siginfo info{};
  if (::read(fd_.number(), &info, sizeof info) != sizeof info) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace querent::os
