#include "web/http_server.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <civetweb.h>
#include <cstring>
#include <fmt/format.h>
#include <future>
#include <map>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "os/clock.hpp"
#include "web/client_address.hpp"
#include "web/error_json.hpp"
#include "web/query_string.hpp"

namespace querent::web {

// What the threads share.
struct HttpServer::Shared {
  HttpHandler handler;
  std::mutex mutex;
  std::map<std::string, int> requests;  // that are being answered, by client

  // Whether this client may have one more.
  bool enter(const std::string& client) {
    const std::lock_guard lock(mutex);
    return ++requests[client] <= kMostOfOneClient;
  }
  void leave(const std::string& client) {
    const std::lock_guard lock(mutex);
    const auto at = requests.find(client);
    if (at != requests.end() && --at->second <= 0) requests.erase(at);
  }
};

namespace {

// More than so many milliseconds for a request, or for a part of an answer, and it is over.
constexpr const char* kPatience = "1000";
constexpr std::chrono::seconds kBodyPatience{1};
constexpr const char* kLongestRequest = "8192";
constexpr int kLowPriority = 5;

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return status < 500 ? "Refused" : "Failed";
  }
}

void write(mg_connection* connection, const HttpResponse& response, bool with_body) {
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\n"
      "Content-Type: {}\r\n"
      "Content-Length: {}\r\n"
      "Cache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "{}"
      "Connection: close\r\n"
      "\r\n",
      response.status, reason_of(response.status), response.content_type, response.body.size(),
      response.headers);
  if (with_body) text += response.body;
  mg_write(connection, text.data(), text.size());
}

std::string or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

// Not decoded by CivetWeb, whose C string would end at a NUL.
std::string path_of(const mg_request_info& info) {
  const std::string path = or_empty(info.local_uri_raw);
  return decode_escapes(path).value_or(path);
}

// CivetWeb's patience begins anew with whatever comes of a piece: so a piece is one octet.
Result<std::string, int> read_octets(mg_connection* connection, std::size_t length) {
  const Instant until = os::now() + kBodyPatience;
  std::string body;
  while (body.size() < length) {
    char octet = 0;
    if (os::now() >= until || mg_read(connection, &octet, 1) != 1) return failure(408);
    body += octet;
  }
  return body;
}

HttpRequest request_of(mg_connection* connection, const mg_request_info& info) {
  HttpRequest request{.method = or_empty(info.request_method),
                      .path = path_of(info),
                      .query = or_empty(info.query_string),
                      .peer = info.remote_addr};
  if (const char* value = mg_get_header(connection, "Authorization")) request.authorization = value;
  // CivetWeb can be held for longer than its patience by what stands between chunks.
  const bool in_chunks = mg_get_header(connection, "Transfer-Encoding") != nullptr;
  if (!in_chunks && info.content_length <= 0) return request;
  request.read_body = [=, announced =
                              info.content_length](std::size_t limit) -> Result<std::string, int> {
    if (limit == 0) return failure(413);
    if (in_chunks) return failure(411);
    const auto length = static_cast<std::size_t>(announced);
    if (length > limit) return failure(413);
    return read_octets(connection, length);
  };
  return request;
}

HttpResponse too_many() {
  return {.status = 429, .body = error_json("too many requests at once from your address")};
}

using Sockets = std::vector<std::string>;  // as CivetWeb reads them

bool is_ipv6(const std::string& host) {
  return host.find(':') != std::string::npos;
}

// 0 or errno. Found out beforehand, because CivetWeb tells why only in words of its own.
int try_listen(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* at = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &at) != 0) return EINVAL;
  const int fd = ::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) {
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // CivetWeb, too, has a socket for each family.
    if (at->ai_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(fd, at->ai_addr, at->ai_addrlen) != 0 || ::listen(fd, 1) != 0) error = errno;
    ::close(fd);
  }
  ::freeaddrinfo(at);
  return error;
}

Result<Sockets, HttpServer::Refusal> try_all(const std::vector<config::ListenAddress>& listen) {
  Sockets sockets;
  for (const auto& [host, port] : listen) {
    const bool everywhere = host.empty();
    std::vector<std::string> hosts{everywhere ? "0.0.0.0" : host};
    if (everywhere && HttpServer::has_ipv6()) hosts.emplace_back("::");
    for (const auto& one : hosts) {
      const int error = try_listen(one, port);
      // A kernel without IPv6.
      if (everywhere && is_ipv6(one) && error == EAFNOSUPPORT) continue;
      sockets.push_back(fmt::format("{}:{}", is_ipv6(one) ? '[' + one + ']' : one, port));
      if (error == 0) continue;
      return failure(
          HttpServer::Refusal{fmt::format("{}: {}", sockets.back(), std::strerror(error)),
                              error == EACCES || error == EPERM});
    }
  }
  return sockets;
}

