#include "os/poller.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "os/clock.hpp"

namespace querent::net {
namespace {

os::Fd event(unsigned value) {
  return os::Fd{eventfd(value, EFD_NONBLOCK | EFD_CLOEXEC)};
}

void drain(const os::Fd& fd) {
  std::uint64_t value = 0;
  EXPECT_EQ(::read(fd.number(), &value, sizeof value), static_cast<ssize_t>(sizeof value));
}

const os::Poller::Handler kNothing = [] {};

TEST(PollerTest, CallsWhoIsReadyAndNobodyElse) {
  auto poller = os::Poller::open().value();
  const os::Fd ready = event(1);
  const os::Fd silent = event(0);
  int calls = 0;
  ASSERT_TRUE(poller.watch(ready, [&] { ++calls; }));
  ASSERT_TRUE(poller.watch(silent, [] { ADD_FAILURE() << "was not ready"; }));
  ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(calls, 1);
}

TEST(PollerTest, CallsAgainWhileSomethingIsUnread) {
  auto poller = os::Poller::open().value();
  const os::Fd ready = event(1);
  int calls = 0;
  ASSERT_TRUE(poller.watch(ready, [&] { ++calls; }));
  ASSERT_TRUE(poller.wait(kNothing));
  ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(calls, 2);
}

TEST(PollerTest, EachHandlerHasItsBefore) {
  auto poller = os::Poller::open().value();
  const os::Fd one = event(1);
  const os::Fd two = event(1);
  std::vector<char> order;
  ASSERT_TRUE(poller.watch(one, [&] { order.push_back('h'); }));
  ASSERT_TRUE(poller.watch(two, [&] { order.push_back('h'); }));
  ASSERT_TRUE(poller.wait([&] { order.push_back('b'); }));
  EXPECT_EQ(order, (std::vector<char>{'b', 'h', 'b', 'h'}));
}

TEST(PollerTest, AForgottenOneIsNotCalledEvenIfItWasReady) {
  auto poller = os::Poller::open().value();
  const os::Fd one = event(1);
  const os::Fd two = event(1);
  std::vector<os::Poller::Watch> watches;
  int calls = 0;
  const auto forget_all = [&] {
    ++calls;
    for (const auto watch : watches)
      poller.forget(watch);
  };
  watches.push_back(poller.watch(one, forget_all).value());
  watches.push_back(poller.watch(two, forget_all).value());
  int befores = 0;
  ASSERT_TRUE(poller.wait([&] { ++befores; }));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(befores, 1);
}

TEST(PollerTest, AHandlerMayReplaceItselfAndItsDescriptor) {
  auto poller = os::Poller::open().value();
  os::Fd fd = event(1);
  os::Poller::Watch watch = 0;
  int old_calls = 0;
  int new_calls = 0;
  watch = poller
              .watch(fd,
                     [&, kept = std::vector<int>(100, 7)] {
                       ++old_calls;
                       poller.forget(watch);
                       fd = event(1);  // of the same number, perhaps
                       const auto again = poller.watch(fd, [&] { ++new_calls; });
                       ASSERT_TRUE(again);
                       EXPECT_NE(*again, watch);
                       EXPECT_EQ(kept[99], 7);  // what it captured is still there
                     })
              .value();
  EXPECT_NE(watch, 0U);
  ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(old_calls, 1);
  EXPECT_EQ(new_calls, 0);
  ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(old_calls, 1);
  EXPECT_EQ(new_calls, 1);
}

TEST(PollerTest, ForgettingTwiceOrNobodyIsNothing) {
  auto poller = os::Poller::open().value();
  const os::Fd one = event(1);
  const auto first = poller.watch(one, kNothing).value();
  poller.forget(first);
  int calls = 0;
  ASSERT_TRUE(poller.watch(one, [&] { ++calls; }));
  poller.forget(first);
  poller.forget(0);
  ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(calls, 1);
}

TEST(PollerTest, ManyDescriptorsAreAllServed) {
  constexpr std::size_t kMany = 200;
  auto poller = os::Poller::open().value();
  std::vector<os::Fd> fds;
  std::vector<int> calls(kMany, 0);
  for (std::size_t i = 0; i < kMany; ++i) {
    fds.push_back(event(1));
    ASSERT_TRUE(poller.watch(fds.back(), [&, i] {
      drain(fds[i]);
      ++calls[i];
    }));
  }
  for (int turn = 0; turn < 4; ++turn)
    ASSERT_TRUE(poller.wait(kNothing));
  EXPECT_EQ(calls, std::vector<int>(kMany, 1));
}

TEST(PollerTest, RefusalsAreValues) {
  auto poller = os::Poller::open().value();
  const os::Fd fd = event(0);
  ASSERT_TRUE(poller.watch(fd, kNothing));
  EXPECT_EQ(poller.watch(fd, kNothing).error().number, EEXIST);
  EXPECT_EQ(poller.watch(os::Fd{}, kNothing).error().number, EBADF);
  os::Poller moved = std::move(poller);
  EXPECT_FALSE(poller.wait(kNothing));  // NOLINT(bugprone-use-after-move): is tested
}

TEST(PollerTest, ASignalEndsTheWaitWithoutACall) {
  struct sigaction ignore {};
  ignore.sa_handler = [](int) {};
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGALRM, &ignore, &before), 0);
  // Again and again, in case that the first one comes before the wait.
  const itimerval often{{0, 20000}, {0, 20000}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &often, nullptr), 0);
  auto poller = os::Poller::open().value();
  const os::Fd fd = event(0);
  ASSERT_TRUE(poller.watch(fd, [] { ADD_FAILURE() << "was not ready"; }));
  EXPECT_TRUE(poller.wait([] { ADD_FAILURE() << "nobody was ready"; }));
  const itimerval never{};
  ASSERT_EQ(setitimer(ITIMER_REAL, &never, nullptr), 0);
  ASSERT_EQ(sigaction(SIGALRM, &before, nullptr), 0);
}

}  // namespace
}  // namespace querent::net
