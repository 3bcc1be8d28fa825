#include "web/endpoints.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "web/error_json.hpp"

namespace querent::web {

namespace {

HttpResponse refuse(int status, std::string_view why, std::string headers = {}) {
  return {.status = status, .body = error_json(why), .headers = std::move(headers)};
}

HttpResponse refuse_body(int status, std::size_t limit) {
  if (status == 411) return refuse(status, "the body needs a Content-Length");
  if (status == 408) return refuse(status, "the body did not arrive in time");
  if (limit == 0) return refuse(status, "a body is not accepted here");
  return refuse(status, fmt::format("the body is longer than {} octets", limit));
}

}  // namespace

std::string_view name(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kDelete:
      return "DELETE";
  }
  return "";
}

Endpoints::Endpoints(std::vector<Endpoint> table, Access access)
    : table_(std::move(table)), access_(std::move(access)) {}

HttpResponse Endpoints::answer(HttpRequest request) {
  HttpResponse response = respond(request);
  count(request.path, response.status);
  return response;
}

HttpResponse Endpoints::respond(HttpRequest& request) const {
  if (access_.auth && !access_.auth->admits(request.authorization)) return unauthorized(request);
  if (!is_known(request.path)) return refuse(404, "there is no such page");
  const Endpoint* const endpoint = find(request.method, request.path);
  if (endpoint == nullptr) {
    const auto allowed = allowed_methods(request.path);
    return refuse(405, fmt::format("the methods of this path are {}", allowed),
                  fmt::format("Allow: {}\r\n", allowed));
  }
  if (endpoint->needs_admin && !access_.admin)
    return refuse(403, "changes over HTTP are not enabled");
  if (request.read_body) {
    auto body = request.read_body(endpoint->body_limit);
    if (!body) return refuse_body(body.error(), endpoint->body_limit);
    request.body = std::move(*body);
  }
  return endpoint->handler(request);
}

HttpResponse Endpoints::unauthorized(const HttpRequest& request) const {
  if (request.authorization && access_.refused)
    access_.refused(BasicAuth::name_in(request.authorization), request.peer);
  return refuse(401, "a name and a password are needed",
                "WWW-Authenticate: Basic realm=\"querent\", charset=\"UTF-8\"\r\n");
}

bool Endpoints::is_known(std::string_view path) const {
  return std::any_of(table_.begin(), table_.end(),
                     [&](const Endpoint& endpoint) { return endpoint.path == path; });
}

std::string Endpoints::allowed_methods(std::string_view path) const {
  std::string allowed;
  for (const auto& endpoint : table_) {
    if (endpoint.path != path) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += name(endpoint.method);
    if (endpoint.method == Method::kGet) allowed += ", HEAD";
  }
  return allowed;
}

const Endpoint* Endpoints::find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? name(Method::kGet) : method;
  const auto found = std::find_if(table_.begin(), table_.end(), [&](const Endpoint& endpoint) {
    return endpoint.path == path && name(endpoint.method) == wanted;
  });
  return found == table_.end() ? nullptr : &*found;
}

void Endpoints::count(const std::string& path, int status) {
  const std::lock_guard lock(mutex_);
  ++counts_[{is_known(path) ? path : "other", status}];
}

Endpoints::Counts Endpoints::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace querent::web
