#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace querent::web {

struct HttpRequest {
  std::string method;
  std::string path;   // decoded
  std::string query;  // behind the '?', as it came
  std::optional<std::string> authorization{};
  std::string peer{};  // the client's address
  std::string body{};  // empty until it is read

  // Reads the body, once, if it has at most `limit` octets; a longer one stays unread. Or the
  // status to refuse it with: 413 longer than that, 411 of unknown length, 408 too slow. Null: the
  // request has no body.
  std::function<Result<std::string, int>(std::size_t limit)> read_body{};
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body{};
  std::string headers{};  // further ones, each with its line end
};

}  // namespace querent::web
