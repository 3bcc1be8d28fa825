#include <algorithm>
#include <atomic>
#include <csignal>
#include <fmt/core.h>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// SIGTERM while many are connected, and some are being answered: nobody is waited for.

namespace querent::test {

namespace {

using testing::HasSubstr;

// 100 ms on a machine that is idle. This one may not be.
constexpr Duration kAtOnce = 1s;

// Connected, and in the middle of something: a request that is not complete, an answer that is not
// read, or nothing at all.
std::vector<os::Fd> connect_many(int clients) {
  std::vector<os::Fd> sockets;
  for (int client = 0; client < clients; ++client) {
    const auto octet = static_cast<std::uint8_t>(2 + client % 8);
    sockets.push_back(connect_web({.client = Address::v4(127, 0, 0, octet)}));
    if (!sockets.back()) continue;
    if (client % 3 == 0) write_all(sockets.back(), "GET /metrics HTTP/1.1\r\nHost: a");
    if (client % 3 == 1) write_all(sockets.back(), WebRequest{.path = "/metrics"}.text());
  }
  return sockets;
}

void stop_at_random_moments(int times) {
  auto lan = make_lan({.hosts = {1}});
  Random random(static_cast<std::uint64_t>(times));
  std::vector<Duration> all;
  for (int round = 0; round < times; ++round) {
    auto querent = start_served(lan.host(1));
    std::atomic<bool> over = false;
    std::atomic<int> scrapes = 0;
    std::thread scraper([&] {
      good(lan.host(1).inside([&] {
        while (!over)
          if (ask_web({.path = "/metrics"}).status == 200) ++scrapes;
      }));
    });
    std::vector<os::Fd> sockets;
    good(lan.host(1).inside([&] { sockets = connect_many(50); }));
    EXPECT_FALSE(querent.wait(random.between(0ms, 400ms))) << querent.errors();
    const Instant begin = os::now();
    querent.kill(SIGTERM);
    const auto exit = querent.wait(kPatience);
    all.push_back(os::now() - begin);
    over = true;
    scraper.join();
    ASSERT_TRUE(exit) << "still runs";
    EXPECT_EQ(exit->signal, 0) << querent.errors();
    EXPECT_EQ(exit->code, 0) << querent.errors();
    EXPECT_THAT(querent.errors(), HasSubstr("final: "));
  }
  std::sort(all.begin(), all.end());
  fmt::print("SIGTERM with 50 clients, {} times: gone within {:.1f} ms, median {:.1f} ms\n", times,
             in_ms(all.back()), in_ms(all[all.size() / 2]));
  EXPECT_LT(all.back(), kAtOnce);
}

TEST(WebStop, ClientsHoldNothingUp) {
  stop_at_random_moments(10);
}

TEST(LongWeb, ClientsHoldNothingUpAtTheEnd) {
  stop_at_random_moments(100);
}

// Threads of the web server may be as late as they like on a busy machine.
TEST(WebStart, IsHealthyAtOnce) {
  auto lan = make_lan({.hosts = {1}});
  std::vector<Duration> all;
  for (int round = 0; round < 20; ++round) {
    const Instant begin = os::now();
    auto querent = start(lan.host(1), {program(), "run", "-i", "eth0", "-q", "1s"});
    ASSERT_EQ(await_status(lan.host(1), "/healthz", 200).status, 200) << querent.errors();
    all.push_back(os::now() - begin);
    querent.kill(SIGTERM);
    EXPECT_EQ(finish(querent).code, 0) << querent.errors();
  }
  std::sort(all.begin(), all.end());
  fmt::print("start to /healthz: median {:.1f} ms, worst {:.1f} ms\n", in_ms(all[all.size() / 2]),
             in_ms(all.back()));
}

}  // namespace

}  // namespace querent::test
