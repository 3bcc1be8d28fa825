#include "client/http_get.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.hpp"
#include "kit/fake_server.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"

// A client, and servers of all kinds, on the loopback interface.

namespace querent::net {
namespace {

using namespace std::chrono_literals;
using querent::test::Conversation;
using querent::test::FakeServer;
using querent::test::free_port;
using querent::test::http;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = client::HttpFault::Kind;

constexpr Duration kALot = 10s;  // more than any of these takes, even on a busy machine

client::HttpGet get_from(std::uint16_t port, std::string target = "/api/v1/status") {
  return {.url = {.host = "127.0.0.1", .port = port, .prefix = ""},
          .target = std::move(target),
          .user = {},
          .patience = 20s};
}

Result<client::HttpAnswer, client::HttpFault> get(const FakeServer& server) {
  return client::http_get(get_from(server.port()));
}

FakeServer::Serve saying(std::string text) {
  return [text = std::move(text)](Conversation& with) { with.write(text); };
}

TEST(HttpGet, AsksForWhatWasSaidAndOnce) {
  const FakeServer server(saying(http(200, "{\"x\": 1}")));
  auto request = get_from(server.port(), "/api/v1/events?since=3");
  request.url.prefix = "/querent";
  request.user = "Aladdin:open sesame";
  const auto answer = client::http_get(request);
  ASSERT_TRUE(answer) << answer.error().why;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{\"x\": 1}");
  const auto asked = server.requests();
  ASSERT_EQ(asked.size(), 1U);
  // RFC 7617 section 2.
  EXPECT_THAT(asked[0],
              AllOf(StartsWith("GET /querent/api/v1/events?since=3 HTTP/1.1\r\n"),
                    HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"),
                    HasSubstr("\r\nConnection: close\r\n"),
                    HasSubstr("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n")));
}

TEST(HttpGet, ShowsNoUserWhereThereIsNone) {
  const FakeServer server(saying(http(401, "{}")));
  const auto answer = get(server);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 401);
  EXPECT_THAT(server.requests().at(0), testing::Not(HasSubstr("Authorization")));
}

TEST(HttpGet, FindsAHostByItsName) {
  const FakeServer server(saying(http(200, "here")));
  auto request = get_from(server.port());
  request.url.host = "localhost";
  const auto answer = client::http_get(request);
  ASSERT_TRUE(answer) << answer.error().why;
  EXPECT_EQ(answer->body, "here");
}

TEST(HttpGet, ReachesAnIpv6Address) {
  const os::Fd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = socket_address(Address::v6(0, 1), 0, 0);
  if (!socket || ::bind(socket.number(), address.get(), address.length) != 0) {
    GTEST_SKIP() << "no IPv6 loopback here";
  }
  sockaddr_in6 bound{};
  socklen_t size = sizeof bound;
  CHECK(::getsockname(socket.number(), os::as_sockaddr(bound), &size) == 0);
  CHECK(::listen(socket.number(), 1) == 0);
  std::thread server([&socket] {
    const os::Fd one(::accept4(socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
    std::array<char, 4096> room{};
    CHECK(::recv(one.number(), room.data(), room.size(), 0) > 0);
    const std::string text = http(200, room.data());
    CHECK(::send(one.number(), text.data(), text.size(), 0) > 0);
  });
  auto request = get_from(ntohs(bound.sin6_port));
  request.url.host = "::1";
  const auto answer = client::http_get(request);
  server.join();
  ASSERT_TRUE(answer) << answer.error().why;
  EXPECT_THAT(answer->body, HasSubstr("Host: [::1]:"));
}

TEST(HttpGet, WhereNobodyListensIsRefused) {
  const auto answer = client::http_get(get_from(free_port()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::kUnreachable);
  EXPECT_EQ(answer.error().why, "Connection refused");
}

TEST(HttpGet, ANameThatThereIsNotIsSaidSo) {
  auto request = get_from(80);
  request.url.host = "no-such-host.invalid";
  request.patience = 20s;
  const auto answer = client::http_get(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::kUnreachable);
  EXPECT_THAT(answer.error().why, testing::AnyOf(HasSubstr("Name or service not known"),
                                                 HasSubstr("Temporary failure in name")));
}

TEST(HttpGet, TakesAnAnswerOctetByOctet) {
  const FakeServer server([](Conversation& with) {
    with.drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 1ms);
    with.hold();
  });
  const auto answer = get(server);
  ASSERT_TRUE(answer) << answer.error().why;
  EXPECT_EQ(answer->body, "abc");
}

TEST(HttpGet, TakesALargeAnswer) {
  const std::string large(8U << 20U, 'x');
  const FakeServer server(saying(http(200, large)));
  const auto answer = get(server);
  ASSERT_TRUE(answer) << answer.error().why;
  EXPECT_EQ(answer->body.size(), large.size());
}

struct Fault {
  std::string said;
  std::string why;
};

TEST(HttpGet, SaysWhatIsWrongWithAnAnswer) {
  for (const Fault& fault : {
           Fault{"", "it closed the connection without an answer"},
           Fault{"SSH-2.0-OpenSSH_9.2\r\n", "what answers does not speak HTTP"},
           Fault{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "the answer was cut off"},
           Fault{"HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x'),
                 "the answer's headers are larger than 64 KiB"},
       }) {
    const FakeServer server(saying(fault.said));
    const auto answer = get(server);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, Kind::kBadAnswer);
    EXPECT_EQ(answer.error().why, fault.why);
  }
}

TEST(HttpGet, AConnectionThatBreaksIsNoEnd) {
  const FakeServer server([](Conversation& with) {
    with.write("HTTP/1.0 200 OK\r\n\r\nhalf of");
    with.reset();
  });
  const auto answer = get(server);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().why, testing::AnyOf("the answer was cut off",
                                                 "it closed the connection without an answer"));
}

// The time is that of all, not of each octet.
TEST(HttpGet, IsOverInTime) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
  const FakeServer dripping([&](Conversation& with) {
    with.write(head);
    with.drip(std::string(1000000, 'x'), 1ms);
  });
  const FakeServer silent([](Conversation& with) { with.hold(); });
  for (const auto* const server : {&dripping, &silent}) {
    auto request = get_from(server->port());
    request.patience = 300ms;
    const Instant begin = os::now();
    const auto answer = client::http_get(request);
    ASSERT_FALSE(answer);
    EXPECT_GE(os::now() - begin, 300ms);
    EXPECT_LT(os::now() - begin, kALot);
    EXPECT_EQ(answer.error().kind, Kind::kBadAnswer);
    EXPECT_EQ(answer.error().why,
              server == &silent ? "no answer within 0.3s" : "no complete answer within 0.3s");
  }
}

