#include <filesystem>
#include <fmt/core.h>
#include <string>
#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// /healthz and /readyz tell what is the matter, soon, and when it is over.

namespace querent::test {

namespace {

using lab::Lan;
using testing::HasSubstr;

std::string reasons(const WebAnswer& answer) {
  std::string all;
  const auto json = answer.json();
  for (const auto& reason : json["reasons"])
    all += reason.get<std::string>() + "\n";
  return all;
}

rlim_t first_free_descriptor(const lab::Process& process) {
  const auto home = fmt::format("/proc/{}/fd/", process.pid());
  rlim_t number = 0;
  while (std::filesystem::is_symlink(home + std::to_string(number)))
    ++number;
  return number;
}

class WebHealth : public testing::Test {
 protected:
  lab::Namespace& here() { return lan_.host(1); }
  lab::Process start_here(const std::vector<std::string>& more = {}) {
    return start_served(here(), more);
  }
  WebAnswer becomes(const std::string& path, int status, Duration patience = kPatience) {
    const Instant begin = os::now();
    auto answer = await_status(here(), path, status, patience);
    EXPECT_EQ(answer.status, status) << path << ": " << answer.said();
    EXPECT_EQ(answer.json()["reasons"].empty(), status == 200) << answer.body;
    fmt::print("{} is {} after {:.0f} ms: {}\n", path, status, in_ms(os::now() - begin),
               reasons(answer));
    return answer;
  }

