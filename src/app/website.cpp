#include "app/website.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "observe/health.hpp"
#include "observe/json.hpp"
#include "observe/status_page.hpp"
#include "web/error_json.hpp"
#include "web/query_string.hpp"

namespace querent::observe {

namespace {

using Parameters = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 7> kPaths{
    "/", "/metrics", "/healthz", "/readyz", "/api/v1/status", "/api/v1/groups", "/api/v1/events"};
constexpr std::string_view kNoAnswer = "the loop has not answered within a second";
constexpr std::size_t kMostRows = 1000;

bool is_known(std::string_view path) {
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

web::HttpResponse bad_request(const std::string& why) {
  return {.status = 400, .body = web::error_json(why)};
}

web::HttpResponse no_answer() {
  return {.status = 503, .body = web::error_json(kNoAnswer)};
}

// A number from `least` on. Nothing: it is not one.
std::optional<std::uint64_t> number(const std::string& text, std::uint64_t least) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end || value < least) return std::nullopt;
  return value;
}

// What is wrong with a parameter; empty: nothing.
std::string take_limit(const std::string& text, std::size_t& limit) {
  const auto value = number(text, 1);
  if (!value || *value > kMostRows) return fmt::format("limit is not 1 to {}", kMostRows);
  limit = *value;
  return {};
}

std::string take(const std::string& name, const std::string& text, GroupQuestion& question) {
  if (name == "interface") {
    question.interface = text;
  } else if (name == "family") {
    question.family = parse_family(text);
    if (!question.family) return "family is not ipv4 or ipv6";
  } else if (name == "after") {
    question.after = parse_cursor(text);
    if (!question.after) return "after is not INTERFACE/FAMILY/GROUP";
  } else if (name == "limit") {
    return take_limit(text, question.limit);
  } else {
    return "known are interface, family, limit and after";
  }
  return {};
}

std::string take(const std::string& name, const std::string& text, EventQuestion& question) {
  if (name == "limit") return take_limit(text, question.limit);
  if (name != "since") return "known are since and limit";
  const auto since = number(text, 0);
  if (!since) return "since is not the id of an event";
  question.since = *since;
  return {};
}

// The question that a query string asks, or what is wrong with it.
template <class Question>
Result<Question, std::string> question_in(const std::string& query) {
  Question question;
  const auto parameters = web::parse_query_string(query);
  if (!parameters) return failure(std::string("a % is followed by something else than two digits"));
  for (const auto& [name, text] : *parameters) {
    if (auto wrong = take(name, text, question); !wrong.empty()) return failure(std::move(wrong));
  }
  return question;
}

web::HttpResponse page() {
  return {.content_type = "text/html; charset=utf-8",
          .body = std::string(status_page()),
          .headers =
              "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src "
              "'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action "
              "'none'; frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\n"};
}

web::HttpResponse verdict(bool good, std::string body) {
  return {.status = good ? 200 : 503, .body = std::move(body)};
}

}  // namespace

Website::Website(StatusSource status_source, std::optional<web::BasicAuth> auth)
    : source_(std::move(status_source)), auth_(std::move(auth)) {}

web::HttpResponse Website::answer(const web::HttpRequest& request) {
  web::HttpResponse response = look_up(request);
  count(request.path, response.status);
  return response;
}

web::HttpResponse Website::look_up(const web::HttpRequest& request) {
  if (auth_ && !auth_->admits(request.authorization)) {
    if (request.authorization)
      source_.refused(web::BasicAuth::name_in(request.authorization), request.peer);
    return {.status = 401,
            .body = web::error_json("a name and a password are needed"),
            .headers = "WWW-Authenticate: Basic realm=\"querent\", charset=\"UTF-8\"\r\n"};
  }
  if (!is_known(request.path))
    return {.status = 404, .body = web::error_json("there is no such page")};
  if (request.method != "GET" && request.method != "HEAD") {
    return {.status = 405,
            .body = web::error_json("nothing can be changed here: GET and HEAD alone"),
            .headers = "Allow: GET, HEAD\r\n"};
  }
  if (request.path == "/") return page();
  if (request.path == "/metrics") return metrics();
  if (request.path == "/api/v1/groups") return groups(request.query);
  if (request.path == "/api/v1/events") return events(request.query);
  const auto status = source_.status();
  if (request.path == "/healthz") {
    return status ? verdict(health(*status).good, health_json(*status))
                  : verdict(false, unhealthy_json(kNoAnswer));
  }
  if (request.path == "/readyz") {
    return status ? verdict(readiness(*status).good, readiness_json(*status))
                  : verdict(false, unready_json(kNoAnswer));
  }
  return status ? web::HttpResponse{.body = status_json(*status)} : no_answer();
}

web::HttpResponse Website::metrics() const {
  const auto status = source_.status_with_groups();
  if (!status) return no_answer();
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_text(*status, counts(), process_facts())};
}

web::HttpResponse Website::groups(const std::string& query) const {
  const auto question = question_in<GroupQuestion>(query);
  if (!question) return bad_request(question.error());
  const auto page = source_.groups(*question);
  return page ? web::HttpResponse{.body = groups_json(*page)} : no_answer();
}

web::HttpResponse Website::events(const std::string& query) const {
  const auto question = question_in<EventQuestion>(query);
  if (!question) return bad_request(question.error());
  const auto page = source_.events(*question);
  return page ? web::HttpResponse{.body = events_json(*page)} : no_answer();
}

void Website::count(const std::string& path, int status) {
  const std::lock_guard lock(mutex_);
  ++counts_.requests[{is_known(path) ? path : "other", status}];
}

HttpCounts Website::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace querent::observe
