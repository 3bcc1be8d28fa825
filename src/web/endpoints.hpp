#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/basic_auth.hpp"
#include "web/http_message.hpp"

namespace querent::web {

enum class Method : std::uint8_t { kGet, kPost, kDelete };

std::string_view name(Method method);

// One method of one path, and its row of the table in docs/api.md.
struct Endpoint {
  Method method = Method::kGet;  // GET answers HEAD too
  std::string_view path;
  bool needs_admin = false;
  std::string_view summary;
  std::function<HttpResponse(const HttpRequest&)> handler;  // called by many threads at once
  std::size_t body_limit = 0;                               // octets; 0: takes no body
};

// Who may ask for what.
struct Access {
  std::optional<BasicAuth> auth{};  // nothing: everybody may
  bool admin = false;               // whether endpoints that need it are open
  // A wrong name or password was given: the name, which may be empty, and the client's address.
  std::function<void(std::string name, std::string peer)> refused{};
};

// Answers requests by a table of endpoints, and counts the answers. The first that applies: 401,
// 404 no such path, 405 no such method of it, 403 needs admin, 413 or another refusal of the body,
// the handler's answer. From any thread.
class Endpoints {
 public:
  // By path and status; paths that are not in the table are "other".
  using Counts = std::map<std::pair<std::string, int>, std::uint64_t>;

  Endpoints(std::vector<Endpoint> table, Access access);

  HttpResponse answer(HttpRequest request);
  // Something was answered without asking here.
  void count_refused(int status) { count({}, status); }

  Counts counts() const;
  const std::vector<Endpoint>& table() const { return table_; }

 private:
  HttpResponse respond(HttpRequest& request) const;
  HttpResponse unauthorized(const HttpRequest& request) const;
  bool is_known(std::string_view path) const;
  std::string allowed_methods(std::string_view path) const;
  const Endpoint* find(std::string_view method, std::string_view path) const;
  void count(const std::string& path, int status);

  std::vector<Endpoint> table_;
  Access access_;
  mutable std::mutex mutex_;
  Counts counts_;
};

}  // namespace querent::web
