#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../probe/frame.hpp"
#include "app/build_info.hpp"
#include "cli/command.hpp"
#include "config/options.hpp"

namespace querent::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

using Words = std::vector<std::string>;

struct Wrong {
  Words words;
  std::vector<std::string> said;  // a part of each line of stderr
};

std::string joined(const Words& words) {
  std::string all;
  for (const auto& word : words)
    all += " " + word;
  return all;
}

// NOLINTNEXTLINE(readability-function-size): a table.
std::vector<Wrong> wrong_command_lines() {
  return {
      Wrong{{"frobnicate"}, {"\"frobnicate\": no such command; querent --help"}},
      Wrong{{"wach"}, {"\"wach\": no such command; did you mean watch?"}},
      Wrong{{"chek"}, {"\"chek\": no such command; did you mean check?"}},
      Wrong{{"rnu", "-i", "eth0"}, {"did you mean run?"}},
      Wrong{{"eth0"}, {"\"eth0\": no such command"}},
      Wrong{{""}, {R"("": no such command)"}},
      Wrong{{"a\nb\x1b[2J"}, {R"("a\x0ab\x1b[2J": no such command)"}},
      Wrong{{"--query-intervall", "60", "-i", "eth0"},
            {"--query-intervall: no such flag; did you mean --query-interval?"}},
      Wrong{{"--query_interval=60"}, {"--query_interval: no such flag; did you mean --query-"}},
      Wrong{{"-i", "eth0", "--frobnicate"}, {"--frobnicate: no such flag; querent run --help"}},
      Wrong{{"-i", "eth0", "-x"}, {"-x: no such flag"}},
      Wrong{{"-i", "eth0", "--pasive", "--jiter", "0.1"},
            {"--pasive: no such flag; did you mean --passive?",
             "--jiter: no such flag; did you mean --jitter?"}},
      Wrong{{"run", "-i", "eth0", "eth1"}, {"\"eth1\": one word too many"}},
      Wrong{{"run", "check"}, {"\"check\": one word too many"}},
      Wrong{{"-i"}, {"--interface: its value is missing; say --interface IF"}},
      Wrong{{"-i", "eth0", "-q"}, {"--query-interval: its value is missing; say "}},
      Wrong{{"-i", "eth0", "--query-interval="}, {"--query-interval: its value is empty"}},
      Wrong{{"-i", "eth0", "--source", ""}, {"--source: its value is empty; say one"}},
      Wrong{{"send", "-i", "", "239.1.2.3"}, {"--interface: its value is empty; say one"}},
      Wrong{{"send", "-i", "eth0"}, {"GROUP: is missing; querent send --help"}},
      Wrong{{"send", "-i", "eth0", "--interval", "9us", "239.1.2.3"},
            {"\"9us\" is not allowed: it must be from 0.01ms to 1000s"}},
      Wrong{{"inject", "-i", "eth0", "-t", "v2_query", "-n", "1000000000000000000000"},
            {"--count: \"1000000000000000000000\" is not allowed: it must be a whole number"}},
      Wrong{{"-i", "eth0", "--passive=maybe"}, {"--passive: \"maybe\" is not true or false"}},
      Wrong{{"-i", "eth0", "-q", "0"}, {"--query-interval: \"0\" is not a duration from 100ms"}},
      Wrong{{"-i", "eth0", "-q", "-5"}, {"--query-interval: \"-5\" is not a duration"}},
      Wrong{{"-i", "eth0", "-q", "60sec"}, {"--query-interval: \"60sec\" is not a duration"}},
      Wrong{{"-i", "eth0", "-q", "9h"},
            {"--query-interval: \"9h\" is not a duration from 100ms "
             "to 31744s"}},
      Wrong{{"-i", "eth0", "-q=60"}, {"--query-interval: \"=60\" is not a duration"}},
      Wrong{{"-i", "eth0", "-t", "never"}, {"--timeout: \"never\" is not auto, or a duration"}},
      Wrong{{"-i", "eth0", "--igmp-version", "4"}, {"--igmp-version: \"4\" is not 1, 2, 3 or"}},
      Wrong{{"-i", "eth0", "--igmp-version", "off"}, {"--igmp-version: \"off\" leaves nothing"}},
      Wrong{{"-i", "eth0", "--robustness", "8"}, {"--robustness: \"8\" is not a number from 1"}},
      Wrong{{"-i", "eth0", "--jitter", "1"}, {"--jitter: \"1\" is not a number from 0 to 0.9"}},
      Wrong{{"-i", "eth0", "--startup-count", "0"}, {"--startup-count: \"0\" is not a number"}},
      Wrong{{"-i", "eth0", "--max-response", "30s"}, {"--max-response: \"30s\" is above 25.5s"}},
      Wrong{{"-i", "eth0", "--max-response", "20s", "-q", "20s"},
            {"--max-response: \"20s\" is not below the query interval, 20s"}},
      Wrong{{"-i", "eth0", "--last-member-interval", "30s"}, {"--last-member-interval: \"30s\""}},
      Wrong{{"-i", "eth0", "--source", "224.0.0.1"}, {"--source: \"224.0.0.1\" is not auto"}},
      Wrong{{"-i", "eth0", "--source", "fe80::1"}, {"--source: \"fe80::1\" is not auto"}},
      Wrong{{"-i", "eth0", "--max-groups", "64k"}, {"--max-groups: \"64k\" is not a number"}},
      Wrong{{"-i", "eth0", "--log.level", "loud"}, {"--log.level: \"loud\" is not trace, debug"}},
      Wrong{{"-i", "eth0", "--log.format", "xml"}, {"--log.format: \"xml\" is not text or json"}},
      Wrong{{"-i", "eth0", "--user-name", "a b"}, {"--user-name: \"a b\" is not the name of a"}},
      Wrong{{"-i", "eth0", "--mld-version", "3"}, {"--mld-version: \"3\" is not 1, 2 or off"}},
      Wrong{{"-i", "eth 0"}, {"--interface: \"eth 0\" is not the name of an interface"}},
      Wrong{{"-i", "eth0,eth1"}, {"--interface: \"eth0,eth1\" is not the name of an interface"}},
      Wrong{{"-i", "a-name-that-is-too-long"}, {"--interface: \"a-name-that-is-too-long\" is"}},
      Wrong{{"-i", "eth0", "-i", "eth0"}, {"--interface: \"eth0\" is named more than once"}},
      Wrong{{"-c", "/nonexistent/q.toml"},
            {"--config: \"/nonexistent/q.toml\" cannot be read: No such file or directory"}},
      Wrong{{"check", "/nonexistent/q.toml"},
            {"/nonexistent/q.toml: cannot be read: No such file or directory"}},
      Wrong{{"check", "/"}, {"/: cannot be read: Is a directory"}},
      Wrong{{"check", "/dev/zero"}, {"/dev/zero: cannot be read: it is larger than 1 MiB"}},
      Wrong{{"check", "/dev/null"}, {"interface: none is named; say -i eth0"}},
      Wrong{{"check", ""}, {"FILE: its value is empty; say one"}},
      Wrong{{"check", "a.toml", "-c", "b.toml"},
            {R"(check: "a.toml" and --config "b.toml": only one can be checked)"}},
      Wrong{{"check", "a", "b"}, {"\"b\": one word too many; querent check --help"}},
      Wrong{{"-i", "eth0", "-q", "5x", "--robustness", "9", "--jitter", "2"},
            {"--query-interval: \"5x\"", "--robustness: \"9\"", "--jitter: \"2\""}}};
}

TEST(CommandLine, AWrongOneIsToldInOneLineForEachCulprit) {
  for (const Wrong& wrong : wrong_command_lines()) {
    const auto outcome = querent(wrong.words);
    EXPECT_EQ(outcome.code, kUsage) << joined(wrong.words);
    EXPECT_THAT(outcome.out, IsEmpty()) << joined(wrong.words);
    const auto lines = outcome.lines();
    ASSERT_THAT(lines, SizeIs(wrong.said.size())) << outcome.err;
    for (std::size_t i = 0; i < lines.size(); ++i)
      EXPECT_THAT(lines[i], AllOf(StartsWith("querent: "), HasSubstr(wrong.said[i])));
  }
}

TEST(CommandLine, WithoutAWordIsHelpAndWrong) {
  const auto outcome = querent({});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("Usage: querent [run] -i IF..."));
}

