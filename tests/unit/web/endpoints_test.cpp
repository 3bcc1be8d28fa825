#include "web/endpoints.hpp"

#include <crypt.h>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../observe/json_document.hpp"

namespace querent::web::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::size_t kLimit = 8;

// A table with a row of every kind.
struct Site {
  explicit Site(Access access = {}) : endpoints(table(), std::move(access)) {}

  std::vector<Endpoint> table() {
    const auto handler = [this](const HttpRequest& request) {
      handled.push_back(request.method + " " + request.body);
      return HttpResponse{.body = "fine"};
    };
    return {
        {.path = "/read", .summary = "a", .handler = handler},
        {.path = "/both", .summary = "b", .handler = handler},
        {.method = Method::kPost,
         .path = "/both",
         .summary = "c",
         .handler = handler,
         .body_limit = kLimit},
        {.method = Method::kDelete,
         .path = "/both",
         .needs_admin = true,
         .summary = "d",
         .handler = handler},
        {.method = Method::kPost, .path = "/write", .summary = "e", .handler = handler},
    };
  }

  // A request with a body, which the server would read or refuse with that status.
  HttpResponse send(std::string method, std::string path, Result<std::string, int> body) {
    return endpoints.answer({.method = std::move(method),
                             .path = std::move(path),
                             .read_body = [this, body = std::move(body)](std::size_t limit) {
                               limits.push_back(limit);
                               return body;
                             }});
  }
  HttpResponse ask(std::string method, std::string path) {
    return endpoints.answer({.method = std::move(method), .path = std::move(path)});
  }

  std::vector<std::string> handled;
  std::vector<std::size_t> limits;
  Endpoints endpoints;
};

std::string error_of(const HttpResponse& response) {
  return observe::test::document(response.body)["error"];
}

Access alice() {
  const auto scratch = std::make_unique<crypt_data>();
  const std::string hash = crypt_r("wonderland", "$2b$04$abcdefghijklmnopqrstuu", scratch.get());
  return {.auth = BasicAuth::parse("alice:" + hash).value()};
}

TEST(Endpoints, CallTheHandlerOfThePathAndTheMethod) {
  Site site;
  EXPECT_EQ(site.ask("GET", "/read").body, "fine");
  EXPECT_EQ(site.ask("HEAD", "/read").body, "fine") << "the server leaves it out";
  EXPECT_EQ(site.ask("POST", "/both").status, 200);
  EXPECT_THAT(site.handled, ElementsAre("GET ", "HEAD ", "POST "));
}

TEST(Endpoints, AnUnknownPathIs404) {
  Site site;
  for (const char* const path : {"", "/", "/rea", "/read/", "/READ"})
    for (const char* const method : {"GET", "POST", "BREW"})
      EXPECT_EQ(site.ask(method, path).status, 404) << method << " " << path;
  EXPECT_THAT(site.handled, IsEmpty());
}

TEST(Endpoints, AnotherMethodOfAKnownPathIs405WithThoseThatThereAre) {
  Site site;
  const auto expect = [&](const char* method, const char* path, const std::string& allowed) {
    const auto response = site.ask(method, path);
    EXPECT_EQ(response.status, 405) << method << " " << path;
    EXPECT_EQ(response.headers, "Allow: " + allowed + "\r\n") << method << " " << path;
    EXPECT_THAT(error_of(response), HasSubstr(allowed));
  };
  expect("POST", "/read", "GET, HEAD");
  expect("get", "/read", "GET, HEAD");
  expect("", "/read", "GET, HEAD");
  expect("PUT", "/both", "GET, HEAD, POST, DELETE");
  expect("GET", "/write", "POST");
  expect("HEAD", "/write", "POST");
  EXPECT_THAT(site.handled, IsEmpty());
}

TEST(Endpoints, WhatNeedsAdminIs403UntilThatIsOpen) {
  Site closed;
  const auto refused = closed.ask("DELETE", "/both");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(error_of(refused), "changes over HTTP are not enabled");
  EXPECT_EQ(closed.ask("GET", "/both").status, 200) << "other methods of the path do not need it";
  EXPECT_THAT(closed.handled, ElementsAre("GET "));
  Site open({.admin = true});
  EXPECT_EQ(open.ask("DELETE", "/both").status, 200);
}

TEST(Endpoints, ABodyIsReadUpToTheLimitOfItsEndpoint) {
  Site site;
  EXPECT_EQ(site.send("POST", "/both", "12345678").status, 200);
  EXPECT_THAT(site.limits, ElementsAre(kLimit));
  EXPECT_THAT(site.handled, ElementsAre("POST 12345678"));
}

TEST(Endpoints, ABodyThatIsNotAcceptedIsRefusedWithTheReason) {
  Site site;
  const auto none = site.send("GET", "/read", failure(413));
  EXPECT_EQ(none.status, 413);
  EXPECT_EQ(error_of(none), "a body is not accepted here");
  EXPECT_THAT(site.limits, ElementsAre(0U));
  const auto too_long = site.send("POST", "/both", failure(413));
  EXPECT_EQ(too_long.status, 413);
  EXPECT_EQ(error_of(too_long), "the body is longer than 8 octets");
  EXPECT_THAT(error_of(site.send("POST", "/both", failure(411))), HasSubstr("Content-Length"));
  EXPECT_THAT(error_of(site.send("POST", "/both", failure(408))), HasSubstr("in time"));
  EXPECT_THAT(site.handled, IsEmpty());
  EXPECT_THAT(site.endpoints.counts(),
              ElementsAre(Pair(Pair("/both", 408), 1), Pair(Pair("/both", 411), 1),
                          Pair(Pair("/both", 413), 1), Pair(Pair("/read", 413), 1)));
}

// Whoever is refused anyway does not make the server read.
TEST(Endpoints, NothingIsReadOfARequestThatIsRefused) {
  Site site;
  EXPECT_EQ(site.send("POST", "/nowhere", "a").status, 404);
  EXPECT_EQ(site.send("POST", "/read", "a").status, 405);
  EXPECT_EQ(site.send("DELETE", "/both", "a").status, 403);
  Site private_site(alice());
  EXPECT_EQ(private_site.send("POST", "/both", "a").status, 401);
  EXPECT_THAT(site.limits, IsEmpty());
  EXPECT_THAT(private_site.limits, IsEmpty());
}

TEST(Endpoints, APasswordIsAskedForBeforeAnythingElseIsTold) {
  Site site(alice());
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/read"}, {"GET", "/nowhere"}, {"PUT", "/read"}, {"DELETE", "/both"}})
    EXPECT_EQ(site.ask(method, path).status, 401) << method << " " << path;
  const auto admitted = site.endpoints.answer(
      {.method = "DELETE", .path = "/both", .authorization = "Basic YWxpY2U6d29uZGVybGFuZA=="});
  EXPECT_EQ(admitted.status, 403);
}

TEST(Endpoints, CountByPathsOfTheTableAlone) {
  Site site;
  site.ask("GET", "/read");
  site.ask("HEAD", "/read");
  site.ask("PUT", "/read");
  site.ask("GET", "/thought-up");
  site.endpoints.count_refused(429);
  EXPECT_THAT(site.endpoints.counts(),
              ElementsAre(Pair(Pair("/read", 200), 2), Pair(Pair("/read", 405), 1),
                          Pair(Pair("other", 404), 1), Pair(Pair("other", 429), 1)));
}

}  // namespace
}  // namespace querent::web::test