// CivetWeb does not tell when it gets fewer threads than it wants, or nobody to accept connections.
bool may_have_threads(int count) {
  std::promise<void> all;
  const std::shared_future<void> until = all.get_future().share();
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  bool good = true;
  try {
    while (static_cast<int>(threads.size()) < count)
      threads.emplace_back([until] { until.wait(); });
  } catch (const std::system_error&) {
    good = false;
  }
  all.set_value();
  for (auto& thread : threads)
    thread.join();
  return good;
}

}  // namespace

HttpServer::HttpServer() : shared_(std::make_unique<Shared>()) {}
HttpServer::HttpServer(HttpServer&& other) noexcept = default;
HttpServer::~HttpServer() = default;

void HttpServer::Stop::operator()(mg_context* context) const {
  mg_stop(context);
}

bool HttpServer::has_ipv6() {
  return mg_check_feature(MG_FEATURES_IPV6) != 0;
}

Result<void, HttpServer::Refusal> HttpServer::check(
    const std::vector<config::ListenAddress>& listen) {
  const auto sockets = try_all(listen);
  if (!sockets) return failure(sockets.error());
  return {};
}

Result<HttpServer, HttpServer::Refusal> HttpServer::open(
    const std::vector<config::ListenAddress>& listen, HttpHandler handler) {
  auto sockets = try_all(listen);
  if (!sockets) return failure(std::move(sockets.error()));
  // One accepts, and one starts it.
  if (!may_have_threads(kWorkers + 2)) {
    return failure(
        Refusal{fmt::format("it needs {} threads, and may not have them (docker "
                            "--pids-limit, systemd TasksMax=, ulimit -u)",
                            kWorkers + 2)});
  }
  const std::string ports = fmt::format("{}", fmt::join(*sockets, ","));
  HttpServer server;
  server.sockets_ = std::move(*sockets);
  server.shared_->handler = std::move(handler);
  mg_callbacks callbacks{};
  callbacks.log_message = [](const mg_connection*, const char*) { return 1; };
  callbacks.log_access = [](const mg_connection*, const char*) { return 1; };
  callbacks.begin_request = [](mg_connection* connection) {
    auto& shared = *static_cast<Shared*>(mg_get_user_context_data(connection));
    // Else CivetWeb reads what is left of a body to its end, for as long as that may take.
    mg_disable_connection_keep_alive(connection);
    const HttpRequest request = request_of(connection, *mg_get_request_info(connection));
    const std::string client = client_of(request.peer);
    const bool welcome = shared.enter(client);
    const HttpResponse response = welcome ? shared.handler.answer(request) : too_many();
    write(connection, response, request.method != "HEAD");
    shared.leave(client);
    if (!welcome) shared.handler.refused(response.status);
    return response.status;
  };
  callbacks.http_error = [](mg_connection* connection, int status, const char* message) {
    write(connection, {.status = status, .body = error_json(or_empty(message))}, true);
    static_cast<Shared*>(mg_get_user_context_data(connection))->handler.refused(status);
    return 0;
  };
  const std::string workers = fmt::format("{}", kWorkers);
  std::array<const char*, 19> options{"listening_ports",
                                      ports.c_str(),
                                      "num_threads",
                                      workers.c_str(),
                                      "request_timeout_ms",
                                      kPatience,
                                      "connection_queue",
                                      "128",
                                      "max_request_size",
                                      kLongestRequest,
                                      "decode_url",
                                      "no",
                                      "enable_keep_alive",
                                      "no",
                                      "tcp_nodelay",
                                      "1",
                                      "linger_timeout_ms",
                                      "100",
                                      nullptr};
  mg_init_library(0);
  // Threads inherit their priority; one that set it by itself could meet a sandbox that came first.
  std::thread([&] {
    ::setpriority(PRIO_PROCESS, 0, kLowPriority);
    server.context_.reset(mg_start(&callbacks, server.shared_.get(), options.data()));
  }).join();
  if (!server.context_)
    return failure(Refusal{fmt::format("{}: the server does not start", ports)});
  return server;
}

}  // namespace querent::web
