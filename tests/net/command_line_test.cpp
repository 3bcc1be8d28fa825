#include <csignal>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/scratch.hpp"
#include "lab/file.hpp"

// The program as it is called, and what it answers.

namespace querent::test {

namespace {

using lab::Lan;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr int kDone = 0;
constexpr int kUsage = 2;
constexpr int kPermission = 3;

Ran querent(const lab::Namespace& where, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program());
  return run(where, arguments);
}

TEST(CommandLine, ItsPredecessorsMeansWhatItMeantThere) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  auto process = start(lan.host(1), {program(), "-i", "eth0", "-q", "60", "-t", "255", "-v"});
  EXPECT_TRUE(process.wait_for_errors("querier as 10.9.0.1, asks every 1m (v2)", kPatience))
      << process.errors();
  EXPECT_TRUE(process.wait_for_errors("general query sent (v2)", kPatience)) << process.errors();
  const auto query = ear.await(general_query_from(Lan::address_of(1)), kPatience);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->general_query()->version, Version::k2);
  EXPECT_EQ(query->general_query()->max_response, 10s);
  process.kill(SIGTERM);
  const auto ran = finish(process);
  EXPECT_EQ(ran.code, kDone);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr(" queries sent, 0 elections won"));
}

// The usual soft limit would be used up by some hundred interfaces.
TEST(CommandLine, ManyInterfacesNeedManyDescriptors) {
  auto lan = make_lan({.hosts = {1}});
  auto process =
      start(lan.host(1),
            {"sh", "-c", "ulimit -Sn 64; ulimit -Hn 4096; exec " + program() + " run -i eth0"});
  ASSERT_TRUE(process.wait_for_errors("querier as 10.9.0.1", kPatience)) << process.errors();
  const auto limits = lab::read_file("/proc/" + std::to_string(process.pid()) + "/limits");
  ASSERT_TRUE(good(limits));
  EXPECT_THAT(*limits, testing::ContainsRegex("Max open files +4096 +4096"));
}

TEST(CommandLine, AUserThatThereIsNotIsToldBeforeAnythingIsOpened) {
  auto lan = make_lan({.hosts = {1}});
  const auto ran = querent(lan.host(1), {"run", "-i", "eth0", "--user-name", "no-such-user"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_THAT(ran.err, HasSubstr("user: \"no-such-user\" is not a user of this machine"));
}

TEST(CommandLine, AUserThatCannotBecomeAnotherIsToldWhatIsMissing) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  auto lan = make_lan({.hosts = {1}});
  const auto ran = run(lan.host(1), {"setpriv", "--bounding-set=-setuid,-setgid", program(), "run",
                                     "-i", "eth0", "--user-name", "daemon"});
  EXPECT_EQ(ran.code, kPermission);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("become the user daemon"), HasSubstr("CAP_SETUID"),
                             testing::Not(HasSubstr("CAP_NET_RAW"))));
}

class MissingPermission : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(MissingPermission, IsNamedWithAWayToGrantIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  auto lan = make_lan({.hosts = {1}});
  auto argv = GetParam();
  const char* way =
      argv.back() == "--no-new-privs" ? "with no-new-privileges" : "setcap cap_net_raw+p";
  argv.insert(argv.end(), {program(), "run", "-i", "eth0"});
  const auto ran = run(lan.host(1), argv);
  EXPECT_EQ(ran.code, kPermission);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, AllOf(StartsWith("querent: "), HasSubstr("CAP_NET_RAW is missing"),
                             HasSubstr(way), HasSubstr("--cap-add NET_RAW")));
}

INSTANTIATE_TEST_SUITE_P(
    Ways, MissingPermission,
    testing::Values(
        std::vector<std::string>{"setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"},
        std::vector<std::string>{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"},
        std::vector<std::string>{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                 "--no-new-privs"}));

TEST(CommandLine, HelpAndVersionAreResults) {
  auto lan = make_lan({.hosts = {1}});
  const auto version = querent(lan.host(1), {"--version"});
  EXPECT_EQ(version.code, kDone);
  EXPECT_THAT(version.out, StartsWith("querent "));
  EXPECT_THAT(version.err, IsEmpty());
  for (const auto& arguments :
       {std::vector<std::string>{"--help"}, {"-h"}, {"run", "--help"}, {"watch", "--help"}}) {
    const auto help = querent(lan.host(1), arguments);
    EXPECT_EQ(help.code, kDone);
    EXPECT_THAT(help.out, HasSubstr("Usage: querent"));
    EXPECT_THAT(help.err, IsEmpty());
  }
}

TEST(CommandLine, WhatIsWrongIsSaidOnStderr) {
  auto lan = make_lan({.hosts = {1}});
  for (const auto& arguments : {std::vector<std::string>{},
                                {"run"},
                                {"--no-such-flag"},
                                {"no-such-command"},
                                {"run", "-i", "eth0", "-q", "never"},
                                {"run", "-i", "eth0", "--robustness", "0"},
                                {"run", "-c", "/no/such/file.toml"}}) {
    const auto ran = querent(lan.host(1), arguments);
    EXPECT_EQ(ran.code, kUsage) << testing::PrintToString(arguments) << ran.err;
    EXPECT_THAT(ran.err + ran.out, HasSubstr("querent"));
    EXPECT_FALSE(ran.err.empty() && !arguments.empty()) << testing::PrintToString(arguments);
  }
}

}  // namespace

}  // namespace querent::test
