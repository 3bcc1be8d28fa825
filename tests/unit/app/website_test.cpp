#include "app/website.hpp"

#include <crypt.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../folders.hpp"
#include "../observe/json_document.hpp"
#include "../observe/sample.hpp"

namespace querent::app::test {
namespace {

using namespace observe;
using namespace observe::test;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr const char* kJson = "application/json; charset=utf-8";

// A website with a loop behind it that always answers, or never.
struct Site {
  explicit Site(std::optional<web::BasicAuth> auth = std::nullopt)
      : website({.status = [this] { return answer(); },
                 .status_with_groups = [this] { return answer(); },
                 .groups = [this](const GroupQuestion& question) -> std::optional<GroupPage> {
                   groups_question = question;
                   if (!answers) return std::nullopt;
                   return GroupPage{.names = std::make_shared<GroupNames>()};
                 },
                 .events = [this](const EventQuestion& question) -> std::optional<EventPage> {
                   events_question = question;
                   if (!answers) return std::nullopt;
                   return EventPage{.instance = "f3b09a12"};
                 },
                 .refused = [this](const std::string& name,
                                   const std::string& peer) { refused.emplace_back(name, peer); }},
                std::move(auth)) {}

  std::shared_ptr<const Status> answer() const {
    return answers ? std::make_shared<const Status>(status) : nullptr;
  }
  web::HttpResponse get(std::string path, std::string query = "") {
    return website.answer({.method = "GET", .path = std::move(path), .query = std::move(query)});
  }
  web::HttpResponse login(std::optional<std::string> authorization, std::string path = "/readyz") {
    return website.answer({.method = "GET",
                           .path = std::move(path),
                           .authorization = std::move(authorization),
                           .peer = "192.168.1.99"});
  }
  // The lines of http_requests_total in the order of the text.
  std::vector<std::string> counted() {
    std::vector<std::string> lines;
    const std::string text = get("/metrics").body;
    const std::string name = "querent_http_requests_total{";
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      at += name.size();
      lines.push_back(text.substr(at, text.find('\n', at) - at));
    }
    return lines;
  }

