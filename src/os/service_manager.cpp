#include "os/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/sockaddr.hpp"

namespace querent::os {

namespace {

// Empty when it is not set.
std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets any
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [last, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || last != end) return std::nullopt;
  return value;
}

std::optional<Duration> watchdog_of_this_process() {
  const auto process = variable("WATCHDOG_PID");
  if (!process.empty() && number(process) != static_cast<std::uint64_t>(::getpid())) {
    return std::nullopt;
  }
  constexpr auto kLongest = std::chrono::duration_cast<std::chrono::microseconds>(Duration::max());
  const auto silence = number(variable("WATCHDOG_USEC"));
  if (!silence || *silence == 0 || *silence > static_cast<std::uint64_t>(kLongest.count())) {
    return std::nullopt;
  }
  return std::chrono::microseconds{*silence};
}

bool is_unix_address(std::string_view address) {
  return address.size() > 1 && address.size() < sizeof(sockaddr_un::sun_path) &&
         (address.front() == '/' || address.front() == '@');
}

}  // namespace

ServiceManager::ServiceManager() : watchdog_(watchdog_of_this_process()) {
  const auto address = variable("NOTIFY_SOCKET");
  if (!is_unix_address(address)) return;
  address_ = address;
  socket_ = Fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

void ServiceManager::tell(std::string_view lines) const {
  if (!socket_) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(address_, std::begin(address.sun_path));
  if (address_.front() == '@') address.sun_path[0] = '\0';
  // An abstract name has no end but the address's own.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  ::sendto(socket_.number(), lines.data(), lines.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           as_sockaddr(address), size);
}

}  // namespace querent::os