TEST(CommandLine, FlagsWithoutACommandAreRun) {
  // As an older querier was called.
  const auto outcome = querent({"-i", "eth0", "-q", "60", "-t", "255", "-v"});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("level = \"debug\""), HasSubstr("name = \"eth0\""),
                    HasSubstr("query_interval = \"60s\""), HasSubstr("timeout = \"255s\"")));
  EXPECT_EQ(querent({"run", "-i", "eth0", "-q", "60", "-t", "255", "-v"}).out, outcome.out);
}

TEST(CommandLine, AFlagIsSpelledInManyWays) {
  const std::string out = querent({"-i", "eth0", "-q", "30s"}).out;
  EXPECT_THAT(out, HasSubstr("query_interval = \"30s\""));
  EXPECT_EQ(querent({"--interface", "eth0", "--query-interval", "30s"}).out, out);
  EXPECT_EQ(querent({"--interface=eth0", "--query-interval=30s"}).out, out);
  EXPECT_EQ(querent({"-ieth0", "-q30"}).out, out);
  EXPECT_EQ(querent({"-q", "10s", "-i", "eth0", "-q", "30s"}).out, out) << "the last one counts";
}

TEST(CommandLine, InterfacesAreRepeated) {
  const auto outcome = querent({"-i", "eth0", "-i", "eth[12]", "--interface=auto"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("name = \"eth0\""), HasSubstr("name = \"eth[12]\""),
                                 HasSubstr("name = \"auto\"")));
  // A pattern in brackets is not a list.
  EXPECT_THAT(querent({"-i", "[ae]"}).out, HasSubstr("name = \"[ae]\""));
}