  Status status = good_status();
  bool answers = true;
  GroupQuestion groups_question;
  EventQuestion events_question;
  std::vector<std::pair<std::string, std::string>> refused;
  Website website;
};

web::BasicAuth alice() {
  const auto scratch = std::make_unique<crypt_data>();
  const std::string hash = crypt_r("wonderland", "$2b$04$abcdefghijklmnopqrstuu", scratch.get());
  return web::BasicAuth::parse("alice:" + hash).value();
}

constexpr const char* kRight = "Basic YWxpY2U6d29uZGVybGFuZA==";
constexpr const char* kWrong = "Basic YWxpY2U6bWlycm9y";

TEST(Website, AnswersOnEveryPath) {
  Site site;
  EXPECT_EQ(site.get("/").status, 200);
  EXPECT_THAT(site.get("/").content_type, "text/html; charset=utf-8");
  EXPECT_THAT(site.get("/").body, StartsWith("<!doctype html>"));
  EXPECT_THAT(site.get("/").headers, HasSubstr("Content-Security-Policy: default-src 'none';"));
  EXPECT_THAT(site.get("/").headers, testing::EndsWith("\r\n"));
  EXPECT_EQ(site.get("/metrics").status, 200);
  EXPECT_EQ(site.get("/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(site.get("/metrics").body, HasSubstr("querent_is_querier{"));
  EXPECT_THAT(site.get("/metrics").body, HasSubstr("process_open_fds"));
  for (const auto& [path, member] :
       std::vector<std::pair<std::string, std::string>>{{"/healthz", "healthy"},
                                                        {"/readyz", "ready"},
                                                        {"/api/v1/status", "interfaces"},
                                                        {"/api/v1/groups", "groups"},
                                                        {"/api/v1/events", "events"}}) {
    const auto response = site.get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.content_type, kJson) << path;
    EXPECT_TRUE(document(response.body).contains(member)) << path;
    EXPECT_THAT(response.headers, IsEmpty()) << path;
  }
}

TEST(Website, EveryEndpointIsARowOfTheDocumentation) {
  const Site site;
  std::vector<std::string> rows;
  for (const auto& endpoint : site.website.endpoints()) {
    rows.push_back(fmt::format("| {} | `{}` | {} |", web::name(endpoint.method), endpoint.path,
                               endpoint.summary));
  }
  std::vector<std::string> documented;
  std::ifstream page(querent::test::docs_folder() + "/api.md");
  for (std::string line; std::getline(page, line);) {
    const std::string first = line.substr(0, line.find(' ', 2) + 1);
    if (first == "| GET " || first == "| POST " || first == "| DELETE ") documented.push_back(line);
  }
  EXPECT_EQ(documented, rows) << "the rows that docs/api.md needs:\n"
                              << fmt::format("{}", fmt::join(rows, "\n"));
}

TEST(Website, EveryOtherPathIsNotFound) {
  Site site;
  for (const char* const path :
       {"", "//", "/metrics/", "/Metrics", "/api", "/api/v1", "/api/v2/status", "/healthz ",
        "/../healthz", "/index.html", "healthz"}) {
    const auto response = site.get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_TRUE(document(response.body).contains("error")) << path;
  }
}

TEST(Website, NothingCanBeChanged) {
  Site site;
  for (const char* const method :
       {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", ""}) {
    const auto response = site.website.answer({.method = method, .path = "/api/v1/status"});
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(response.headers, "Allow: GET, HEAD\r\n") << method;
    EXPECT_TRUE(document(response.body).contains("error")) << method;
  }
  EXPECT_EQ(site.website.answer({.method = "POST", .path = "/nowhere"}).status, 404);
}

// The server leaves the body out, and says its length.
TEST(Website, HeadIsAnsweredLikeGet) {
  Site site;
  const auto head = site.website.answer({.method = "HEAD", .path = "/readyz"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, site.get("/readyz").body);
}

TEST(Website, AVerdictIsAStatus) {
  Site site;
  site.status = status_of({interface_in(InterfaceStatus::State::kFailed, "is of no use")});
  EXPECT_EQ(site.get("/healthz").status, 503);
  EXPECT_EQ(document(site.get("/healthz").body)["healthy"], false);
  EXPECT_EQ(site.get("/readyz").status, 503);
  EXPECT_EQ(site.get("/api/v1/status").status, 200) << "it could be asked";
  site.status = status_of({interface_in(InterfaceStatus::State::kMissing, "missing")});
  EXPECT_EQ(site.get("/healthz").status, 200);
  EXPECT_EQ(site.get("/readyz").status, 503);
}

TEST(Website, WithoutAnAnswerOfTheLoopThereIsNone) {
  Site site;
  site.answers = false;
  for (const char* const path :
       {"/metrics", "/healthz", "/readyz", "/api/v1/status", "/api/v1/groups", "/api/v1/events"}) {
    const auto response = site.get(path);
    EXPECT_EQ(response.status, 503) << path;
    EXPECT_EQ(response.content_type, kJson) << path;
    EXPECT_THAT(response.body, HasSubstr("the loop has not answered within a second")) << path;
  }
  EXPECT_EQ(document(site.get("/healthz").body)["healthy"], false);
  EXPECT_EQ(document(site.get("/readyz").body)["ready"], false);
  EXPECT_TRUE(document(site.get("/api/v1/status").body).contains("error"));
  EXPECT_EQ(site.get("/").status, 200) << "the page tells of it";
  EXPECT_EQ(site.get("/api/v1/groups", "limit=0").status, 400) << "before the loop is asked";
}

TEST(Website, HandsAQuestionForGroupsOn) {
  Site site;
  EXPECT_EQ(site.get("/api/v1/groups").status, 200);
  EXPECT_EQ(site.groups_question.limit, 1000U);
  EXPECT_EQ(site.groups_question.interface, std::nullopt);
  EXPECT_EQ(site.groups_question.family, std::nullopt);
  EXPECT_EQ(site.groups_question.after, std::nullopt);
  EXPECT_EQ(site.get("/api/v1/groups",
                     "limit=7&interface=eth0&family=ipv6&after=eth0%2fipv6%2Fff15%3a%3A1")
                .status,
            200);
  EXPECT_EQ(site.groups_question.limit, 7U);
  EXPECT_EQ(site.groups_question.interface, "eth0");
  EXPECT_EQ(site.groups_question.family, Family::kIPv6);
  EXPECT_EQ(site.groups_question.after, (GroupCursor{"eth0", Family::kIPv6, address("ff15::1")}));
}

TEST(Website, HandsAQuestionForEventsOn) {
  Site site;
  EXPECT_EQ(site.get("/api/v1/events").status, 200);
  EXPECT_EQ(site.events_question.since, 0U);
  EXPECT_EQ(site.events_question.limit, 1000U);
  EXPECT_EQ(site.get("/api/v1/events", "since=18446744073709551615&limit=1").status, 200);
  EXPECT_EQ(site.events_question.since, 18446744073709551615U);
  EXPECT_EQ(site.events_question.limit, 1U);
}

TEST(Website, WhatCannotBeUnderstoodIsToldSo) {
  Site site;
  for (const char* const query :
       {"limit=0", "limit=1001", "limit=", "limit", "limit=-1", "limit=+1", "limit=1x", "limit=1.0",
        "limit=99999999999999999999", "limit=%", "family=ipv5",
        "family=", "after=", "after=eth0/ipv4", "colour=red", "Limit=1", "since=1"}) {
    const auto response = site.get("/api/v1/groups", query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_TRUE(document(response.body).contains("error")) << query;
  }
  for (const char* const query : {"limit=0", "limit=1001", "since=", "since=x", "since=-1",
                                  "since=18446744073709551616", "since=%zz", "interface=eth0"}) {
    EXPECT_EQ(site.get("/api/v1/events", query).status, 400) << query;
  }
  EXPECT_EQ(document(site.get("/api/v1/groups", "limit=1001").body)["error"],
            "limit is not 1 to 1000");
  EXPECT_EQ(site.get("/api/v1/groups", "limit=1000").status, 200);
  EXPECT_EQ(site.get("/api/v1/status", "whatever=1").status, 200) << "it has no parameters";
}

TEST(Website, OfAPasswordEveryPathNeedsIt) {
  Site site(alice());
  for (const char* const path : {"/", "/metrics", "/healthz", "/api/v1/status", "/nowhere"}) {
    for (const auto& authorization :
         {std::optional<std::string>{}, std::optional<std::string>(kWrong)}) {
      const auto response = site.login(authorization, path);
      EXPECT_EQ(response.status, 401) << path;
      EXPECT_EQ(response.headers,
                "WWW-Authenticate: Basic realm=\"querent\", charset=\"UTF-8\"\r\n");
      EXPECT_TRUE(document(response.body).contains("error"));
    }
    EXPECT_NE(site.login(kRight, path).status, 401) << path;
  }
  EXPECT_EQ(site.login(kRight).status, 200);
  EXPECT_EQ(site.login(kRight, "/nowhere").status, 404);
}

TEST(Website, TellsWhoWasRefusedButNotWhoDidNotTry) {
  Site site(alice());
  site.login(std::nullopt);
  EXPECT_THAT(site.refused, IsEmpty());
  site.login(kRight);
  EXPECT_THAT(site.refused, IsEmpty());
  site.login(kWrong);
  site.login("Bearer x");
  EXPECT_THAT(site.refused, ElementsAre(Pair("alice", "192.168.1.99"), Pair("", "192.168.1.99")));
}

TEST(Website, CountsWhatItAnswers) {
  Site site;
  EXPECT_THAT(site.counted(), IsEmpty());
  EXPECT_THAT(site.counted(), ElementsAre(R"(path="/metrics",code="200"} 1)"));
  site.get("/readyz");
  site.get("/readyz");
  site.website.answer({.method = "POST", .path = "/readyz"});
  site.get("/api/v1/groups", "limit=0");
  EXPECT_THAT(
      site.counted(),
      ElementsAre(R"(path="/api/v1/groups",code="400"} 1)", R"(path="/metrics",code="200"} 2)",
                  R"(path="/readyz",code="200"} 2)", R"(path="/readyz",code="405"} 1)"));
}

TEST(Website, HasNoSeriesForEveryPathThatSomebodyThinksUp) {
  Site site;
  for (int i = 0; i < 100; ++i)
    site.get("/" + std::to_string(i));
  site.website.count_refused(429);
  site.website.count_refused(414);
  EXPECT_THAT(site.counted(),
              ElementsAre(R"(path="other",code="404"} 100)", R"(path="other",code="414"} 1)",
                          R"(path="other",code="429"} 1)"));
}

TEST(Website, AnswersManyThreadsAtOnce) {
  Site site;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&site] {
      for (int j = 0; j < 50; ++j)
        EXPECT_EQ(site.get(j % 2 == 0 ? "/metrics" : "/healthz").status, 200);
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_THAT(site.counted(), ElementsAre(R"(path="/healthz",code="200"} 100)",
                                          R"(path="/metrics",code="200"} 100)"));
}

TEST(Website, OfThePageNothingComesFromElsewhere) {
  Site site;
  const auto response = site.get("/");
  EXPECT_THAT(response.headers, HasSubstr("connect-src 'self'"));
  EXPECT_THAT(response.headers, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(response.headers, Not(HasSubstr("http")));
}

}  // namespace
}  // namespace querent::app::test
