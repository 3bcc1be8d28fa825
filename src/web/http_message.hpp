#pragma once

#include <optional>
#include <string>

namespace querent::web {

struct HttpRequest {
  std::string method;
  std::string path;   // decoded
  std::string query;  // behind the '?', as it came
  std::optional<std::string> authorization{};
  std::string peer{};  // the client's address
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body{};
  std::string headers{};  // further ones, each with its line end
};

}  // namespace querent::web
