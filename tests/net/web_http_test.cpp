#include <civetweb.h>
#include <fmt/core.h>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// The web server as HTTP sees it, and where it listens.

namespace querent::test {

namespace {

using testing::HasSubstr;

class WebHttp : public testing::Test {
 protected:
  lab::Namespace& here() { return lan_.host(1); }
  WebAnswer ask(const WebRequest& request) { return ask_web(here(), request); }

  lab::Lan lan_ = make_lan({.hosts = {1}});
};

TEST_F(WebHttp, HeadIsGetWithoutABody) {
  const auto querent = start_served(here());
  for (const auto* const path : {"/", "/nothing", "/api/v1/events?since=17"}) {
    const auto whole = ask({.path = path});
    const auto head = ask({.path = path, .method = "HEAD"});
    EXPECT_TRUE(whole.is_whole()) << path;
    EXPECT_EQ(head.status, whole.status) << path;
    EXPECT_EQ(head.header("Content-Length"), whole.header("Content-Length")) << path;
    EXPECT_EQ(head.header("Content-Type"), whole.header("Content-Type")) << path;
    EXPECT_EQ(head.body, "") << path;
  }
  const auto head = ask({.path = "/metrics", .method = "HEAD"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_GT(std::stoul(head.header("Content-Length").value_or("0")), 1000U);
}

TEST_F(WebHttp, OtherPathsAndMethodsAreRefused) {
  const auto querent = start_served(here());
  for (const auto* const path :
       {"/nothing", "/metrics/", "/api/v1", "/api/v2/status", "/index.html", "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/etc/passwd",
        "/./metrics/../../../etc/shadow"}) {
    const auto answer = ask({.path = path});
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << path << ": " << answer.said();
    EXPECT_FALSE(answer.json()["error"].get<std::string>().empty()) << path;
    EXPECT_EQ(answer.body.find("root:"), std::string::npos);
  }
  for (const auto* const method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const auto answer = ask({.path = "/metrics", .method = method});
    EXPECT_EQ(answer.status, 405) << method << ": " << answer.said();
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD") << method;
    EXPECT_TRUE(answer.is_whole());
  }
  const auto body =
      ask({.path = "/api/v1/status", .method = "POST", .headers = {"Content-Length: 0"}});
  EXPECT_EQ(body.status, 405);
  EXPECT_EQ(ask({.path = "/api/v1/groups?limit=0"}).status, 400);
  EXPECT_EQ(ask({.path = "/api/v1/groups?limit=1%zz"}).status, 400);
}

TEST_F(WebHttp, NoControlOctetEndsAPath) {
  const auto querent = start_served(here());
  for (const auto* const path :
       {"/metrics%00x", "/metrics%00", "/%00", "/%00/metrics", "/metrics%01", "/metrics%0a",
        "/metrics%7F", "/metrics%", "/metrics%00?a=1"}) {
    const auto answer = ask({.path = path});
    EXPECT_EQ(answer.status, 404) << path << ": " << answer.said();
  }
  EXPECT_EQ(ask({.path = "/%6detrics"}).status, 200) << "other escapes are decoded";
  EXPECT_EQ(ask({.path = "/%256detrics"}).status, 404) << "once";
  EXPECT_EQ(ask({.path = "/healthz?a=%00"}).status, 200);
  WebAnswer raw;
  good(here().inside(
      [&] { raw = tell_web(std::string("GET /metrics\0x HTTP/1.1\r\nHost: a\r\n\r\n", 36)); }));
  EXPECT_EQ(raw.status, 400) << raw.said();
}

TEST_F(WebHttp, OlderClientsAreAnswered) {
  const auto querent = start_served(here());
  for (const auto& request :
       {std::string("GET /metrics HTTP/1.0\r\n\r\n"),
        std::string("GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        std::string("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")}) {
    WebAnswer answer;
    good(here().inside([&] { answer = tell_web(request); }));
    EXPECT_EQ(answer.status, 200) << request;
    EXPECT_TRUE(answer.is_whole()) << request;
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_THAT(answer.body, HasSubstr("querent_build_info"));
  }
}

// The loop stands still, so that they are all answered at once.
TEST_F(WebHttp, ABusyAddressHarmsNoOther) {
  auto querent = start_served(here());
  std::vector<os::Fd> sockets;
  WebAnswer of_another;
  {
    const HeldThread held(querent.pid());
    good(here().inside([&] {
      for (int client = 0; client < 40; ++client) {
        sockets.push_back(connect_web());
        write_all(sockets.back(), WebRequest{.path = "/api/v1/events"}.text());
      }
      of_another = ask_web({.path = "/"}, {.client = Address::v4(127, 0, 0, 2)});
    }));
  }
  EXPECT_EQ(of_another.status, 200) << of_another.said();
  EXPECT_LT(of_another.took, 500ms);
  std::map<std::string, int> answers;
  for (const auto& socket : sockets)
    ++answers[read_all(socket).substr(0, 12)];
  for (const auto& [status, count] : answers)
    fmt::print("{}: {}\n", status, count);
  EXPECT_EQ(answers["HTTP/1.1 429"], 24);
  EXPECT_EQ(answers["HTTP/1.1 200"] + answers["HTTP/1.1 503"], 16);
  EXPECT_EQ(get(here(), "/metrics").status, 200);
}

// ---- where it listens

TEST_F(WebHttp, ListensWhereItIsTold) {
  auto querent = start_served(
      here(), {"--web.listen-address", "127.0.0.1:9300", "--web.listen-address", "10.9.0.1:9301"});
  const auto asked = [&](Address server, std::uint16_t port) {
    return ask_web(here(), {.path = "/healthz"}, {.server = server, .port = port}).status;
  };
  const auto loopback = Address::v4(127, 0, 0, 1);
  const auto lan = Address::v4(10, 9, 0, 1);
  EXPECT_EQ(asked(loopback, 9300), 200);
  EXPECT_EQ(
      ask_web(here(), {.path = "/healthz"}, {.server = lan, .port = 9301, .client = lan}).status,
      200);
  EXPECT_EQ(asked(Address::v4(127, 0, 0, 9), 9300), 0);
  EXPECT_EQ(asked(lan, 9300), 0);
  EXPECT_EQ(asked(loopback, 9301), 0);
  EXPECT_EQ(asked(loopback, 9224), 0);
}

// CivetWeb can be built without IPv6.
bool can_listen_on_ipv6() {
  return mg_check_feature(MG_FEATURES_IPV6) != 0;
}

TEST_F(WebHttp, ListensOnIPv6OrSaysWhyNot) {
  if (!can_listen_on_ipv6()) {
    const auto ran =
        run(here(), {program(), "run", "-i", "eth0", "--web.listen-address", "[::1]:9300"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr("--web.listen-address: \"[::1]:9300\" is IPv6, which this "
                                   "system's CivetWeb"));
    return;
  }
  const WebPlace loopback{.server = Address::v6(0, 1), .port = 9300, .client = Address::v6(0, 1)};
  auto querent = start_served(here(), {"--web.listen-address", "[::1]:9300"}, loopback);
  EXPECT_EQ(ask_web(here(), {.path = "/healthz"}, loopback).status, 200);
  EXPECT_EQ(ask_web(here(), {.path = "/healthz"}, {.port = 9300}).status, 0);
  querent.kill(SIGTERM);
  EXPECT_THAT(finish(querent).err, HasSubstr(" at http://[::1]:9300/"));
}

// Who writes to a link-local address is called by his own, with the interface in it.
TEST_F(WebHttp, AllAddressesAreOfBothFamilies) {
  auto querent = start_served(here());
  EXPECT_EQ(get(here(), "/healthz").status, 200);
  const auto link_local = lab::Lan::address_of(1, Family::kIPv6);
  for (const auto& own : {Address::v6(0, 1), link_local}) {
    const auto answer = ask_web(here(), {.path = "/healthz"}, {.server = own, .client = own});
    EXPECT_EQ(answer.status, can_listen_on_ipv6() ? 200 : 0) << own.to_string();
  }
  EXPECT_EQ(get(here(), "/healthz").status, 200);
  querent.kill(SIGTERM);
  const auto said = finish(querent).err;
  EXPECT_THAT(said, HasSubstr(" at http://0.0.0.0:9224/"));
  EXPECT_EQ(said.find(" at http://[::]:9224/") != std::string::npos, can_listen_on_ipv6());
}

TEST_F(WebHttp, OffIsOff) {
  auto querent = start_querent(here(), {"--web.listen-address", "off"});
  EXPECT_EQ(get(here(), "/healthz").status, 0);
  EXPECT_LE(threads_of(querent), 3U);
  querent.kill(SIGTERM);
  EXPECT_EQ(finish(querent).code, 0);
}

TEST_F(WebHttp, APortInUseIsToldBeforeAnythingIsSent) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  const auto before = start(lan.host(1), {program(), "run", "-i", "nowhere0"});
  ASSERT_EQ(await_status(lan.host(1), "/", 200).status, 200);
  for (const auto* const address : {":9224", "127.0.0.1:9224"}) {
    const auto ran =
        run(lan.host(1), {program(), "run", "-i", "eth0", "--web.listen-address", address});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr(":9224: Address already in use"));
    EXPECT_THAT(ran.err, HasSubstr("--web.listen-address"));
  }
  const auto nowhere =
      run(lan.host(1), {program(), "run", "-i", "eth0", "--web.listen-address", "192.0.2.1:9224"});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("192.0.2.1:9224: "));
  EXPECT_TRUE(ear.general_queries(lab::Lan::address_of(1)).empty());
}

}  // namespace

}  // namespace querent::test
