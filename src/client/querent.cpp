#include "client/querent.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "client/http_get.hpp"

namespace querent::client {

namespace {

using Kind = NoAnswer::Kind;

constexpr const char* kWhichUrl = "say --url";
constexpr const char* kIsItQuerent = "is it querent? say --url";

constexpr int kGood = 200;
constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;
constexpr int kFirstOfServer = 500;

}  // namespace

Result<ApiAnswer, NoAnswer> Querent::ask(const std::string& target,
                                         const std::vector<int>& others) const {
  auto answer = http_get({.url = url_,
                          .target = target,
                          .user = user_,
                          .patience = patience_,
                          .interrupt = interrupt_});
  const std::string url = url_.to_string();
  if (!answer) {
    const HttpFault& fault = answer.error();
    switch (fault.kind) {
      case HttpFault::Kind::kInterrupted:
        return failure(NoAnswer{Kind::kInterrupted, fault.why, {}});
      case HttpFault::Kind::kBadAnswer:
        return failure(
            NoAnswer{Kind::kAbsent, fmt::format("{}: {}", url, fault.why), kIsItQuerent});
      case HttpFault::Kind::kUnreachable:
        break;
    }
    return failure(NoAnswer{Kind::kAbsent, fmt::format("nothing answers at {}: {}", url, fault.why),
                            fmt::format("is querent running? {}", kWhichUrl)});
  }
  const auto json = JsonDocument::parse(answer->body);
  const JsonValue root = json ? json->root() : JsonValue();
  const bool wanted = answer->status == kGood ||
                      (std::find(others.begin(), others.end(), answer->status) != others.end() &&
                       root && !root["error"]);
  if (!wanted) return failure(refusal(target, answer->status, root));
  if (!root.is_object()) {
    return failure(NoAnswer{Kind::kWrong, fmt::format("{}{} is no JSON of querent", url, target),
                            kIsItQuerent});
  }
  return ApiAnswer{answer->status, std::move(answer->body), *json};
}

NoAnswer Querent::refusal(const std::string& target, int status, const JsonValue& answer) const {
  const std::string url = url_.to_string();
  if (status == kUnauthorized) {
    return {Kind::kDenied,
            fmt::format("{} {}", url,
                        user_.empty() ? "wants a user and a password"
                                      : "does not accept this user and password"),
            "say --user NAME:PASSWORD"};
  }
  if (status == kNotFound) {
    return {Kind::kWrong, fmt::format("{} has no {}", url, target), kIsItQuerent};
  }
  const std::string said = answer["error"].text_or("");
  return {status >= kFirstOfServer ? Kind::kAbsent : Kind::kWrong,
          fmt::format("{} answers {}{}{}", url, status, said.empty() ? "" : ": ", said),
          said.empty() ? kIsItQuerent : ""};
}

}  // namespace querent::client
