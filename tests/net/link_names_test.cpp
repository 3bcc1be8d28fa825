#include <fmt/core.h>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/link_kit.hpp"
#include "kit/temporary_directory.hpp"
#include "os/clock.hpp"

// Which interfaces querent takes, and when: names, patterns, auto, a reload.

namespace querent::test {

namespace {

using testing::HasSubstr;

const Address kFirst = Address::v4(10, 9, 0, 1);
const Address kSecond = Address::v4(10, 8, 0, 9);

class LinkNames : public testing::Test {
 protected:
  // A second cable of host 1, to host 3.
  void add_cable(const std::string& name) {
    good(links().add_veth({.name = name}, {.name = name}, lan_.host(3).fd()));
    good(lan_.host(3).links().set_up(name));
    good(links().add_address(name, kSecond, 24));
    good(links().set_up(name));
  }
  lab::Links& links() { return lan_.host(1).links(); }
  lab::Process start_with(const std::vector<std::string>& arguments) {
    return start_slowly(lan_.host(1), arguments);
  }

  lab::Lan lan_ = make_lan({.hosts = {3}});
  QueryListener ear_{lan_.host(2)};
};

TEST_F(LinkNames, MissingAtStartAndThenThere) {
  auto querent = start_with({"-i", "lan0"});
  ASSERT_TRUE(querent.wait_for_errors("lan0: missing; waits for it", kPatience));
  const auto since = os::now();
  good(links().rename("eth0", "lan0"));
  expect_fresh_start(ear_, kFirst, 0, since);
  EXPECT_EQ(count(stop(querent), "querier as"), 1U);
}

TEST_F(LinkNames, QuotesThatAShellDidNotTakeAwayAreTold) {
  auto querent = start_with({"-i", "\"eth0\""});
  EXPECT_TRUE(querent.wait_for_errors("the quotes are taken for a part of its name", kPatience));
  stop(querent);
}

TEST_F(LinkNames, TwoNamesAtOnceAndNeitherHearsTheOther) {
  add_cable("lan1");
  auto querent = start_with({"-i", "eth0", "-i", "lan1"});
  EXPECT_TRUE(querent.wait_for_errors("lan1 ipv4: querier as 10.8.0.9", kPatience));
  expect_fresh_start(ear_, kFirst, 0, os::now());
  const auto from = ear_.heard();
  good(lan_.host(3).links().add_address("lan1", Address::v4(10, 8, 0, 1), 24));
  const auto other = start_slowly(lan_.host(3), {"-i", "lan1"});
  EXPECT_TRUE(querent.wait_for_errors("lan1 ipv4: election lost to 10.8.0.1", kPatience));
  expect_undisturbed(ear_, kFirst, from);
  EXPECT_EQ(count(stop(querent), "election lost"), 1U);
}

TEST_F(LinkNames, APatternTakesWhatComes) {
  auto querent = start_with({"-i", "lan*"});
  ASSERT_TRUE(querent.wait_for_errors("lan*: missing; waits for it", kPatience));
  good(links().rename("eth0", "lan0"));
  ASSERT_TRUE(querent.wait_for_errors("lan0 ipv4: querier as 10.9.0.1", kPatience));
  for (const auto* name : {"lan1", "lan2", "wan0"})
    add_cable(name);
  EXPECT_TRUE(querent.wait_for_errors("lan2 ipv4: querier as 10.8.0.9", kPatience));
  EXPECT_TRUE(querent.wait_for_errors("lan1 ipv4: querier as 10.8.0.9", kPatience));
  good(links().remove("lan1"));
  EXPECT_TRUE(querent.wait_for_errors("lan1: missing", kPatience));
  EXPECT_EQ(count(stop(querent), "wan0"), 0U);
}

TEST_F(LinkNames, APatternIsNotMissingWhereANameTakesWhatItMatches) {
  auto querent = start_with({"-i", "eth*", "-i", "eth0"});
  ASSERT_TRUE(querent.wait_for_errors("eth0 ipv4: querier as 10.9.0.1", kPatience));
  EXPECT_EQ(count(stop(querent), "missing"), 0U);
}

TEST_F(LinkNames, AutoWaitsForTheDefaultRoute) {
  auto querent = start_with({"-i", "auto"});
  ASSERT_TRUE(querent.wait_for_errors("\"auto\" waits for one", kPatience));
  const auto since = os::now();
  good(links().add_default_route(Address::v4(10, 9, 0, 254)));
  ASSERT_TRUE(querent.wait_for_errors("\"auto\" is eth0", kPatience)) << querent.errors();
  expect_fresh_start(ear_, kFirst, 0, since);
  stop(querent);
}

TEST_F(LinkNames, TheLoopbackIsOfNoUse) {
  auto querent = start_with({"-i", "lo"});
  EXPECT_TRUE(querent.wait_for_errors("lo: is the loopback interface", kPatience));
  EXPECT_THAT(stop(querent), HasSubstr("final: 0 queries sent"));
}

TEST_F(LinkNames, AReloadSwitchesVersionsAndInterfaces) {
  const TemporaryDirectory home;
  const auto file = home.path() + "/querent.toml";
  const auto configure = [&](const std::string& text) {
    std::ofstream(file) << "[querier]\nquery_interval = \"2s\"\nstartup_interval = \"200ms\"\n"
                        << text;
  };
  configure("[[interface]]\nname = \"eth0\"\n");
  auto querent = start(lan_.host(1), {program(), "run", "-c", file});
  ASSERT_TRUE(querent.wait_for_errors("started", kPatience)) << querent.errors();
  expect_fresh_start(ear_, kFirst, 0, os::now());

  auto from = ear_.heard();
  querent.kill(SIGHUP);
  ASSERT_TRUE(querent.wait_for_errors("configuration reloaded", kPatience)) << querent.errors();
  expect_undisturbed(ear_, kFirst, from);

  configure("[[interface]]\nname = \"lan7\"\n");
  querent.kill(SIGHUP);
  ASSERT_TRUE(querent.wait_for_errors("lan7: missing; waits for it", kPatience))
      << querent.errors();
  expect_silence(ear_, ear_.heard());

  configure("[[interface]]\nname = \"eth0\"\nigmp_version = 3\n");
  from = ear_.heard();
  querent.kill(SIGHUP);
  expect_fresh_start(ear_, kFirst, from, os::now());

  configure("[[interface]]\nname = \"eth0\"\npassive = true\n");
  querent.kill(SIGHUP);
  ASSERT_TRUE(querent.wait_for_errors("listening", kPatience));
  expect_silence(ear_, ear_.heard());

  configure("nonsense\n");
  querent.kill(SIGHUP);
  EXPECT_TRUE(querent.wait_for_errors("the configuration before stays in force", kPatience));
  stop(querent);
}

}  // namespace

}  // namespace querent::test
