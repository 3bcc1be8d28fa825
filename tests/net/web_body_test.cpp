#include <optional>
#include <poll.h>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/web_kit.hpp"
#include "os/clock.hpp"
#include "web/endpoints.hpp"
#include "web/http_server.hpp"

// Bodies of requests: querent's endpoints accept none, those of a made-up table do.

namespace querent::test {

namespace {

using testing::HasSubstr;

std::string announced(const std::string& method, const std::string& path, std::size_t length,
                      const std::string& body) {
  return method + " " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) +
         "\r\n\r\n" + body;
}

constexpr const char* kChunks =
    " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

TEST(WebBody, NoneIsAcceptedNorReadToAnswer) {
  auto lan = make_lan({.hosts = {1}});
  const auto querent = start_served(lan.host(1));
  for (const auto& request :
       {announced("GET", "/metrics", 3, "abc"), announced("GET", "/healthz", 100'000'000, "abc"),
        announced("GET", "/", 100'000'000, ""), announced("HEAD", "/", 3, "abc"),
        std::string("GET /api/v1/status") + kChunks}) {
    WebAnswer answer;
    good(lan.host(1).inside([&] { answer = tell_web(request); }));
    EXPECT_EQ(answer.status, 413) << request;
    EXPECT_EQ(answer.header("Connection"), "close") << request;
    EXPECT_LT(answer.took, 900ms) << request;
  }
  WebAnswer second;
  good(lan.host(1).inside([&] {
    second = tell_web(announced("GET", "/nowhere", 3, "abc") + WebRequest{.path = "/"}.text());
  }));
  EXPECT_EQ(second.status, 404);
  EXPECT_TRUE(second.is_whole()) << "what follows a body that was not read is no request";
  EXPECT_EQ(ask_web(lan.host(1), {.path = "/healthz", .headers = {"Content-Length: 0"}}).status,
            200);
  const auto metrics = get(lan.host(1), "/metrics").body;
  EXPECT_EQ(metric(metrics, R"(querent_http_requests_total{path="/healthz",code="413"})"), 1);
}

// A server with an endpoint that answers with the body it gets, of up to 10 octets.
class WebEcho : public testing::Test {
 protected:
  WebEcho() {
    good(lan_.host(1).inside([&] {
      auto server = web::HttpServer::open(
          {{.host = "127.0.0.1", .port = 9224}},
          {.answer = [this](const auto& request) { return endpoints_.answer(request); },
           .refused = [](int) {}});
      ASSERT_TRUE(server) << server.error().why;
      server_.emplace(std::move(*server));
    }));
  }

  WebAnswer tell(const std::string& octets) {
    WebAnswer answer;
    good(lan_.host(1).inside([&] { answer = tell_web(octets); }));
    return answer;
  }

  web::Endpoints endpoints_{
      {{.method = web::Method::kPost,
        .path = "/echo",
        .handler =
            [](const web::HttpRequest& request) { return web::HttpResponse{.body = request.body}; },
        .body_limit = 10}},
      {}};
  lab::Lan lan_ = make_lan({.hosts = {1}});
  std::optional<web::HttpServer> server_;
};

TEST_F(WebEcho, ABodyWithinTheLimitIsRead) {
  for (const auto& body : {std::string(), std::string("a"), std::string("0123456789"),
                           std::string("a\0b\r\n\r\n", 7)}) {
    const auto answer = tell(announced("POST", "/echo", body.size(), body));
    EXPECT_EQ(answer.status, 200) << answer.said();
    EXPECT_EQ(answer.body, body);
  }
  EXPECT_EQ(tell(announced("POST", "/echo", 3, "abcdef")).body, "abc");
  std::string in_pieces;
  good(lan_.host(1).inside([&] {
    const auto socket = connect_web();
    for (const auto& piece :
         {announced("POST", "/echo", 6, ""), std::string("abc"), std::string("def")})
      write_all(socket, piece);
    in_pieces = read_all(socket);
  }));
  EXPECT_THAT(in_pieces, HasSubstr("\r\n\r\nabcdef"));
}

TEST_F(WebEcho, ALongerBodyAndOneOfUnknownLengthAreRefusedUnread) {
  for (const auto& request : {announced("POST", "/echo", 11, "0123456789a"),
                              announced("POST", "/echo", 100'000'000, "")}) {
    const auto answer = tell(request);
    EXPECT_EQ(answer.status, 413) << answer.said();
    EXPECT_EQ(answer.json()["error"], "the body is longer than 10 octets");
    EXPECT_LT(answer.took, 900ms);
  }
  EXPECT_EQ(tell(std::string("POST /echo") + kChunks).status, 411);
}

TEST_F(WebEcho, ABodyThatNeverEndsIsNotWaitedFor) {
  const Instant begin = os::now();
  std::string silent;
  std::string dripped;
  good(lan_.host(1).inside([&] {
    const auto quiet = connect_web();
    write_all(quiet, announced("POST", "/echo", 10, "ab"));
    const auto drip = connect_web();
    write_all(drip, announced("POST", "/echo", 10, ""));
    pollfd waiting{drip.number(), POLLIN, 0};
    while (::poll(&waiting, 1, 300) == 0)
      write_all(drip, "a");
    dripped = read_all(drip);
    silent = read_all(quiet);
  }));
  EXPECT_THAT(silent, HasSubstr("HTTP/1.1 408"));
  EXPECT_THAT(dripped, HasSubstr("HTTP/1.1 408"));
  EXPECT_LT(os::now() - begin, 2500ms);
}

}  // namespace

}  // namespace querent::test
