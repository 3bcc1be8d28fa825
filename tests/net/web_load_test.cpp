#include <algorithm>
#include <atomic>
#include <fmt/core.h>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kit/load_kit.hpp"
#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// What it costs to be looked at, printed.

namespace querent::test {

namespace {

using LongWebLoad = Load;

struct Scrapes {
  std::vector<Duration> took;
  std::size_t size = 0;  // of the latest
  std::size_t failed = 0;

  void add(const WebAnswer& answer) {
    if (!answer.is_whole() || answer.status != 200) ++failed;
    took.push_back(answer.took);
    size = answer.body.size();
  }
};

// An answer that is young is given again: half of these are that.
Scrapes scrape(const lab::Namespace& where, const std::string& path, int times) {
  Scrapes scrapes;
  good(where.inside([&] {
    for (int scraped = 0; scraped < times; ++scraped)
      scrapes.add(ask_web({.path = path}));
  }));
  return scrapes;
}

void print(const std::string& what, const Scrapes& scrapes) {
  fmt::print("  {}: median {:.2f} ms, slowest {:.2f} ms, {} octets, {} failed\n", what,
             in_ms(median(scrapes.took)),
             in_ms(*std::max_element(scrapes.took.begin(), scrapes.took.end())), scrapes.size,
             scrapes.failed);
}

bool await_groups(const lab::Namespace& where, std::size_t count) {
  for (const Instant until = os::now() + kPatience; os::now() < until;) {
    const auto groups = metric(ask_web(where, {.path = "/metrics"}).body,
                               R"(querent_groups{interface="eth0",family="ipv4"})");
    if (groups.value_or(0) >= double(count)) return true;
  }
  return false;
}

TEST_F(LongWebLoad, AScrapeAndWhatIsInIt) {
  for (const std::size_t groups : {10U, 1'000U, 65'000U}) {
    auto querent = start_served(*here_, {"-q", "60s"});
    Mouth mouth(*there_);
    flood(mouth, {.packets = groups, .burst = 256, .pause = 5ms},
          [](std::size_t n) { return v2_report(group(n)); });
    ASSERT_TRUE(await_groups(*here_, groups)) << groups;
    fmt::print("{} groups, RSS {} KiB\n", groups, usage(querent).resident / 1024);
    for (const auto* const path :
         {"/metrics", "/api/v1/status", "/api/v1/groups", "/api/v1/events", "/healthz", "/"}) {
      print(fmt::format("idle {}", path), scrape(*here_, path, 300));
    }
    std::atomic<bool> over = false;
    std::size_t reports = 0;
    std::thread sender([&] {
      while (!over) {
        flood(mouth, {.packets = 256},
              [&](std::size_t n) { return v2_report(group((reports + n) % groups)); });
        reports += 256;
      }
    });
    const Instant begin = os::now();
    for (const auto* const path : {"/metrics", "/api/v1/status", "/api/v1/groups"})
      print(fmt::format("flooded {}", path), scrape(*here_, path, 100));
    const Duration took = os::now() - begin;
    over = true;
    sender.join();
    fmt::print("  {:.0f} reports a second meanwhile; RSS {} KiB\n",
               double(reports) * 1000 / in_ms(took), usage(querent).resident / 1024);
  }
}

// Ten clients at once, for some time.
void scrape_and_look(const lab::Namespace& where, const lab::Process& querent,
                     const std::string& path) {
  constexpr Duration kTime = 15s;
  const auto before = usage(querent);
  std::atomic<std::size_t> scrapes = 0;
  std::vector<std::thread> clients;
  constexpr std::size_t kClients = 10;
  clients.reserve(kClients);
  const Instant until = os::now() + kTime;
  for (std::size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&] {
      good(where.inside([&] {
        while (os::now() < until)
          if (ask_web({.path = path}).status == 200) ++scrapes;
      }));
    });
  }
  for (auto& client : clients)
    client.join();
  const auto after = usage(querent);
  fmt::print("  {}, 10 clients: {:.0f} a second, {:.0f} us of CPU each\n", path,
             double(scrapes) * 1000 / in_ms(kTime),
             in_us(after.cpu - before.cpu) / double(std::max<std::size_t>(1, scrapes)));
  print_lateness(ask_web(where, {.path = "/metrics"}).body);
}

TEST_F(LongWebLoad, ScrapesDelayNoQuery) {
  for (const std::size_t groups : {10U, 65'000U}) {
    for (const auto* const path : {"/metrics", "/api/v1/groups"}) {
      const auto querent = start_served(*here_, {"-q", "1s", "--robustness", "7", "--jitter", "0"});
      Mouth mouth(*there_);
      const Flood reports{.packets = groups, .burst = 64, .pause = 5ms};
      const auto report = [](std::size_t n) { return v2_report(group(n)); };
      flood(mouth, reports, report);
      // Else they would be forgotten after 7 s.
      std::atomic<bool> over = false;
      std::thread reporter([&] {
        while (!over)
          flood(mouth, reports, report);
      });
      fmt::print("{} groups\n", groups);
      scrape_and_look(*here_, querent, path);
      over = true;
      reporter.join();
    }
  }
}

}  // namespace

}  // namespace querent::test
