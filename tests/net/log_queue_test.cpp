#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <limits>
#include <optional>
#include <poll.h>
#include <seccomp.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/forked.hpp"
#include "kit/pipe.hpp"
#include "log/queue.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"

namespace querent::log {
namespace {

using namespace std::chrono_literals;
using querent::test::forked;
using querent::test::Pipe;
using testing::ElementsAre;
using testing::StartsWith;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
// Far below what waiting for a reader would take, far above what a busy machine takes.
constexpr Duration kAtOnce = 2s;

LogQueue open_queue(int fd) {
  return LogQueue::open(fd, {.journal = true}).value();
}

void write(LogQueue& queue, std::string text) {
  queue.write({.event = "said", .text = std::move(text)}, WallTime{});
}

std::string numbered(std::size_t i) {
  return "line " + std::to_string(i);
}

// What a line looks like.
std::string said(const std::string& text) {
  return "<6>info  " + text;
}

// How many lines are missing, if this line says so.
std::optional<std::size_t> gap_in(const std::string& line) {
  const std::string before = "<4>warn  ";
  if (!line.starts_with(before)) return std::nullopt;
  const auto missing = std::stoul(line.substr(before.size()));
  EXPECT_EQ(line, before + std::to_string(missing) +
                      (missing == 1 ? " line of this log was" : " lines of this log were") +
                      " dropped: not read fast enough");
  return missing;
}

// What another thread makes true.
bool becomes_true(const std::function<bool()>& condition) {
  const auto begin = os::now();
  while (!condition()) {
    if (os::now() - begin > 10s) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(LogQueue, WhatIsReadArrivesCompleteAndInOrder) {
  Pipe pipe;
  auto queue = open_queue(pipe.to());
  std::size_t next = 0;
  for (std::size_t round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < LogQueue::kLines; ++i)
      write(queue, numbered(round * LogQueue::kLines + i));
    for (const auto& line : pipe.lines(LogQueue::kLines))
      EXPECT_EQ(line, said(numbered(next++)));
  }
  EXPECT_EQ(next, 10 * LogQueue::kLines);
  EXPECT_EQ(queue.dropped(), 0U);
}

TEST(LogQueue, AtItsEndTheQueueIsWritten) {
  Pipe pipe;
  {
    auto queue = open_queue(pipe.to());
    for (std::size_t i = 0; i < LogQueue::kLines; ++i)
      write(queue, numbered(i));
  }
  pipe.close_writer();
  EXPECT_EQ(pipe.lines(kAll).size(), LogQueue::kLines);
}

TEST(LogQueue, AFullPipeLetsNobodyWaitAndDropsTheOldest) {
  constexpr std::size_t kWritten = 3000;
  Pipe pipe;
  pipe.fill();
  auto queue = open_queue(pipe.to());
  const auto before = os::now();
  for (std::size_t i = 0; i < kWritten; ++i)
    write(queue, numbered(i));
  EXPECT_LT(os::now() - before, kAtOnce);
  const auto dropped = queue.dropped();
  EXPECT_GE(dropped, kWritten - LogQueue::kLines - 1) << "one may be with the thread";
  EXPECT_LE(dropped, kWritten - LogQueue::kLines);

  pipe.drain();
  std::size_t next = 0;
  std::size_t gaps = 0;
  while (next < kWritten) {
    const auto lines = pipe.lines(1);
    ASSERT_EQ(lines.size(), 1U) << "instead of line " << next;
    if (const auto missing = gap_in(lines[0])) {
      gaps += *missing;
      next += *missing;
    } else {
      ASSERT_EQ(lines[0], said(numbered(next++))) << "a gap is elsewhere";
    }
  }
  EXPECT_EQ(gaps, dropped);
  EXPECT_EQ(queue.dropped(), dropped);
}

TEST(LogQueue, WhatIsQueuedKeepsItsFormat) {
  Pipe pipe;
  pipe.fill();
  auto queue = open_queue(pipe.to());
  write(queue, "a");
  write(queue, "b");
  queue.use(config::LogFormat::kJson);
  write(queue, "c");
  queue.use(config::LogFormat::kText);
  write(queue, "d");
  pipe.drain();
  EXPECT_THAT(pipe.lines(4),
              ElementsAre(said("a"), said("b"), StartsWith("<6>{\"time\":"), said("d")));
}

TEST(LogQueue, NobodyReadsAnyMore) {
  // In a process with the default answer to SIGPIPE, which is to die.
  Pipe pipe;
  pipe.close_reader();
  auto queue = open_queue(pipe.to());
  write(queue, "lost");
  write(queue, "lost too");
  EXPECT_TRUE(becomes_true([&] { return queue.dropped() == 2; })) << queue.dropped();
}

TEST(LogQueue, WhoReadsAgainSeesHowManyLinesAreMissing) {
  Pipe pipe;
  pipe.close_reader();
  auto queue = open_queue(pipe.to());
  write(queue, "lost");
  write(queue, "lost too");
  ASSERT_TRUE(becomes_true([&] { return queue.dropped() == 2; })) << queue.dropped();
  const os::Fd reader(
      ::open(("/proc/self/fd/" + std::to_string(pipe.to())).c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(reader);
  write(queue, "a");
  const std::string expected =
      "<4>warn  2 lines of this log were dropped: not read fast enough\n" + said("a") + "\n";
  std::string read;
  std::array<char, 1024> room{};
  while (read.size() < expected.size()) {
    pollfd readable{.fd = reader.number(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&readable, 1, 10'000), 1) << read;
    const auto got = ::read(reader.number(), room.data(), room.size());
    ASSERT_GT(got, 0);
    read.append(room.data(), static_cast<std::size_t>(got));
  }
  EXPECT_EQ(read, expected);
}

TEST(LogQueue, WhatCannotBeWrittenIsDropped) {
  const os::Fd disk(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(disk);
  for (const int fd : {disk.number(), -1}) {
    auto queue = open_queue(fd);
    write(queue, "lost");
    write(queue, "lost too");
    EXPECT_TRUE(becomes_true([&] { return queue.dropped() == 2; })) << queue.dropped();
  }
}

TEST(LogQueue, ADescriptorThatSomebodyMadeNonblockingIsWaitedFor) {
  Pipe pipe;
  pipe.fill();
  ASSERT_EQ(::fcntl(pipe.to(), F_SETFL, O_NONBLOCK), 0);
  auto queue = open_queue(pipe.to());
  write(queue, "a");
  write(queue, "b");
  pipe.drain();
  EXPECT_THAT(pipe.lines(2), ElementsAre(said("a"), said("b")));
  EXPECT_EQ(queue.dropped(), 0U);
}

TEST(LogQueue, ItsEndDoesNotWaitForAReader) {
  for (const int flags : {0, O_NONBLOCK}) {
    Pipe pipe;
    pipe.fill();
    ASSERT_EQ(::fcntl(pipe.to(), F_SETFL, flags), 0);
    std::optional queue = open_queue(pipe.to());
    write(*queue, "stuck");
    write(*queue, "behind it");
    const auto before = os::now();
    queue.reset();
    const auto took = os::now() - before;
    EXPECT_GE(took, LogQueue::kPatience) << "as if it had been written";
    EXPECT_LT(took, kAtOnce);

    pipe.drain();
    pipe.close_writer();
    EXPECT_THAT(pipe.lines(kAll), ElementsAre(said("stuck"))) << "what was left is discarded";
  }
}

TEST(LogQueue, AProcessEndsThoughItsThreadIsStuck) {
  Pipe pipe;
  pipe.fill();
  const auto before = os::now();
  const auto ended = forked([&] {
    auto queue = open_queue(pipe.to());
    write(queue, "stuck");
    return "";
  });
  EXPECT_TRUE(ended.well()) << ended;
  EXPECT_LT(os::now() - before, kAtOnce);
}

TEST(LogQueue, SignalsAreForTheOtherThreads) {
  // Else SIGTERM, which this process blocks and reads later, would end it here.
  const auto ended = forked([] {
    Pipe pipe;
    auto queue = open_queue(pipe.to());
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, nullptr);
    ::kill(::getpid(), SIGTERM);
    sigset_t pending;
    sigpending(&pending);
    write(queue, "alive");
    if (pipe.lines(1).size() != 1) return "nothing is written";
    return sigismember(&pending, SIGTERM) == 1 ? "" : "the signal is gone";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(LogQueue, TheCallersSignalMaskIsAsBefore) {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  Pipe pipe;
  const auto queue = open_queue(pipe.to());
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal < NSIG; ++signal)
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
}

TEST(LogQueue, WithoutAThreadThereIsAReason) {
  const auto ended = forked([]() -> std::string {
    auto* const filter = seccomp_init(SCMP_ACT_ALLOW);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone), 0);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone3), 0);
    if (seccomp_load(filter) != 0) return "no filter";
    const auto queue = LogQueue::open(2, {});
    return queue ? "there is a thread" : queue.error().to_string();
  });
  EXPECT_EQ(ended.said,
            "cannot start the thread that writes the log: Resource temporarily unavailable "
            "(EAGAIN)");
}

}  // namespace
}  // namespace querent::log
