#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "../probe/frame.hpp"
#include "cli/command.hpp"

namespace querent::cli {
namespace {

// A terminal of this test's own.
class Colour : public testing::Test {
 protected:
  void SetUp() override {
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) return;
    terminal_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
  }
  void TearDown() override {
    ::close(terminal_);
    ::close(master_);
  }

  int master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
  int terminal_ = -1;
};

TEST_F(Colour, IsForTerminals) {
  if (terminal_ < 0) GTEST_SKIP() << "no pseudo terminal here";
  const Variable terminal("TERM", "xterm");
  EXPECT_TRUE(has_colour(terminal_));
  const int file = ::open("/dev/null", O_WRONLY);
  EXPECT_FALSE(has_colour(file));
  ::close(file);
}

TEST_F(Colour, IsNotForThoseWhoDoNotWantIt) {
  if (terminal_ < 0) GTEST_SKIP() << "no pseudo terminal here";
  {
    const Variable no_colour("NO_COLOR", "1");
    EXPECT_FALSE(has_colour(terminal_));
  }
  const Variable no_colour("NO_COLOR", "");
  EXPECT_TRUE(has_colour(terminal_)) << "empty is not set";
  const Variable terminal("TERM", "dumb");
  EXPECT_FALSE(has_colour(terminal_));
}

}  // namespace
}  // namespace querent::cli
