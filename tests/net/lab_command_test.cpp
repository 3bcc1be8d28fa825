#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "kit/watch_fixture.hpp"

// `querent lab`, as a process.

namespace querent::cli::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LabCommand : public Cable {};
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

TEST_F(LongLabCommand, TheMachineIsPluggedInAndItsUserDecidesWhoAsks) {
  auto lab = start(*here_, {"lab", "--expiry", "2s", "--plug", "lab0"});
  ASSERT_TRUE(lab.wait_for_output("lab0 is 10.9.0.5", 30s)) << lab.errors();
  ASSERT_TRUE(lab.wait_for_output(" DEAD ", 30s)) << lab.output();
  auto querent = start(*here_, {"run", "-i", "lab0", "-q", "500ms", "--web.listen-address", "off"});
  ASSERT_TRUE(lab.wait_for_output("querier: 10.9.0.5", 30s)) << querent.errors();
  const auto lines = times(lab.output(), " alive ");
  for (int i = 0; i < 100 && times(lab.output(), " alive ") < lines + 3; ++i)
    ASSERT_FALSE(lab.wait(100ms)) << lab.errors();
  EXPECT_GE(times(lab.output(), " alive "), lines + 3);
  lab.kill(SIGINT);
  EXPECT_EQ(finish(lab).code, kDone);
  querent.kill(SIGINT);
  EXPECT_EQ(finish(querent).code, kDone);
}

TEST_F(LongLabCommand, IsNotPluggedInWhereTheNameIsTaken) {
  auto lab = start(*here_, {"lab", "--plug", "lo"});
  const auto end = finish(lab);
  EXPECT_EQ(end.code, kFailed);
  EXPECT_THAT(lab.errors(), HasSubstr("File exists"));
}

TEST_F(LabCommand, IsNotPluggedInByAnythingButAName) {
  for (const char* name : {"a-name-that-is-too-long", "a/b", "..", "%d", "auto", "*", "-x"}) {
    auto lab = start(*here_, {"lab", std::string("--plug=") + name});
    EXPECT_EQ(finish(lab).code, kUsage) << name;
    EXPECT_THAT(lab.errors(), HasSubstr("is not the name of a new interface")) << name;
  }
}

}  // namespace
}  // namespace querent::cli::test
