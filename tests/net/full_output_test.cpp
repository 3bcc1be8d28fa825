#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <sys/syscall.h>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "kit/pipe.hpp"
#include "kit/watch_fixture.hpp"
#include "os/clock.hpp"

// Who reads stdout or stderr has stopped to, and now they are to end.

namespace querent::cli::test {
namespace {

using namespace std::chrono_literals;
using querent::test::Pipe;

constexpr Duration kAMoment = 5s;  // on an idle machine it is one second

// Whether the signal would not simply kill it any more (proc(5), SigCgt).
bool catches(const lab::Process& process, int signal) {
  std::ifstream status("/proc/" + std::to_string(process.pid()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    const auto caught = std::stoull(line.substr(line.find('\t') + 1), nullptr, 16);
    return (caught >> static_cast<unsigned>(signal - 1) & 1U) != 0;
  }
  return false;
}

// Whether it waits in write(2), as /proc/PID/syscall has it: "1 0x1 ...".
bool is_writing(const lab::Process& process) {
  std::ifstream call("/proc/" + std::to_string(process.pid()) + "/syscall");
  long number = -1;
  return call >> number && number == SYS_write;
}

class FullOutput : public Cable {
 protected:
  void SetUp() override {
    Cable::SetUp();
    pipe_.fill();
  }

  lab::Process start_full(std::vector<std::string> arguments, bool also_stderr = false) {
    arguments.insert(arguments.begin(), program());
    const lab::Sink full{.kind = lab::Sink::Kind::kFile,
                         .file = "/proc/self/fd/" + std::to_string(pipe_.to())};
    auto process = lab::Process::spawn({.argv = std::move(arguments),
                                        .where = here_.get(),
                                        .out = full,
                                        .err = also_stderr ? full : lab::Sink{}});
    EXPECT_TRUE(process) << process.error().to_string();
    return std::move(*process);
  }

  static void expect_end(lab::Process& process, int signal) {
    const Instant begin = os::now();
    while (!catches(process, signal) && os::now() - begin < kPatience)
      ASSERT_FALSE(process.wait(10ms)) << process.errors();
    const Instant told = os::now();
    process.kill(signal);
    EXPECT_EQ(finish(process).code, kFailed);
    EXPECT_LT(os::now() - told, kAMoment);
  }

  Pipe pipe_;
};

TEST_F(FullOutput, OfWhateverWritesAtItsEnd) {
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"join", "-i", "eth0", "239.1.2.3"},
          {"join", "-v", "--json", "-i", "eth0", "239.1.2.3"},
          {"send", "-i", "eth0", "239.1.2.3"},
          {"inject", "-i", "eth0", "-t", "v2_query", "-n", "0", "--interval", "1ms"},
          {"lab"}}) {
      const bool also_stderr = signal == SIGINT;
      auto process = start_full(arguments, also_stderr);
      expect_end(process, signal);
      EXPECT_THAT(process.errors(), testing::HasSubstr(also_stderr ? "" : "nobody reads"))
          << arguments.front();
    }
  }
}

TEST_F(FullOutput, OfWatch) {
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{}, {"--json"}, {"-w", "-"}}) {
    std::vector<std::string> arguments{"watch", "-i", "eth0"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    auto process = start_full(arguments);
    // Before that, a capture file has a header to be written.
    if (how.empty() || how[0] != "-w") {
      ASSERT_TRUE(process.wait_for_errors("watching eth0", kPatience)) << process.errors();
    }
    EXPECT_EQ(inject({"-t", "v2_query"}).code, kDone);
    while (!is_writing(process))
      ASSERT_FALSE(process.wait(10ms)) << process.errors();
    expect_end(process, SIGTERM);
  }
}

using ClosedOutput = Cable;

TEST_F(ClosedOutput, IsAFailure) {
  for (const std::string arguments :
       {"join -i eth0 --duration 1ms 239.1.2.3", "join -i eth0 --json --duration 1ms 239.1.2.3",
        "send -i eth0 --count 1 239.1.2.3", "inject -i eth0 -t v2_query", "lab", "lab --json",
        "--help"}) {
    for (const char* const where : {">/dev/full", ">&-"}) {
      auto process = lab::Process::spawn(
          {.argv = {"sh", "-c", program() + " " + arguments + " " + where}, .where = here_.get()});
      ASSERT_TRUE(process) << process.error().to_string();
      const Ran ran = finish(*process);
      EXPECT_EQ(ran.code, kFailed) << arguments;
      EXPECT_THAT(ran.err, testing::ContainsRegex("querent: .*stdout: (No space|Bad file desc)"))
          << arguments;
    }
  }
}

TEST_F(FullOutput, OfALineASecond) {
  auto process = start_full({"send", "-v", "-i", "eth0", "239.1.2.3"}, true);
  while (!is_writing(process))
    ASSERT_FALSE(process.wait(10ms));
  expect_end(process, SIGTERM);
}

}  // namespace
}  // namespace querent::cli::test
