#include "app/website.hpp"

#include <charconv>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "observe/health.hpp"
#include "observe/json.hpp"
#include "observe/status_page.hpp"
#include "web/error_json.hpp"
#include "web/query_string.hpp"

namespace querent::app {

namespace {

constexpr std::string_view kNoAnswer = "the loop has not answered within a second";
constexpr std::size_t kMostRows = 1000;

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

std::string take(const std::string& name, const std::string& text,
                 observe::GroupQuestion& question) {
  if (name == "interface") {
    question.interface = text;
  } else if (name == "family") {
    question.family = observe::parse_family(text);
    if (!question.family) return "family is not ipv4 or ipv6";
  } else if (name == "after") {
    question.after = observe::parse_cursor(text);
    if (!question.after) return "after is not INTERFACE/FAMILY/GROUP";
  } else if (name == "limit") {
    return take_limit(text, question.limit);
  } else {
    return "known are interface, family, limit and after";
  }
  return {};
}

std::string take(const std::string& name, const std::string& text,
                 observe::EventQuestion& question) {
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
          .body = std::string(observe::status_page()),
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
    : source_(std::move(status_source)),
      endpoints_(table(), {.auth = std::move(auth), .refused = source_.refused}) {}

std::vector<web::Endpoint> Website::table() const {
  using web::HttpRequest;
  return {
      {.path = "/",
       .summary = "the status page",
       .handler = [](const HttpRequest&) { return page(); }},
      {.path = "/metrics",
       .summary = "Prometheus text 0.0.4",
       .handler = [this](const HttpRequest&) { return metrics(); }},
      {.path = "/healthz",
       .summary = "200 healthy or 503 unhealthy, with the reasons",
       .handler = [this](const HttpRequest&) { return health(); }},
      {.path = "/readyz",
       .summary = "200 ready or 503 not ready, with the reasons",
       .handler = [this](const HttpRequest&) { return readiness(); }},
      {.path = "/api/v1/status",
       .summary = "everything but the groups and the events",
       .handler = [this](const HttpRequest&) { return status(); }},
      {.path = "/api/v1/groups",
       .summary = "the membership table, in pages",
       .handler = [this](const HttpRequest& request) { return groups(request.query); }},
      {.path = "/api/v1/events",
       .summary = "the latest 1,000 events",
       .handler = [this](const HttpRequest& request) { return events(request.query); }},
  };
}

web::HttpResponse Website::metrics() const {
  const auto status = source_.status_with_groups();
  if (!status) return no_answer();
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = observe::metrics_text(*status, {.requests = endpoints_.counts()},
                                        observe::process_facts())};
}

web::HttpResponse Website::health() const {
  const auto status = source_.status();
  return status ? verdict(observe::health(*status).good, observe::health_json(*status))
                : verdict(false, observe::unhealthy_json(kNoAnswer));
}

web::HttpResponse Website::readiness() const {
  const auto status = source_.status();
  return status ? verdict(observe::readiness(*status).good, observe::readiness_json(*status))
                : verdict(false, observe::unready_json(kNoAnswer));
}

web::HttpResponse Website::status() const {
  const auto status = source_.status();
  return status ? web::HttpResponse{.body = observe::status_json(*status)} : no_answer();
}

web::HttpResponse Website::groups(const std::string& query) const {
  const auto question = question_in<observe::GroupQuestion>(query);
  if (!question) return bad_request(question.error());
  const auto page = source_.groups(*question);
  return page ? web::HttpResponse{.body = observe::groups_json(*page)} : no_answer();
}

web::HttpResponse Website::events(const std::string& query) const {
  const auto question = question_in<observe::EventQuestion>(query);
  if (!question) return bad_request(question.error());
  const auto page = source_.events(*question);
  return page ? web::HttpResponse{.body = observe::events_json(*page)} : no_answer();
}

}  // namespace querent::app
