#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/core.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "kit/querent_lan.hpp"
#include "kit/scratch.hpp"
#include "os/clock.hpp"

// SIGTERM, SIGINT, SIGSTOP, and a log that nobody reads.

namespace querent::test {

namespace {

using lab::Lan;
using testing::HasSubstr;

constexpr Duration kInterval = 1s;
// 100 ms in a release build on a machine that is idle. This one may be neither.
constexpr Duration kAtOnce = 2s;

// How long the program takes to go; it must go by itself, and well.
Duration leave(lab::Process& process, int signal) {
  const Instant begin = os::now();
  process.kill(signal);
  const auto exit = process.wait(kPatience);
  const Duration took = os::now() - begin;
  EXPECT_TRUE(exit) << "still runs";
  if (exit) {
    EXPECT_EQ(exit->signal, 0);
    EXPECT_EQ(exit->code, 0);
  }
  return took;
}

// Started and ended again and again, each time at another point of its schedule: its three startup
// queries, and the first regular ones.
void leave_at_random_points(int signal, int points) {
  auto lan = make_lan({.hosts = {1}});
  Random random(static_cast<std::uint64_t>(points));
  std::vector<Duration> all;
  for (int point = 0; point < points; ++point) {
    auto process = start_querent(lan.host(1));
    ASSERT_FALSE(process.wait(random.between(0ms, 2500ms))) << process.errors();
    all.push_back(leave(process, signal));
    EXPECT_THAT(process.errors(), HasSubstr("final: "));
    EXPECT_THAT(process.errors(), HasSubstr(" queries sent, 0 elections won"));
  }
  std::sort(all.begin(), all.end());
  fmt::print("signal {}, {} points: gone within {:.1f} ms, median {:.1f} ms\n", signal, points,
             in_ms(all.back()), in_ms(all.at(all.size() / 2)));
  EXPECT_LT(all.back(), kAtOnce);
}

TEST(Signals, SigtermEndsItAtAnyPoint) {
  leave_at_random_points(SIGTERM, 5);
}

TEST(Signals, SigintEndsItAtAnyPoint) {
  leave_at_random_points(SIGINT, 3);
}

TEST(LongSignals, SigtermEndsItAtAnyPoint) {
  leave_at_random_points(SIGTERM, 50);
}

TEST(LongSignals, SigintEndsItAtAnyPoint) {
  leave_at_random_points(SIGINT, 20);
}

// Before there is a handler the kernel ends it, and later it goes by itself.
TEST(Signals, SigtermEndsItWhileItStarts) {
  auto lan = make_lan({.hosts = {1}});
  Random random(1);
  Duration worst{};
  for (int point = 0; point < 10; ++point) {
    auto process = start(lan.host(1), {program(), "run", "-i", "eth0"});
    ASSERT_FALSE(process.wait(random.between(0ms, 200ms))) << process.errors();
    const Instant begin = os::now();
    process.kill(SIGTERM);
    const auto exit = process.wait(kPatience);
    ASSERT_TRUE(exit) << "still runs";
    worst = std::max<Duration>(worst, os::now() - begin);
    EXPECT_TRUE(exit->signal == SIGTERM || (exit->signal == 0 && exit->code == 0))
        << "signal " << exit->signal << ", code " << exit->code << ": " << process.errors();
  }
  fmt::print("SIGTERM while it starts: gone within {:.1f} ms\n", in_ms(worst));
  EXPECT_LT(worst, kAtOnce);
}

TEST(Signals, TheFinalLineCountsWhatWasSent) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  auto process = start_querent(lan.host(1));
  for (int heard = 0; heard < 4; ++heard)
    ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience, ear.heard()));
  leave(process, SIGTERM);
  const auto sent = ear.general_queries(Lan::address_of(1)).size();
  EXPECT_THAT(process.errors(), HasSubstr(fmt::format("final: {} queries sent", sent)));
}

// ---- SIGSTOP for three intervals

void sleep_for_three_intervals(lab::Process& process) {
  process.kill(SIGSTOP);
  EXPECT_FALSE(process.wait(3 * kInterval + kInterval / 2));
  process.kill(SIGCONT);
}

// Its queries after the `from`th sighting that came within that time of the first of them.
std::size_t queries_within(const QueryListener& ear, int host, std::size_t from, Duration time) {
  const auto all = ear.general_queries(Lan::address_of(host), from);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const HeardFrame& one) {
    return one.at - all.front().at < time;
  }));
}

