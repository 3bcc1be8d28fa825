#include "kit/web_hostile.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// Those who mean no good, and those who ask very often, harm neither the queries nor whoever else
// looks.

namespace querent::test {

namespace {

const WebPlace kPrometheus{.client = Address::v4(127, 0, 0, 77)};

// KiB. A program with sanitizers, which is large from the beginning, also keeps what is freed.
constexpr std::uint64_t kMostGrowth = 65536;
constexpr std::uint64_t kLarge = 40960;
constexpr std::uint64_t kMostKept = 786432;

std::uint64_t resident_kib(const lab::Process& process) {
  const auto usage = process.usage();
  EXPECT_TRUE(good(usage));
  return usage ? usage->resident / 1024 : 0;
}

std::string scrape(const lab::Namespace& where) {
  auto answer = ask_web(where, {.path = "/metrics"}, kPrometheus);
  EXPECT_EQ(answer.status, 200) << answer.said();
  EXPECT_TRUE(answer.is_whole());
  return answer.body;
}

void endure(Duration time) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  auto querent = start_served(lan.host(1), {"--jitter", "0"});
  ASSERT_EQ(await_status(lan.host(1), "/healthz", 200).status, 200);
  const auto threads = threads_of(querent);
  const auto resident = resident_kib(querent);
  std::vector<Duration> scrapes;
  {
    const HostileCrowd crowd(lan.host(1), 50);
    for (const Instant until = os::now() + time; os::now() < until;) {
      const auto answer = ask_web(lan.host(1), {.path = "/metrics"}, kPrometheus);
      EXPECT_EQ(answer.status, 200) << answer.said();
      EXPECT_TRUE(answer.is_whole());
      scrapes.push_back(answer.took);
      EXPECT_FALSE(querent.wait(10ms)) << querent.errors();
    }
    for (const auto& [kind, times] : crowd.done())
      fmt::print("  {}: {}\n", kind, times);
  }
  const auto metrics = scrape(lan.host(1));
  const auto late = lateness(metrics);
  print_lateness(metrics);
  std::sort(scrapes.begin(), scrapes.end());
  fmt::print("{} scrapes: median {:.1f} ms, slowest {:.1f} ms; RSS {} KiB, then {} KiB\n",
             scrapes.size(), in_ms(scrapes[scrapes.size() / 2]), in_ms(scrapes.back()), resident,
             resident_kib(querent));
  EXPECT_GE(late.queries, std::chrono::floor<std::chrono::seconds>(time).count() - 1);
  EXPECT_EQ(late.above_100_ms, 0);
  EXPECT_LT(scrapes.back(), 5s);
  EXPECT_LT(resident_kib(querent), resident + (resident < kLarge ? kMostGrowth : kMostKept));
  EXPECT_EQ(threads_of(querent), threads);
  EXPECT_EQ(await_status(lan.host(1), "/healthz", 200).status, 200);
  EXPECT_TRUE(await_queries(ear, lab::Lan::address_of(1), 2));
  querent.kill(SIGTERM);
  EXPECT_EQ(finish(querent).code, 0) << querent.errors();
}

TEST(WebHostile, FiftyAtOnceHarmNobody) {
  endure(5s);
}

TEST(LongWeb, FiftyAtOnceHarmNobodyForAMinute) {
  endure(60s);
}

// Of one address, more than there are threads; each sends a body that never ends.
TEST(WebHostile, EndlessBodiesHoldNoThreads) {
  auto lan = make_lan({.hosts = {1}});
  auto querent = start_served(lan.host(1));
  std::vector<os::Fd> sockets;
  good(lan.host(1).inside([&] {
    for (int client = 0; client < 100; ++client) {
      sockets.push_back(connect_web());
      write_all(sockets.back(),
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nabc");
    }
  }));
  Duration worst{};
  for (const Instant until = os::now() + 4s; os::now() < until;) {
    for (const auto& socket : sockets)
      write_all(socket, "a");
    const auto answer = ask_web(lan.host(1), {.path = "/healthz"}, kPrometheus);
    EXPECT_EQ(answer.status, 200) << answer.said();
    worst = std::max(worst, answer.took);
    EXPECT_FALSE(querent.wait(50ms));
  }
  fmt::print("while 100 bodies come: the slowest answer after {:.1f} ms\n", in_ms(worst));
  EXPECT_LT(worst, 2s);
}

TEST(LongWeb, MemoryStaysFlat) {
  auto lan = make_lan({.hosts = {1}});
  auto querent = start_served(lan.host(1));
  std::vector<std::uint64_t> resident;  // after each 600
  const Instant begin = os::now();
  for (int round = 0; round < 6; ++round) {
    good(lan.host(1).inside([&] {
      for (int scraped = 0; scraped < 600; ++scraped) {
        EXPECT_EQ(ask_web({.path = "/metrics"}).status, 200);
        EXPECT_EQ(ask_web({.path = "/api/v1/status"}).status, 200);
      }
    }));
    resident.push_back(resident_kib(querent));
    fmt::print("after {} scrapes: RSS {} KiB\n", (round + 1) * 600, resident.back());
  }
  fmt::print("3,600 of each in {:.1f} s\n", in_ms(os::now() - begin) / 1000);
  EXPECT_LT(double(resident.back()), double(resident.front()) * 1.05 + 512);
}

}  // namespace

}  // namespace querent::test
