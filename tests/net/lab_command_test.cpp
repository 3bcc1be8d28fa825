#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "watch_fixture.hpp"

// `querent lab`, as a process.

namespace querent::cli::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LongLabCommand : public Cable {};

std::size_t times(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++count;
  return count;
}

TEST_F(LongLabCommand, HoldsTheNetworkAndRepeatsNoVerdict) {
  auto process = start(*here_, {"lab", "--expiry", "2s", "--hold"});
  ASSERT_TRUE(process.wait_for_output("The network stays until Ctrl-C", 90s)) << process.output();
  // The stream goes on.
  const auto lines = times(process.output(), " alive ");
  for (int i = 0; i < 100 && times(process.output(), " alive ") < lines + 3; ++i)
    ASSERT_FALSE(process.wait(100ms)) << process.errors();
  EXPECT_GE(times(process.output(), " alive "), lines + 3);
  EXPECT_EQ(times(process.output(), "  ok      "), 4U) << process.output();
  EXPECT_THAT(process.output(), HasSubstr("  querent        nsenter --net=/proc/"));
  process.kill(SIGINT);
  EXPECT_EQ(finish(process).code, kDone);
}

}  // namespace
}  // namespace querent::cli::test
