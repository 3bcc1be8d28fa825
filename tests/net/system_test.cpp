#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

#include "os/fd.hpp"
#include "os/signals.hpp"
#include "os/sys_error.hpp"

namespace querent::net {
namespace {

bool is_open(int number) {
  return fcntl(number, F_GETFD) != -1;
}

os::Fd any() {
  return os::Fd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
}

TEST(FdTest, ClosesWhatItOwns) {
  int number = -1;
  {
    const os::Fd fd = any();
    number = fd.number();
    EXPECT_TRUE(fd);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(FdTest, IsEmptyAfterAMove) {
  os::Fd from = any();
  const int number = from.number();
  os::Fd to = std::move(from);
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): is tested
  EXPECT_EQ(to.number(), number);
}

TEST(FdTest, AssigningClosesWhatWasOwnedBefore) {
  os::Fd from = any();
  os::Fd to = any();
  const int moved = from.number();
  const int replaced = to.number();
  to = std::move(from);
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): is tested
  EXPECT_EQ(to.number(), moved);
  EXPECT_TRUE(is_open(moved));
  EXPECT_FALSE(is_open(replaced));
  os::Fd& same = to;
  to = std::move(same);
  EXPECT_EQ(to.number(), moved);
  EXPECT_TRUE(is_open(moved));
}

TEST(SysErrorTest, SaysWhatAndWhy) {
  errno = EPERM;
  const os::SysResult<int> result = os::sys_failure("open a packet socket");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().number, EPERM);
  EXPECT_EQ(result.error().to_string(),
            "cannot open a packet socket: Operation not permitted (EPERM)");
  const os::SysResult<int> other = os::sys_failure("send", ENOBUFS);
  EXPECT_EQ(other.error().to_string(), "cannot send: No buffer space available (ENOBUFS)");
}

TEST(SysErrorTest, ANumberWithoutANameIsSaidAsANumber) {
  EXPECT_EQ(os::errno_name(EAGAIN), "EAGAIN");
  EXPECT_EQ(os::errno_name(4711), "errno 4711");
  EXPECT_EQ(os::errno_name(-1), "errno -1");
  EXPECT_EQ(os::errno_name(0), "errno 0");
  EXPECT_EQ((os::SysError{"send", 4711}).to_string(), "cannot send: errno 4711");
}

class SignalsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &before_), 0); }
  void TearDown() override { ASSERT_EQ(pthread_sigmask(SIG_SETMASK, &before_, nullptr), 0); }

  sigset_t before_{};
};

TEST_F(SignalsTest, AreReadOneByOneInsteadOfBeingHandled) {
  os::Signals signals = os::Signals::open({SIGUSR1, SIGTERM}).value();
  EXPECT_EQ(signals.take(), std::nullopt);
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
  const std::array taken{signals.take(), signals.take()};
  EXPECT_EQ(taken, (std::array<std::optional<int>, 2>{SIGUSR1, SIGTERM}));
  EXPECT_EQ(signals.take(), std::nullopt);
}

TEST_F(SignalsTest, OthersStayAsTheyWere) {
  const auto signals = os::Signals::open({SIGUSR1});
  ASSERT_TRUE(signals);
  sigset_t blocked{};
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &blocked), 0);
  EXPECT_EQ(sigismember(&blocked, SIGUSR1), 1);
  EXPECT_EQ(sigismember(&blocked, SIGUSR2), 0);
}

TEST_F(SignalsTest, ANumberThatIsNoSignalIsRefusedAndNothingIsBlocked) {
  EXPECT_EQ(os::Signals::open({SIGUSR1, 4711}).error().to_string(),
            "cannot block signal 4711: Invalid argument (EINVAL)");
  sigset_t blocked{};
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &blocked), 0);
  EXPECT_EQ(sigismember(&blocked, SIGUSR1), 0);
}

}  // namespace
}  // namespace querent::net