TEST(Signals, AQuerierThatSleptAsksAsAtItsStart) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  auto process = start_querent(lan.host(1));
  for (int heard = 0; heard < 5; ++heard)
    ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience, ear.heard()));
  sleep_for_three_intervals(process);
  const auto from = ear.heard();
  ASSERT_TRUE(process.wait_for_errors("slept through", kPatience)) << process.errors();
  for (int heard = 0; heard < 5; ++heard)
    ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience, ear.heard()));
  // Three, a quarter of an interval apart; the fourth comes 1.25 intervals after the first.
  const auto burst = queries_within(ear, 1, from, kInterval);
  fmt::print("querier, after SIGCONT: {} queries in the first interval\n", burst);
  EXPECT_LE(burst, 3U);
  EXPECT_EQ(times_said(process, "slept through"), 1U);
}

TEST(Signals, ANonQuerierThatSleptFindsItsRoleAgain) {
  auto lan = make_lan({.hosts = {3}});
  const QueryListener ear(lan.host(3));
  const auto lower = general_query_from(Lan::address_of(1));
  auto process = start_querent(lan.host(2));
  const auto foreign = start_querent(lan.host(1));
  ASSERT_TRUE(await_said(process, "election lost to 10.9.0.1"));
  for (int heard = 0; heard < 5; ++heard)
    ASSERT_TRUE(ear.await(lower, kPatience, ear.heard()));
  sleep_for_three_intervals(process);
  const auto from = ear.heard();
  ASSERT_TRUE(process.wait_for_errors("slept through", kPatience)) << process.errors();
  const auto next = ear.await(lower, kPatience, from);
  ASSERT_TRUE(next);
  ASSERT_TRUE(await_said(process, "election lost to 10.9.0.1", 2)) << process.errors();
  for (int heard = 0; heard < 4; ++heard)
    ASSERT_TRUE(ear.await(lower, kPatience, ear.heard()));
  const auto ours = ear.general_queries(Lan::address_of(2), from);
  fmt::print("non-querier, after SIGCONT: {} queries, the last {:.1f} ms after the other's next\n",
             ours.size(), ours.empty() ? 0.0 : in_ms(ours.back().at - next->at));
  EXPECT_LE(ours.size(), 3U);
  for (const auto& query : ours)
    EXPECT_LT(query.at, next->at + 1s);
}

// ---- a log that nobody reads

// A FIFO that is full to the brim. Who opens it for writing can, and then waits.
class FullPipe {
 public:
  explicit FullPipe(const std::string& path) : path_(path) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0666), 0);
    fd_ = os::Fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    EXPECT_GT(::fcntl(fd_.number(), F_SETPIPE_SZ, 4096), 0);
    const std::array<char, 512> some{};
    while (::write(fd_.number(), some.data(), some.size()) > 0) {
    }
    EXPECT_EQ(errno, EAGAIN);
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  os::Fd fd_;
};

void ask_on_time_and_leave(const std::vector<std::string>& more) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  const Scratch files;
  const FullPipe log(files.path("log"));
  std::vector<std::string> argv{program(), "run", "-v", "-i", "eth0", "-q", "1s"};
  argv.insert(argv.end(), more.begin(), more.end());
  auto spawned = lab::Process::spawn({.argv = argv,
                                      .where = &lan.host(1),
                                      .err = {.kind = lab::Sink::Kind::kFile, .file = log.path()}});
  ASSERT_TRUE(good(spawned));
  constexpr std::size_t kQueries = 8;
  while (ear.general_queries(Lan::address_of(1)).size() < kQueries)
    ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience, ear.heard()));
  const auto all = ear.general_queries(Lan::address_of(1));
  Duration longest{};
  for (std::size_t at = 1; at < all.size(); ++at)
    longest = std::max<Duration>(longest, all[at].at - all[at - 1].at);
  const Duration took = leave(*spawned, SIGTERM);
  fmt::print("stderr full: longest gap {:.1f} ms of 1000 ms; gone after {:.1f} ms\n",
             in_ms(longest), in_ms(took));
  EXPECT_LT(longest, kInterval + kInterval / 2);
  EXPECT_LT(took, kAtOnce);
}

TEST(Signals, ALogThatIsNotReadHoldsNothingUp) {
  ask_on_time_and_leave({});
}

TEST(Signals, ALogThatIsNotReadHoldsNothingUpWithoutASandboxEither) {
  ask_on_time_and_leave({"--no-sandbox"});
}

}  // namespace

}  // namespace querent::test