// A queue that is full takes no connection, and refuses none.
TEST(HttpGet, AConnectionThatNobodyTakesIsOverInTime) {
  const os::Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto any = socket_address(Address::v4(127, 0, 0, 1), 0, 0);
  CHECK(::bind(listener.number(), any.get(), any.length) == 0);
  CHECK(::listen(listener.number(), 0) == 0);
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  CHECK(::getsockname(listener.number(), os::as_sockaddr(bound), &size) == 0);
  const os::Fd first(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  CHECK(::connect(first.number(), os::as_sockaddr(bound), sizeof bound) == 0);
  auto request = get_from(ntohs(bound.sin_port));
  request.patience = 300ms;
  const Instant begin = os::now();
  const auto answer = client::http_get(request);
  ASSERT_FALSE(answer);
  EXPECT_LT(os::now() - begin, kALot);
  EXPECT_EQ(answer.error().kind, Kind::kUnreachable);
  EXPECT_EQ(answer.error().why, "no connection within 0.3s");
}

TEST(HttpGet, IsGivenUpWhenInterrupted) {
  const os::Fd interrupt(::eventfd(1, EFD_CLOEXEC));
  const FakeServer silent([](Conversation& with) { with.hold(); });
  for (const std::string host : {"127.0.0.1", "no-such-host.invalid"}) {
    auto request = get_from(silent.port());
    request.url.host = host;
    request.interrupt = &interrupt;
    const Instant begin = os::now();
    const auto answer = client::http_get(request);
    ASSERT_FALSE(answer);
    EXPECT_LT(os::now() - begin, kALot);
    EXPECT_EQ(answer.error().kind, Kind::kInterrupted);
  }
}

}  // namespace
}  // namespace querent::net