TEST(CommandLine, AnExplicitLevelIsStrongerThanVerbose) {
  EXPECT_THAT(querent({"-i", "a", "-v"}).out, HasSubstr("level = \"debug\""));
  EXPECT_THAT(querent({"-i", "a", "-vv"}).out, HasSubstr("level = \"debug\""));
  EXPECT_THAT(querent({"-i", "a", "--log.level", "trace", "-v"}).out,
              HasSubstr("level = \"trace\""));
}

TEST(CommandLine, ASwitchCanBeTurnedOff) {
  const Variable passive("QUERENT_PASSIVE", "true");
  EXPECT_THAT(querent({"-i", "a"}).out, HasSubstr("passive = true"));
  EXPECT_THAT(querent({"-i", "a", "--passive=false"}).out, HasSubstr("passive = false"));
  EXPECT_THAT(querent({"-i", "a", "--passive=0", "--passive"}).out, HasSubstr("passive = true"));
}

TEST(CommandLine, TheEnvironmentIsRead) {
  const Variable interface("QUERENT_INTERFACE", "eth3,eth4");
  const Variable interval("QUERENT_QUERY_INTERVAL", "20s");
  const auto outcome = querent({"run", "--robustness", "3"});
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("name = \"eth3\""), HasSubstr("name = \"eth4\""),
                    HasSubstr("query_interval = \"20s\""), HasSubstr("robustness = 3")));
  const Variable wrong("QUERENT_TIMEOUT", "soon");
  EXPECT_THAT(querent({"run"}).err, HasSubstr("querent: QUERENT_TIMEOUT: \"soon\" is not auto"));
}

TEST(CommandLine, WarningsAreOneLineEach) {
  const auto outcome = querent({"-i", "eth0", "-q", "300s"});
  EXPECT_EQ(outcome.code, kDone);
  ASSERT_THAT(outcome.lines(), SizeIs(1));
  EXPECT_THAT(outcome.err, StartsWith("querent: warning: --query-interval: \"300s\" is more than"));
}

TEST(CommandLine, HelpListsEachOption) {
  for (const Words& words :
       {Words{"--help"}, Words{"-h"}, Words{"run", "--help"}, Words{"check", "-h"},
        Words{"-i", "eth0", "--bogus", "--help"}, Words{"-vh"}}) {
    const auto outcome = querent(words);
    EXPECT_EQ(outcome.code, kDone);
    EXPECT_THAT(outcome.err, IsEmpty());
    for (const config::Option& option : config::options()) {
      EXPECT_THAT(outcome.out, HasSubstr(std::string(option.flag))) << joined(words);
      if (option.letter != 0) {
        EXPECT_THAT(outcome.out, HasSubstr(std::string("-") + option.letter + ", "));
      }
      EXPECT_THAT(outcome.out, HasSubstr(std::string(option.variable)));
    }
    for (const auto& line : Outcome{.err = outcome.out}.lines())
      EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(CommandLine, HelpOfACommandHasExamples) {
  EXPECT_THAT(querent({"check", "--help"}).out,
              AllOf(HasSubstr("Usage: querent check [OPTION...] [FILE]"), HasSubstr("Examples:"),
                    HasSubstr("querent check /etc/querent/querent.toml")));
  EXPECT_THAT(querent({"--help"}).out, AllOf(HasSubstr("Commands:"), HasSubstr("\n  check ")));
}

TEST(CommandLine, HelpSaysWhatIsADuration) {
  EXPECT_THAT(querent({"lab", "--help"}).out, HasSubstr("--expiry D "));
}

TEST(CommandLine, HelpAfterTwoDashesIsAWord) {
  EXPECT_EQ(querent({"run", "-i", "eth0", "--", "--help"}).code, kUsage);
}

TEST(CommandLine, VersionSaysWhatThisIs) {
  const auto outcome = querent({"--version"});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.out, StartsWith("querent " + std::string(app::version()) + " (commit "));
  for (const char* const library : {"CLI11 2", "fmt 9", "libcap 2", "libmnl 1", "libpcap 1",
                                    "libseccomp 2", "nlohmann/json 3", "spdlog 1", "toml++ 3"}) {
    EXPECT_THAT(outcome.out, HasSubstr(library));
  }
  EXPECT_THAT(outcome.out, HasSubstr("compiler: "));
  EXPECT_EQ(querent({"check", "--version"}).out, outcome.out);
}

TEST(CommandLine, WhatIsNoTerminalHasNoColour) {
  EXPECT_THAT(querent({"--help"}).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(querent({"wach"}).err, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace querent::cli
