#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fmt/core.h>
#include <functional>
#include <map>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kit/load_kit.hpp"
#include "kit/scratch.hpp"
#include "net/packet_socket.hpp"
#include "net/udp_socket.hpp"
#include "os/clock.hpp"
#include "os/poller.hpp"
#include "wire/codec.hpp"

// What querent costs and how punctual it is, printed.

namespace querent::test {

namespace {

using LongLoad = Load;

TEST_F(LongLoad, StartsWithAQuery) {
  const QueryListener ear(*there_);
  std::map<std::string, std::vector<Duration>> starts;  // by where the web server listens
  for (int round = 0; round < 21; ++round) {
    for (const auto* const listen : {":9224", "off"}) {
      const auto from = ear.heard();
      const Instant begin = os::now();
      auto querent =
          start(*here_, {program(), "run", "-i", "eth0", "--web.listen-address", listen});
      const auto query = ear.await(general_query_from(kHere), kPatience, from);
      ASSERT_TRUE(query) << querent.errors();
      starts[listen].push_back(query->at - begin);
    }
  }
  for (const auto& [listen, all] : starts) {
    fmt::print("web {}: start to first query on the wire: median {:.2f} ms, best {:.2f} ms\n",
               listen, in_ms(median(all)), in_ms(*std::min_element(all.begin(), all.end())));
  }
}

TEST_F(LongLoad, IsIdleBetweenQueries) {
  const QueryListener ear(*there_);
  auto querent = start_querent(*here_, {"-q", "2s", "--jitter", "0"});
  ASSERT_TRUE(ear.await(general_query_from(kHere), kPatience));
  // The startup burst is over when there is a gap as long as the interval.
  for (int query = 0; query < 4; ++query)
    ASSERT_TRUE(ear.await(general_query_from(kHere), kPatience, ear.heard()));
  const auto before = usage(querent);
  const auto from = ear.heard();
  for (int query = 0; query < 30; ++query)
    ASSERT_TRUE(ear.await(general_query_from(kHere), kPatience, ear.heard()));
  const auto after = usage(querent);
  const auto queries = ear.general_queries(kHere, from);
  std::vector<double> gaps;
  for (std::size_t at = 1; at < queries.size(); ++at)
    gaps.push_back(in_ms(queries[at].at - queries[at - 1].at));
  const double mean = std::accumulate(gaps.begin(), gaps.end(), 0.0) / double(gaps.size());
  double squares = 0;
  for (const double gap : gaps)
    squares += (gap - mean) * (gap - mean);
  fmt::print("60 s idle: {:.1f} ms of CPU, {} voluntary switches for {} queries, RSS {} KiB\n",
             in_ms(after.cpu - before.cpu), after.voluntary_switches - before.voluntary_switches,
             queries.size(), after.resident / 1024);
  fmt::print("interval of 2 s: mean {:.4f} ms, standard deviation {:.4f} ms\n", mean,
             std::sqrt(squares / double(gaps.size())));
  // The timer, the own host's two reports, a look at a group whose timer has moved; CivetWeb's
  // thread every 2 s, spdlog's every 10 s.
  EXPECT_LE(after.voluntary_switches - before.voluntary_switches, 6 * queries.size());
}

// A process that only reads.
Duration bare_reader(const lab::Namespace& where, Mouth& mouth, const Flood& plan,
                     const std::function<Bytes(std::size_t)>& packet) {
  Duration cpu{0};
  std::atomic<bool> ready = false;
  std::atomic<bool> over = false;
  std::thread reader([&] {
    good(where.inside([&] {
      auto links = lab::Links::open();
      auto socket = net::PacketSocket::open(links->index_of("eth0").value_or(0), Family::kIPv4);
      net::FrameBatch batch;
      ready = true;
      std::size_t got = 0;
      const auto cpu_now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return Duration(std::chrono::seconds(time.tv_sec)) + std::chrono::nanoseconds(time.tv_nsec);
      };
      const Duration before = cpu_now();
      os::Poller poller = std::move(os::Poller::open().value());
      good(poller.watch(socket->fd(), [&] { got += socket->receive(batch)->size(); }));
      while (!over && got < plan.packets)
        good(poller.wait([] {}));
      cpu = cpu_now() - before;
    }));
  });
  while (!ready)
    std::this_thread::yield();
  flood(mouth, plan, packet);
  over = true;
  mouth.say(packet(0));
  reader.join();
  return cpu;
}

TEST_F(LongLoad, AReportCostsLittleMoreThanReadingIt) {
  const Flood plan{.packets = 200'000, .burst = 256, .pause = 5ms};
  for (const std::size_t groups : {100U, 10'000U, 65'000U}) {
    std::vector<Bytes> reports;
    for (std::size_t number = 0; number < groups; ++number)
      reports.push_back(v2_report(group(number)));
    const auto packet = [&](std::size_t sent) { return reports[sent * 7919 % groups]; };
    Mouth mouth(*there_);
    const Duration bare = bare_reader(*here_, mouth, plan, packet);
    auto querent = start_querent(*here_, {"-q", "60s"});
    flood(mouth, {.packets = groups, .burst = 256, .pause = 5ms},
          [&](std::size_t sent) { return reports[sent]; });
    const auto before = usage(querent);
    flood(mouth, plan, packet);
    const auto after = usage(querent);
    querent.kill(SIGTERM);
    const auto ran = finish(querent);
    fmt::print("{} groups: {:.2f} us of CPU a report, a bare reader {:.2f} us; RSS {} KiB; {}",
               groups, in_us(after.cpu - before.cpu) / double(plan.packets),
               in_us(bare) / double(plan.packets), after.resident / 1024,
               ran.err.substr(ran.err.find("final")));
  }
}

TEST_F(LongLoad, AFloodDelaysNoQuery) {
  const QueryListener ear(*there_);
  auto querent = start_querent(*here_, {"-q", "1s", "--jitter", "0"});
  for (int query = 0; query < 5; ++query)
    ASSERT_TRUE(ear.await(general_query_from(kHere), kPatience, ear.heard()));
  const auto from = ear.heard();
  Mouth mouth(*there_);
  const Instant begin = os::now();
  flood(mouth, {.packets = 500'000}, [](std::size_t n) { return v2_report(group(n % 100'000)); });
  flood(mouth, {.packets = 500'000}, [](std::size_t n) {
    const auto source = static_cast<std::uint32_t>(n);
    return v3_report({{.type = RecordType::kAllow,
                       .group = group(n % 1'000),
                       .sources = {Address::v4(0x0B000000U + source)}}},
                     Address::v4(0x0A010000U + source % 400'000));
  });
  const Duration took = os::now() - begin;
  const auto after = usage(querent);
  ASSERT_TRUE(ear.await(general_query_from(kHere), kPatience, ear.heard()));
  const auto queries = ear.general_queries(kHere, from);
  std::map<int, int> histogram;  // by milliseconds, rounded up
  Duration latest{0};
  for (std::size_t at = 1; at < queries.size(); ++at) {
    const Duration expected = std::chrono::seconds(at);
    const Duration late = queries[at].at - queries[0].at - expected;
    latest = std::max(latest, late);
    ++histogram[static_cast<int>(std::ceil(in_ms(late)))];
  }
  fmt::print("1,000,000 reports in {:.1f} s; RSS {} KiB; the latest of {} queries {:.2f} ms late\n",
             in_ms(took) / 1000, after.resident / 1024, queries.size(), in_ms(latest));
  for (const auto& [ms, count] : histogram)
    fmt::print("  at most {:3} ms late: {}\n", ms, count);
  querent.kill(SIGTERM);
  const auto ran = finish(querent);
  fmt::print("  {}", ran.err.substr(ran.err.find("final")));
  EXPECT_NE(ran.err.find("refused"), std::string::npos);
}

TEST_F(LongLoad, TheOwnHostIsHeardInTheFlood) {
  auto querent = start_querent(*here_, {"-v", "--jitter", "0"});
  Mouth mouth(*there_);
  // Slowly: each group is a line, and what the log cannot write in time it drops.
  flood(mouth, {.packets = 1'000, .burst = 50, .pause = 20ms},
        [](std::size_t n) { return v2_report(group(n)); });
  std::atomic<bool> over = false;
  std::thread flooding([&] {
    while (!over)
      flood(mouth, {.packets = 1'000}, [](std::size_t n) { return v2_report(group(n)); });
  });
  const net::UdpChannel channel{.group = Address::v4(239, 200, 0, 1), .port = 5004};
  auto links = here_->inside([] { return lab::Links::open(); });
  const auto receiver = here_->inside(
      [&] { return net::UdpReceiver::open(links->index_of("eth0").value_or(0), channel); });
  EXPECT_TRUE(receiver) << receiver.error().to_string();
  EXPECT_TRUE(querent.wait_for_errors("239.200.0.1 is wanted", kPatience));
  over = true;
  flooding.join();
}

}  // namespace

}  // namespace querent::test
