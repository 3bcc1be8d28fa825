#include "os/last_call.hpp"

#include <array>
#include <csignal>
#include <initializer_list>
#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace querent::os {

namespace {

// Blocked, and read from a descriptor, while those that it stands for interrupt a write.
constexpr int kHeard = SIGUSR1;

// ---- handlers: nothing here but what signal-safety(7) lists

void call(int /*signal*/) {
  static_cast<void>(std::signal(SIGINT, SIG_IGN));
  static_cast<void>(std::signal(SIGTERM, SIG_IGN));
  ::alarm(static_cast<unsigned>(LastCall::kPatience.count()));
  static_cast<void>(::kill(::getpid(), kHeard));
}

void end(int /*signal*/) {
  constexpr std::string_view kWhy =
      "querent: interrupted: nobody reads what is left to be written\n";
  pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&writable, 1, 0) == 1) {
    static_cast<void>(!::write(STDERR_FILENO, kWhy.data(), kWhy.size()));
  }
  ::_exit(1);
}

bool handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  return ::sigaction(signal, &action, nullptr) == 0;
}

}  // namespace

SysResult<LastCall> LastCall::open() {
  auto signals = Signals::open({kHeard});
  if (!signals) return failure(signals.error());
  if (!handle(SIGALRM, end) || !handle(SIGINT, call) || !handle(SIGTERM, call)) {
    return sys_failure("handle signals");
  }
  return LastCall(std::move(*signals));
}

LastCall::~LastCall() {
  if (signals_.fd()) ::alarm(0);
}

}  // namespace querent::os
