#include "client/host_lookup.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "os/clock.hpp"

namespace querent::client {

namespace {

using Found = Result<std::vector<net::SocketAddress>, LookupFault>;

Found ask_system(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) {
    const int number = errno;
    return failure(LookupFault{.why = error == EAI_SYSTEM ? std::generic_category().message(number)
                                                          : gai_strerror(error)});
  }
  std::vector<net::SocketAddress> found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    net::SocketAddress address{.length = entry->ai_addrlen};
    if (entry->ai_addrlen > sizeof address.storage) continue;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    found.push_back(address);
  }
  ::freeaddrinfo(list);
  if (found.empty()) return failure(LookupFault{.why = "it has no address"});
  return found;
}

// What the thread leaves behind, and rings when it has.
struct Question {
  std::string host;
  std::uint16_t port = 0;
  os::Fd done;
  std::optional<Found> answer;  // the thread's until `done` is readable
};

void answer(const std::shared_ptr<Question>& question) {
  question->answer = ask_system(question->host, question->port, 0);
  const std::uint64_t one = 1;
  static_cast<void>(!::write(question->done.number(), &one, sizeof one));
}

}  // namespace

Wait wait_for(const os::Fd& fd, short events, Instant until, const os::Fd* interrupt) {
  std::array<pollfd, 2> watched{
      pollfd{.fd = interrupt == nullptr ? -1 : interrupt->number(), .events = POLLIN, .revents = 0},
      pollfd{.fd = fd.number(), .events = events, .revents = 0}};
  while (true) {
    // Rounded up: not late before it is.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - os::now()).count();
    const auto most = std::clamp<std::int64_t>(left, 0, 1'000'000);
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(most));
    if (watched[0].revents != 0 && ready > 0) return Wait::kInterrupted;
    if (ready > 0) return Wait::kReady;
    if (ready < 0 && errno != EINTR) return Wait::kReady;  // whatever is tried next says why
    if (os::now() >= until) return Wait::kLate;
  }
}

Found look_up(const std::string& host, std::uint16_t port, Instant until, const os::Fd* interrupt) {
  if (auto found = ask_system(host, port, AI_NUMERICHOST)) return found;
  auto question = std::make_shared<Question>(
      Question{host, port, os::Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), {}});
  if (!question->done) {
    return failure(LookupFault{.why = std::generic_category().message(errno)});
  }
  // Signals are for the thread that waits for them.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([question] { answer(question); }).detach();
  } catch (const std::system_error& error) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return failure(LookupFault{.why = error.code().message()});
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  const Wait ended = wait_for(question->done, POLLIN, until, interrupt);
  if (ended != Wait::kReady) return failure(LookupFault{.ended = ended, .why = {}});
  return std::move(*question->answer);
}

}  // namespace querent::client
