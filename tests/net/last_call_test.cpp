#include "os/last_call.hpp"

#include <chrono>
#include <csignal>
#include <poll.h>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "kit/forked.hpp"
#include "kit/pipe.hpp"
#include "os/clock.hpp"

namespace querent::net {
namespace {

using namespace std::chrono_literals;
using querent::test::Ended;
using querent::test::forked;

// Waits for the signal, as a loop does.
void await(const os::LastCall& call) {
  pollfd readable{.fd = call.fd().number(), .events = POLLIN, .revents = 0};
  while (::poll(&readable, 1, -1) != 1) {
  }
}

TEST(LastCall, IsSomethingToRead) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Ended ended = forked([signal] {
      const auto call = os::LastCall::open();
      if (!call) return call.error().to_string();
      ::raise(signal);
      await(*call);
      return std::string();
    });
    EXPECT_TRUE(ended.well()) << ended;
  }
}

TEST(LastCall, EndsWhoIsStuckInAWrite) {
  const Instant begin = os::now();
  const Ended ended = forked([] {
    test::Pipe pipe;
    pipe.fill();
    const auto call = os::LastCall::open();
    if (!call) return call.error().to_string();
    ::raise(SIGTERM);
    await(*call);
    return std::to_string(::write(pipe.to(), "#", 1));
  });
  EXPECT_EQ(ended.code, 1) << ended;
  EXPECT_EQ(ended.said, "");
  EXPECT_LT(os::now() - begin, 10s);
}

TEST(LastCall, ASecondSignalGivesNoMoreTime) {
  const Instant begin = os::now();
  const Ended ended = forked([] {
    const auto call = os::LastCall::open();
    if (!call) return call.error().to_string();
    for (;;)
      ::raise(SIGINT);
  });
  EXPECT_EQ(ended.code, 1) << ended;
  EXPECT_LT(os::now() - begin, 10s);
}

TEST(LastCall, WhoHasWrittenAllTakesTheTimeThatItTakes) {
  const Ended ended = forked([] {
    {
      const auto call = os::LastCall::open();
      if (!call) return call.error().to_string();
      ::raise(SIGTERM);
    }
    return std::to_string(::alarm(0));
  });
  EXPECT_EQ(ended.said, "0") << ended;
}

}  // namespace
}  // namespace querent::net