  lab::Lan lan_ = make_lan({.hosts = {2}});
};

TEST_F(WebHealth, ALoopThatStandsStillIsNotHealthy) {
  auto querent = start_here();
  ASSERT_EQ(becomes("/healthz", 200).json()["healthy"], true);
  {
    const HeldThread held(querent.pid());
    const auto sick = becomes("/healthz", 503, 2s);
    EXPECT_LT(sick.took, 2s);
    EXPECT_EQ(sick.json()["healthy"], false);
    EXPECT_THAT(reasons(sick), HasSubstr("the loop has not answered"));
    EXPECT_THAT(reasons(becomes("/readyz", 503, 2s)), HasSubstr("the loop has not answered"));
    for (const auto* const path :
         {"/api/v1/status", "/metrics", "/api/v1/groups", "/api/v1/events"}) {
      const auto answer = get(here(), path);
      EXPECT_EQ(answer.status, 503) << path;
      EXPECT_LT(answer.took, 2s) << path;
      EXPECT_THAT(answer.json()["error"].get<std::string>(), HasSubstr("the loop")) << path;
    }
    EXPECT_EQ(get(here(), "/").status, 200);
  }
  becomes("/healthz", 200, 2s);
  {
    const HeldThread held(querent.pid());
    becomes("/healthz", 503, 2s);
  }
  becomes("/healthz", 200, 2s);
  EXPECT_EQ(get(here(), "/metrics").status, 200);
  EXPECT_FALSE(querent.wait(0ms)) << querent.errors();
}

TEST_F(WebHealth, AQueryThatCannotBeSentIsTold) {
  auto querent = start_here({"--mld-version", "2", "--jitter", "0"});
  becomes("/healthz", 200);
  const QueryListener ear(lan_.host(2), "eth0", Family::kIPv6);
  const std::vector<std::string> route{"ff00::/8", "dev", "eth0", "table", "local"};
  const auto change = [&](std::vector<std::string> argv) {
    argv.insert(argv.end(), route.begin(), route.end());
    const auto ran = run(here(), argv);
    EXPECT_EQ(ran.code, 0) << ran.err;
  };
  change({"ip", "-6", "route", "del"});
  const auto sick = becomes("/healthz", 503, 5s);
  EXPECT_THAT(reasons(sick), HasSubstr("eth0 ipv6: the query that was due"));
  EXPECT_THAT(reasons(sick), HasSubstr("could not be sent"));
  EXPECT_THAT(reasons(sick), HasSubstr("unreachable"));
  EXPECT_THAT(get(here(), "/api/v1/status").json()["reasons"].dump(), HasSubstr("due"));
  EXPECT_GT(metric(get(here(), "/metrics").body,
                   "querent_query_send_errors_total{interface="
                   "\"eth0\",family=\"ipv6\",errno=\"ENETUNREACH\"}")
                .value_or(0),
            0);
  const auto segments = get(here(), "/api/v1/status").json()["interfaces"][0]["segments"];
  EXPECT_GT(segments[1]["last_query_ago_s"].get<double>(), 1.0) << segments[1];
  EXPECT_LT(segments[0]["last_query_ago_s"].get<double>(), 1.5) << segments[0];
  const auto from = ear.heard();
  change({"ip", "-6", "route", "add", "multicast"});
  EXPECT_TRUE(await_queries(ear, lan_.address_of(1, Family::kIPv6), 1) || ear.heard() > from);
  becomes("/healthz", 200, 15s);
  const auto late = [&] { return lateness(get(here(), "/metrics").body, "eth0", Family::kIPv6); };
  for (const Instant until = os::now() + kPatience; os::now() < until;)
    if (late().above_100_ms >= 1) break;
  EXPECT_GE(late().above_100_ms, 1);
}

// Of the sockets of an interface that comes back.
TEST_F(WebHealth, SocketsThatCannotBeOpenedAreTold) {
  // Who may not change the limits of all may change those of its own user.
  auto querent = start_here({"--user-name", "root"});
  becomes("/healthz", 200);
  rlimit before{};
  ASSERT_EQ(::prlimit(querent.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  good(here().links().set_down("eth0"));
  ASSERT_TRUE(querent.wait_for_errors("eth0: is down", kPatience)) << querent.errors();
  EXPECT_THAT(reasons(becomes("/readyz", 503)), HasSubstr("eth0: is down"));
  becomes("/healthz", 200);
  // One number is left, for whoever asks.
  const rlimit tight{.rlim_cur = first_free_descriptor(querent) + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::prlimit(querent.pid(), RLIMIT_NOFILE, &tight, nullptr), 0);
  good(here().links().set_up("eth0"));
  const auto sick = becomes("/healthz", 503, 5s);
  EXPECT_THAT(reasons(sick), HasSubstr("eth0 ipv4: "));
  EXPECT_THAT(reasons(sick), HasSubstr("Too many open files"));
  EXPECT_EQ(sick.json()["segments"][0]["state"], "failed");
  EXPECT_THAT(reasons(becomes("/readyz", 503)), HasSubstr("sockets"));
  ASSERT_EQ(::prlimit(querent.pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  const auto well = becomes("/healthz", 200, 15s);
  EXPECT_GE(well.json()["segments"][0]["socket_recoveries"].get<int>(), 1);
  becomes("/readyz", 200);
}

TEST_F(WebHealth, ReadyIsWhereSomebodyAsks) {
  good(here().links().set_down("eth0"));
  auto querent = start_here();
  EXPECT_THAT(reasons(becomes("/readyz", 503)), HasSubstr("no interface is up"));
  becomes("/healthz", 200);
  good(here().links().set_up("eth0"));
  EXPECT_EQ(becomes("/readyz", 200).json()["ready"], true);
}

TEST_F(WebHealth, NotReadyWithoutAnInterface) {
  const auto querent =
      start(here(), {program(), "run", "-i", "nowhere0", "-q", "1s", "--log.level", "warn"});
  const auto answer = becomes("/readyz", 503);
  EXPECT_EQ(answer.json()["ready"], false);
  EXPECT_THAT(reasons(answer), HasSubstr("nowhere0: "));
  becomes("/healthz", 200);
}

TEST_F(WebHealth, ReadyAsLongAsAnotherAsks) {
  auto passive = start_here({"--passive", "--timeout", "3s"});
  EXPECT_THAT(reasons(becomes("/readyz", 503)), HasSubstr("eth0 ipv4: nobody asks"));
  {
    const auto other = start_querent(lan_.host(2));
    becomes("/readyz", 200);
    const auto segment = get(here(), "/api/v1/status").json()["interfaces"][0]["segments"][0];
    EXPECT_EQ(segment["state"], "passive");
    EXPECT_EQ(segment["querier"]["address"], "10.9.0.2");
    EXPECT_EQ(segment["querier"]["mac"], Lan::mac_of(2).to_string());
  }
  EXPECT_THAT(reasons(becomes("/readyz", 503)), HasSubstr("nobody asks"));
  becomes("/healthz", 200);
}

TEST_F(WebHealth, AStandbyIsReady) {
  const auto elected = start_here();
  auto standby = start_querent(lan_.host(2));
  ASSERT_TRUE(standby.wait_for_errors("election lost", kPatience)) << standby.errors();
  const auto ready = await_status(lan_.host(2), "/readyz", 200);
  EXPECT_EQ(ready.status, 200) << ready.body;
  const auto healthy = await_status(lan_.host(2), "/healthz", 200);
  EXPECT_EQ(healthy.status, 200) << healthy.body;
  EXPECT_EQ(healthy.json()["segments"][0]["state"], "non_querier");
  EXPECT_EQ(healthy.json()["segments"][0]["querier"]["address"], "10.9.0.1");
}

}  // namespace

}  // namespace querent::test
