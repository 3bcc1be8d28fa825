#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../probe/frame.hpp"
#include "cli/command.hpp"

namespace querent::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kTwoInterfaces =
    "[querier]\nquery_interval = \"30s\"\n"
    "[[interface]]\nname = \"eth0\"\n"
    "[[interface]]\nname = \"eth0.20\"\nigmp_version = 3\npassive = true\n";

TEST(CheckCommand, PrintsWhatIsInForce) {
  const TemporaryFile file(kTwoInterfaces);
  const auto outcome = querent({"check", file.path()});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("name = \"eth0\"\nigmp_version = 2\n"),
                                 HasSubstr("name = \"eth0.20\"\nigmp_version = 3\n"),
                                 HasSubstr("query_interval = \"30s\"\n")));
}

TEST(CheckCommand, ReadsWhatItPrinted) {
  const TemporaryFile file(kTwoInterfaces);
  const std::string out = querent({"check", file.path()}).out;
  const TemporaryFile again(out);
  const auto second = querent({"check", again.path()});
  EXPECT_EQ(second.code, kDone) << second.err;
  EXPECT_EQ(second.out.substr(second.out.find('\n')), out.substr(out.find('\n')));
}

TEST(CheckCommand, TakesTheFlagsOfRun) {
  const TemporaryFile file(kTwoInterfaces);
  const auto outcome = querent({"check", "-i", "eth0.20", file.path(), "--robustness", "4"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("passive = true"), HasSubstr("robustness = 4"),
                                 Not(HasSubstr("\"eth0\""))));
  EXPECT_THAT(querent({"check", "-i", "eth9"}).out, HasSubstr("name = \"eth9\""));
}

TEST(CheckCommand, ReadsTheFileOfTheEnvironment) {
  const TemporaryFile file(kTwoInterfaces);
  const Variable config("QUERENT_CONFIG", file.path().c_str());
  EXPECT_THAT(querent({"check"}).out, HasSubstr("eth0.20"));
  const TemporaryFile other("[[interface]]\nname = \"lan0\"\n");
  EXPECT_THAT(querent({"check", other.path()}).out,
              AllOf(HasSubstr("lan0"), Not(HasSubstr("eth0"))));
}

TEST(CheckCommand, NamesEachErrorWithItsLine) {
  const TemporaryFile file(
      "[querier]\nquery_intervall = \"5s\"\njitter = 2\n[[interface]]\nname = \"eth0\"\n"
      "max_response = \"60s\"\n");
  const auto outcome = querent({"check", file.path()});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(file.path() + ":2: query_intervall: no such key"),
                                 HasSubstr(file.path() + ":3: jitter: \"2\" is not a number"),
                                 HasSubstr(file.path() + ":6: max_response: \"60s\" is not below"),
                                 HasSubstr(file.path() + ":6: max_response: \"60s\" is above")));
  EXPECT_THAT(outcome.lines(), SizeIs(4)) << outcome.err;
}

TEST(CheckCommand, TellsOfTheWebServerAndOfNames) {
  const TemporaryFile file(
      "[[interface]]\nname = \"eth0\"\n[web]\nlisten_address = \"127.0.0.1:9224\"\n"
      "[names]\n\"ff02:0::FB\" = \"printers\"\nka9q = [\"wspr-pcm.local\"]\n");
  const auto outcome = querent({"check", file.path()});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("[web]\nlisten_address = \"127.0.0.1:9224\"\n"),
                                 HasSubstr("[names]\n\"ff02::fb\" = \"printers\"\n"),
                                 HasSubstr("\"wspr-pcm.local\",  # 239.107.139.201\n")));
}

TEST(CheckCommand, WarningsLeaveTheResultAlone) {
  const TemporaryFile file("[[interface]]\nname = \"eth0\"\nquery_interval = \"5m\"\n");
  const auto outcome = querent({"check", file.path()});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.err, HasSubstr("querent: warning: " + file.path() + ":3: query_interval"));
  EXPECT_THAT(outcome.out, HasSubstr("query_interval = \"300s\""));
}

}  // namespace
}  // namespace querent::cli
