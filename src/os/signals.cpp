#include "os/signals.hpp"

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

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP})
    sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace querent::os
