#include "lab/process.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace querent::lab {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 20s;

Process start(const Invocation& command) {
  auto started = Process::spawn(command);
  EXPECT_TRUE(started) << started.error().to_string();
  return std::move(started.value());
}

Process shell(const std::string& script) {
  return start({.argv = {"sh", "-c", script}});
}

TEST(Process, EndsWithACodeAndWhatItSaid) {
  Process process = shell("echo one; echo two >&2; exit 3");
  const auto exit = process.wait(kLong);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->code, 3);
  EXPECT_EQ(exit->signal, 0);
  EXPECT_EQ(process.output(), "one\n");
  EXPECT_EQ(process.errors(), "two\n");
}

TEST(Process, EndsByASignal) {
  Process process = shell("echo up; exec sleep 600");
  ASSERT_TRUE(process.wait_for_output("up", kLong));
  EXPECT_FALSE(process.wait(0s)) << "still running";
  process.kill(SIGTERM);
  const auto exit = process.wait(kLong);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->signal, SIGTERM);
}

TEST(Process, SaysWhyItCannotStart) {
  const auto missing = Process::spawn({.argv = {"no-such-program"}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(),
            "cannot start no-such-program: No such file or directory (ENOENT)");
  EXPECT_FALSE(Process::spawn({}));
  EXPECT_FALSE(Process::spawn({.argv = {"true"}, .out = {Sink::Kind::kFile, "/no/such/file"}}));
}

TEST(Process, WaitsForTextOnlyWhileItMayCome) {
  Process process = shell("echo one; sleep 0.1; echo two >&2; exec sleep 600");
  EXPECT_TRUE(process.wait_for_errors("two", kLong));
  EXPECT_EQ(process.output(), "one\n");
  EXPECT_FALSE(process.wait_for_output("three", 10ms));
  Process over = shell("exit 0");
  EXPECT_FALSE(over.wait_for_output("anything", 600s)) << "or this test runs into its limit";
}

TEST(Process, WritesMoreThanAPipeHolds) {
  Process process = shell("head -c 3000000 /dev/zero | tr '\\0' x");
  ASSERT_TRUE(process.wait(kLong));
  EXPECT_EQ(process.output().size(), 3'000'000U);
}

TEST(Process, WritesToAFile) {
  const std::string path = testing::TempDir() + "process_test." + std::to_string(getpid());
  Process process = start({.argv = {"sh", "-c", "echo $WHAT"},
                           .environment = {"WHAT=this"},
                           .out = {Sink::Kind::kFile, path}});
  ASSERT_TRUE(process.wait(kLong));
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "this\n");
  unlink(path.c_str());
}

TEST(Process, OurEnvironmentIsOverruledNotReplaced) {
  Process process =
      start({.argv = {"sh", "-c", "echo $HOME; command -v sh"}, .environment = {"HOME=/x"}});
  ASSERT_TRUE(process.wait(kLong));
  EXPECT_EQ(process.output().substr(0, 3), "/x\n");
  EXPECT_GT(process.output().size(), 4U);
}

TEST(Process, RunsInANamespace) {
  const auto space = Namespace::create();
  ASSERT_TRUE(space) << space.error().to_string();
  Process inside = start({.argv = {"cat", "/proc/self/net/dev"}, .where = &*space});
  ASSERT_TRUE(inside.wait(kLong));
  EXPECT_NE(inside.output().find("lo:"), std::string::npos);
  Process link =
      start({.argv = {"readlink", "/proc/self/ns/net", space->path()}, .where = &*space});
  ASSERT_TRUE(link.wait(kLong));
  const std::string& said = link.output();
  EXPECT_EQ(said.substr(0, said.size() / 2), said.substr(said.size() / 2));
}

TEST(Process, IsKilledWithItsObject) {
  pid_t pid = 0;
  {
    Process process = shell("trap '' TERM INT HUP; echo up; while :; do sleep 1; done");
    ASSERT_TRUE(process.wait_for_output("up", kLong));
    Process moved = std::move(process);
    pid = moved.pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(Process, HasWhatSignalsItNeeds) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
  Process process = shell("echo up; exec sleep 600");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(process.wait_for_output("up", kLong));
  process.kill(SIGTERM);
  ASSERT_TRUE(process.wait(kLong));
}

TEST(Process, TellsWhatItCosts) {
  Process process =
      shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo up; kill -STOP $$");
  ASSERT_TRUE(process.wait_for_output("up", kLong));
  const auto usage = process.usage();
  ASSERT_TRUE(usage) << usage.error().to_string();
  EXPECT_GT(usage->cpu, 1ms);
  EXPECT_GT(usage->resident, 100'000U);
  EXPECT_GE(usage->descriptors, 3U);
  process.kill(SIGKILL);
  const auto exit = process.wait(kLong);
  ASSERT_TRUE(exit);
  EXPECT_GT(exit->cpu, 1ms);
  EXPECT_FALSE(process.usage()) << "of one that has ended";
}

}  // namespace
}  // namespace querent::lab
