#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "os/fd.hpp"
#include "querent/time.hpp"

namespace querent::test {

// The other end of one connection to a FakeServer.
class Conversation {
 public:
  // What was asked, up to the empty line.
  const std::string& request() const { return request_; }
  // "/api/v1/status?x=y"; empty when it is no request.
  std::string target() const;

  // False: who asked, or the test, has gone.
  bool write(std::string_view text) const;
  // An octet, and another one after that time.
  bool drip(std::string_view text, Duration between) const;
  // Says nothing until who asked, or the test, has gone.
  void hold() const;
  // Does not end the connection but breaks it (RST).
  void reset() const;

 private:
  friend class FakeServer;

  Conversation(const os::Fd& socket, const os::Fd& stop) : socket_(socket), stop_(stop) {}

  // Whether there was none of that within the time.
  bool pause(Duration time) const;
  bool read_request();

  const os::Fd& socket_;
  const os::Fd& stop_;
  std::string request_;
};

// "HTTP/1.1 STATUS ..." with a length and this body.
std::string http(int status, std::string_view body);

// Answers on a loopback address as a test says it, one connection after the other, in a thread of
// its own until it goes.
class FakeServer {
 public:
  using Serve = std::function<void(Conversation&)>;

  // On a port that is free, or on that one.
  explicit FakeServer(Serve serve, std::uint16_t port = 0);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // What was asked so far.
  std::vector<std::string> requests() const;

 private:
  void run();

  Serve serve_;
  os::Fd listener_;
  os::Fd stop_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;  // the last: ends first
};

// A port of 127.0.0.1 where nobody listens.
std::uint16_t free_port();

}  // namespace querent::test
