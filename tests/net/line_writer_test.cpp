#include "os/line_writer.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <limits>
#include <numeric>
#include <optional>
#include <seccomp.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forked.hpp"
#include "os/clock.hpp"
#include "pipe.hpp"

namespace querent::net {
namespace {

using namespace std::chrono_literals;
using test::forked;
using test::Pipe;
using testing::ElementsAre;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
// Far below what waiting for a reader would take, far above what a busy machine takes.
constexpr Duration kAtOnce = 2s;

std::string numbered(int i) {
  return "line " + std::to_string(i) + "\n";
}

TEST(LineWriter, WhatIsReadArrivesCompleteAndInOrder) {
  Pipe pipe;
  auto writer = os::LineWriter::open(pipe.to()).value();
  int next = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 500; ++i)
      writer.write(numbered(round * 500 + i));
    for (const auto& line : pipe.lines(500))
      EXPECT_EQ(line + "\n", numbered(next++));
  }
  EXPECT_EQ(next, 5000);
  EXPECT_EQ(writer.dropped(), 0U);
}

TEST(LineWriter, AtItsEndTheQueueIsWritten) {
  Pipe pipe;
  {
    auto writer = os::LineWriter::open(pipe.to()).value();
    for (int i = 0; i < 1000; ++i)
      writer.write(numbered(i));
  }
  pipe.close_writer();
  EXPECT_EQ(pipe.lines(kAll).size(), 1000U);
}

TEST(LineWriter, AFullPipeLetsNobodyWaitAndDropsTheOldest) {
  Pipe pipe;
  pipe.fill();
  auto writer = os::LineWriter::open(pipe.to()).value();
  writer.describe_gaps([](std::uint64_t count) { return "gap " + std::to_string(count) + "\n"; });
  const auto before = os::now();
  for (int i = 0; i < 3000; ++i)
    writer.write(numbered(i));
  EXPECT_LT(os::now() - before, kAtOnce);
  const auto dropped = writer.dropped();
  EXPECT_GE(dropped, 3000 - os::LineWriter::kLines - 1) << "one may be with the thread";
  EXPECT_LE(dropped, 3000 - os::LineWriter::kLines);

  pipe.drain();
  int written = 0;
  std::uint64_t gaps = 0;
  std::string last;
  while (last != "line 2999") {
    const auto line = pipe.lines(1);
    ASSERT_EQ(line.size(), 1U) << "after " << last;
    if (line[0].starts_with("gap ")) {
      const auto missing = std::stoi(line[0].substr(4));
      EXPECT_LE(missing, 3000 - written);
      gaps += static_cast<std::uint64_t>(missing);
    } else {
      ++written;
      last = line[0];
    }
  }
  EXPECT_EQ(static_cast<std::uint64_t>(written) + dropped, 3000U);
  EXPECT_EQ(gaps, dropped);
}

TEST(LineWriter, NobodyReadsAnyMore) {
  // In a process with the default answer to SIGPIPE, which is to die.
  Pipe pipe;
  pipe.close_reader();
  auto writer = os::LineWriter::open(pipe.to()).value();
  std::promise<std::uint64_t> missed;
  writer.describe_gaps([&missed, told = false](std::uint64_t count) mutable {
    if (!std::exchange(told, true)) missed.set_value(count);
    return std::string("gap\n");
  });
  writer.write("lost\n");
  writer.write("lost too\n");
  auto heard = missed.get_future();
  ASSERT_EQ(heard.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(heard.get(), 1U);
}

TEST(LineWriter, WhatCannotBeWrittenIsDropped) {
  const os::Fd disk(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(disk);
  for (const int fd : {disk.number(), -1}) {
    auto writer = os::LineWriter::open(fd).value();
    std::promise<std::uint64_t> missed;
    writer.describe_gaps([&missed, told = false](std::uint64_t count) mutable {
      if (!std::exchange(told, true)) missed.set_value(count);
      return std::string("gap\n");
    });
    writer.write("lost\n");
    writer.write("lost too\n");
    auto heard = missed.get_future();
    ASSERT_EQ(heard.wait_for(10s), std::future_status::ready);
    EXPECT_GE(writer.dropped(), 1U);
  }
}

TEST(LineWriter, ADescriptorThatSomebodyMadeNonblockingIsWaitedFor) {
  Pipe pipe;
  pipe.fill();
  ASSERT_EQ(::fcntl(pipe.to(), F_SETFL, O_NONBLOCK), 0);
  auto writer = os::LineWriter::open(pipe.to()).value();
  writer.write("a\n");
  writer.write("b\n");
  pipe.drain();
  EXPECT_THAT(pipe.lines(2), ElementsAre("a", "b"));
  EXPECT_EQ(writer.dropped(), 0U);
}

TEST(LineWriter, ItsEndDoesNotWaitForAReader) {
  for (const int flags : {0, O_NONBLOCK}) {
    Pipe pipe;
    pipe.fill();
    ASSERT_EQ(::fcntl(pipe.to(), F_SETFL, flags), 0);
    std::optional writer = os::LineWriter::open(pipe.to()).value();
    writer->write("stuck\n");
    writer->write("behind it\n");
    const auto before = os::now();
    writer.reset();
    const auto took = os::now() - before;
    EXPECT_GE(took, os::LineWriter::kPatience) << "as if it had been written";
    EXPECT_LT(took, kAtOnce);
  }
}

TEST(LineWriter, AProcessEndsThoughItsThreadIsStuck) {
  Pipe pipe;
  pipe.fill();
  const auto before = os::now();
  const auto ended = forked([&] {
    auto writer = os::LineWriter::open(pipe.to()).value();
    writer.write("stuck\n");
    return "";
  });
  EXPECT_TRUE(ended.well()) << ended;
  EXPECT_LT(os::now() - before, kAtOnce);
}

TEST(LineWriter, SignalsAreForTheOtherThreads) {
  // Else SIGTERM, which this process blocks and reads later, would end it here.
  const auto ended = forked([] {
    Pipe pipe;
    auto writer = os::LineWriter::open(pipe.to()).value();
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, nullptr);
    ::kill(::getpid(), SIGTERM);
    sigset_t pending;
    sigpending(&pending);
    writer.write("alive\n");
    if (pipe.lines(1).size() != 1) return "nothing is written";
    return sigismember(&pending, SIGTERM) == 1 ? "" : "the signal is gone";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(LineWriter, TheCallersSignalMaskIsAsBefore) {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  Pipe pipe;
  const auto writer = os::LineWriter::open(pipe.to()).value();
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal < NSIG; ++signal)
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
}

TEST(LineWriter, WithoutAThreadThereIsAReason) {
  const auto ended = forked([]() -> std::string {
    auto* const filter = seccomp_init(SCMP_ACT_ALLOW);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone), 0);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone3), 0);
    if (seccomp_load(filter) != 0) return "no filter";
    const auto writer = os::LineWriter::open(2);
    return writer ? "there is a thread" : writer.error().to_string();
  });
  EXPECT_EQ(ended.said,
            "cannot start the thread that writes the log: Resource temporarily unavailable "
            "(EAGAIN)");
}

}  // namespace
}  // namespace querent::net
