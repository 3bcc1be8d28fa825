#include "fake_server.hpp"

#include <array>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/check.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"

namespace querent::test {

namespace {

using namespace std::chrono_literals;

os::Fd listen_on(std::uint16_t port) {
  os::Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int one = 1;
  CHECK(::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0);
  const auto address = net::socket_address(Address::v4(127, 0, 0, 1), port, 0);
  CHECK(::bind(listener.number(), address.get(), address.length) == 0);
  CHECK(::listen(listener.number(), 16) == 0);
  return listener;
}

std::uint16_t port_of(const os::Fd& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  CHECK(::getsockname(listener.number(), os::as_sockaddr(address), &size) == 0);
  return ntohs(address.sin_port);
}

// Which of the two can be read or has ended, within that time.
std::array<bool, 2> readable(const os::Fd& one, const os::Fd& other, Duration time) {
  std::array<pollfd, 2> watched{pollfd{.fd = one.number(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = other.number(), .events = POLLIN, .revents = 0}};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  static_cast<void>(::poll(watched.data(), watched.size(), static_cast<int>(ms)));
  return {watched[0].revents != 0, watched[1].revents != 0};
}

}  // namespace

std::string Conversation::target() const {
  const auto begin = request_.find(' ');
  const auto end = request_.find(' ', begin + 1);
  return end == std::string::npos ? "" : request_.substr(begin + 1, end - begin - 1);
}

bool Conversation::write(std::string_view text) const {
  while (!text.empty()) {
    const auto sent =
        ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (!pause(10ms)) {
      return false;
    }
  }
  return true;
}

bool Conversation::drip(std::string_view text, Duration between) const {
  for (const char octet : text)
    if (!write(std::string_view(&octet, 1)) || !pause(between)) return false;
  return true;
}

void Conversation::hold() const {
  static_cast<void>(pause(60s));
}

void Conversation::reset() const {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  CHECK(::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
}

bool Conversation::pause(Duration time) const {
  const auto [gone, stopped] = readable(socket_, stop_, time);
  return !gone && !stopped;
}

bool Conversation::read_request() {
  std::array<char, 4096> room{};
  while (request_.find("\r\n\r\n") == std::string::npos) {
    if (readable(socket_, stop_, 60s)[1]) return false;
    const auto got = ::recv(socket_.number(), room.data(), room.size(), 0);
    if (got <= 0) return false;
    request_.append(room.data(), static_cast<std::size_t>(got));
  }
  return true;
}

std::string http(int status, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Type: application/json\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         std::string(body);
}

FakeServer::FakeServer(Serve serve, std::uint16_t port)
    : serve_(std::move(serve)),
      listener_(listen_on(port)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      port_(port_of(listener_)),
      thread_([this] { run(); }) {}

FakeServer::~FakeServer() {
  const std::uint64_t one = 1;
  CHECK(::write(stop_.number(), &one, sizeof one) == sizeof one);
  thread_.join();
}

std::vector<std::string> FakeServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeServer::run() {
  while (!readable(listener_, stop_, 60s)[1]) {
    const os::Fd socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) continue;
    Conversation conversation(socket, stop_);
    if (!conversation.read_request()) continue;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(conversation.request());
    }
    serve_(conversation);
  }
}

std::uint16_t free_port() {
  return port_of(listen_on(0));
}

}  // namespace querent::test
