#include "cli/appliance_flags.hpp"

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../probe/frame.hpp"

namespace querent::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DefaultUrl, IsWhereItListens) {
  for (const auto& [listen, url] : std::vector<std::pair<std::string, std::string>>{
           {"", "http://127.0.0.1:9224"},
           {":9224", "http://127.0.0.1:9224"},
           {" :80 , 192.0.2.1:81", "http://127.0.0.1:80"},
           {"0.0.0.0:81", "http://127.0.0.1:81"},
           {"192.0.2.1:65535", "http://192.0.2.1:65535"},
           {"[::]:81", "http://[::1]:81"},
           {"[::1]:81,:80", "http://[::1]:81"},
           {"[2001:db8::1]:9224", "http://[2001:db8::1]:9224"},
       }) {
    const auto found = default_url(listen);
    ASSERT_TRUE(found) << listen << ": " << found.error();
    EXPECT_EQ(*found, url) << listen;
  }
}

TEST(DefaultUrl, MayBeNone) {
  EXPECT_THAT(default_url("off").error(), HasSubstr("HTTP is off"));
  for (const char* const wrong : {"9224", ":0", ":65536", ":x", "host:80", "::1:80", "on", ":"})
    EXPECT_FALSE(default_url(wrong)) << wrong;
}

struct Wrong {
  std::string flags;
  std::string said;
};

// None of these asks anybody.
TEST(ApplianceFlags, SayWhatIsWrong) {
  for (const char* const command : {"status", "groups", "events", "health"}) {
    for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"--url", "https://router"}, "--url: \"https://router\": https is not spoken here"},
             {{"--url", "router"}, "--url: \"router\": it must be http://HOST[:PORT][/PREFIX]"},
             {{"--url", "http://x", "--user", "admin"}, "--user: it must be NAME:PASSWORD"},
             {{"--url", "http://x", "--user", ":x"}, "--user: it must be NAME:PASSWORD"},
             {{"--url", "http://x", "--user", "a:b\r\nc"}, "--user: it must be NAME:PASSWORD"},
             {{"--urk", "x"}, "--urk: no such flag; did you mean --url?"}}) {
      std::vector<std::string> all{command};
      all.insert(all.end(), words.begin(), words.end());
      const auto outcome = querent(all);
      EXPECT_EQ(outcome.code, kUsage) << command << ' ' << words[1];
      EXPECT_THAT(outcome.err, HasSubstr(said)) << command;
      EXPECT_EQ(outcome.lines().size(), 1U) << outcome.err;
    }
  }
}

TEST(ApplianceFlags, VariablesAreNamed) {
  {
    const Variable url("QUERENT_URL", "gopher://x");
    EXPECT_THAT(querent({"health"}).err,
                HasSubstr("querent: QUERENT_URL: \"gopher://x\": it must"));
  }
  {
    const Variable listen("QUERENT_WEB_LISTEN_ADDRESS", "off");
    const auto outcome = querent({"status"});
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_THAT(outcome.err, HasSubstr("web.listen_address: \"off\": HTTP is off"));
    EXPECT_EQ(querent({"health"}).code, kFailed);
  }
  const Variable user("QUERENT_USER", "secretly");
  const auto outcome = querent({"groups", "--url", "http://x"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_EQ(querent({"health", "--url", "http://x"}).code, kFailed);
  EXPECT_EQ(querent({"health", "--url", "x"}).code, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("QUERENT_USER: it must be NAME:PASSWORD"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("secretly")));
}

TEST(ApplianceFlags, TheConfigurationOfRunSaysWhereToAsk) {
  const std::string file = testing::TempDir() + "querent-appliance-flags.toml";
  const Variable config("QUERENT_CONFIG", file.c_str());
  const auto says = [&file](const char* listen) {
    std::ofstream(file) << "[[interface]]\nname = \"eth0\"\n[web]\nlisten_address = " << listen;
    return querent({"health"}).err;
  };
  EXPECT_THAT(says("\"off\""), HasSubstr("web.listen_address: \"off\": HTTP is off"));
  // Port 1 of loopback: nobody answers there.
  EXPECT_THAT(says("[\"127.0.0.1:1\", \":9224\"]"), HasSubstr("http://127.0.0.1:1"));
  std::remove(file.c_str());
}

TEST(ApplianceCommands, AreInTheHelpInTheirOrder) {
  const auto help = querent({"--help"}).out;
  std::size_t at = 0;
  for (const char* const name : {"run", "lab", "check", "status", "groups", "events", "health",
                                 "watch", "send", "join", "inject"}) {
    const auto found = help.find(std::string("\n  ") + name + " ", at);
    ASSERT_NE(found, std::string::npos) << name;
    at = found;
  }
  for (const char* const command : {"status", "groups", "events", "health"}) {
    const auto one = querent({command, "--help"});
    EXPECT_EQ(one.code, kDone);
    EXPECT_THAT(one.out, testing::AllOf(HasSubstr("--url URL"), HasSubstr("QUERENT_URL"),
                                        HasSubstr("--user NAME:PASSWORD"), HasSubstr("Examples:"),
                                        HasSubstr("http://127.0.0.1:9224")));
    for (const auto& line : Outcome{.err = one.out}.lines())
      EXPECT_LE(line.size(), 100U) << line;
  }
  EXPECT_EQ(querent({"events", "-n", "1001"}).code, kUsage);
  EXPECT_EQ(querent({"events", "-n", "-1"}).code, kUsage);
  EXPECT_EQ(querent({"status", "--json", "--watch"}).code, kUsage);
  EXPECT_EQ(querent({"groups", "--json", "--watch"}).code, kUsage);
  EXPECT_EQ(querent({"health", "eth0"}).code, kUsage);
}

}  // namespace
}  // namespace querent::cli
