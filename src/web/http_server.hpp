#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/web_config.hpp"
#include "web/http_message.hpp"

struct mg_context;

namespace querent::web {

// Called by many threads at once.
struct HttpHandler {
  std::function<HttpResponse(const HttpRequest&)> answer;
  // What never became a request, or came from too busy an address, was answered with this status.
  std::function<void(int status)> refused;
};

// CivetWeb with threads of its own. Whatever clients do is bounded: connections in all, requests of
// one client (client_address.hpp) that are answered at once, the size of a request, and the time
// that it and its answer may take. A body is read only if whoever answers does so; every connection
// ends with its answer. The threads run at a lower priority than who opens the server.
//
// Block all signals before: the threads inherit that. Closing takes up to two seconds; a process
// that ends need not wait for it.
class HttpServer {
 public:
  static constexpr int kWorkers = 64;
  static constexpr int kMostOfOneClient = 16;

  // "127.0.0.1:9224: Address already in use", and whether a permission is missing.
  struct Refusal {
    std::string why;
    bool is_denied = false;
  };

  // Whether CivetWeb can listen on IPv6: it can be built without.
  static bool has_ipv6();

  // Whether it could be opened. Quicker than opening it, which takes some milliseconds.
  static Result<void, Refusal> check(const std::vector<config::ListenAddress>& listen);

  static Result<HttpServer, Refusal> open(const std::vector<config::ListenAddress>& listen,
                                          HttpHandler handler);

  // Where it listens: "127.0.0.1:9224"; for all addresses "0.0.0.0:9224", and "[::]:9224" where
  // CivetWeb and the kernel have IPv6.
  const std::vector<std::string>& sockets() const { return sockets_; }

  HttpServer(HttpServer&& other) noexcept;
  HttpServer& operator=(HttpServer&&) = delete;
  ~HttpServer();

 private:
  struct Shared;
  struct Stop {
    void operator()(mg_context* context) const;
  };

  HttpServer();

  std::vector<std::string> sockets_;
  std::unique_ptr<Shared> shared_;
  std::unique_ptr<mg_context, Stop> context_;  // ends first
};

}  // namespace querent::web
