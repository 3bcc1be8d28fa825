#include "config/reader.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Variables = std::vector<std::pair<std::string, std::string>>;

SettingList flags(const std::vector<std::pair<const char*, const char*>>& said) {
  SettingList list;
  for (const auto& [flag, value] : said)
    list.push_back({find_option(flag), value, flag});
  return list;
}

struct Said {
  std::vector<std::pair<const char*, const char*>> flags{};
  Variables environment{};
  std::string file{};
};

Result<ReadConfig, Complaints> read(const Said& said) {
  const Given given{.flags = flags(said.flags), .environment = said.environment};
  return read_config(given, ConfigFile{"q.toml", said.file});
}

ReadConfig must_read(const Said& said) {
  auto result = read(said);
  if (result) return std::move(*result);
  for (const auto& error : result.error())
    ADD_FAILURE() << error.what << ": " << error.why << "; " << error.attempt;
  return {};
}

Complaints errors_of(const Said& said) {
  const auto result = read(said);
  EXPECT_FALSE(result.has_value());
  return result ? Complaints{} : result.error();
}

std::vector<std::string> names(const Config& config) {
  std::vector<std::string> all;
  for (const auto& interface : config.interfaces)
    all.push_back(interface.name);
  return all;
}

core::Settings settings(const ReadConfig& read, std::size_t index) {
  return read.config.interfaces.at(index).ipv4.value();
}

TEST(ConfigReader, OneFlagIsEnough) {
  const auto read = must_read({.flags = {{"--interface", "eth0"}}});
  EXPECT_EQ(names(read.config), std::vector<std::string>{"eth0"});
  EXPECT_EQ(settings(read, 0), core::Settings{});
  EXPECT_THAT(read.warnings, IsEmpty());
}

TEST(ConfigReader, FlagsWinOverEnvironmentOverSectionOverQuerier) {
  const std::string file =
      "[querier]\nquery_interval = \"11s\"\nrobustness = 3\nstartup_count = 4\njitter = 0.5\n"
      "[[interface]]\nname = \"eth0\"\nquery_interval = \"12s\"\nrobustness = 4\nstartup_count = "
      "5\n";
  const auto read =
      must_read({.flags = {{"--query-interval", "14s"}},
                 .environment = {{"QUERENT_QUERY_INTERVAL", "13s"}, {"QUERENT_ROBUSTNESS", "5"}},
                 .file = file});
  const auto eth0 = settings(read, 0);
  EXPECT_EQ(eth0.query_interval, 14s);
  EXPECT_EQ(eth0.robustness, 5);
  EXPECT_EQ(eth0.startup_count, 5);
  EXPECT_EQ(eth0.jitter, 0.5);
}

TEST(ConfigReader, ASettingOfTheProcessIsLayeredToo) {
  const std::string file =
      "user = \"a\"\n[log]\nlevel = \"warn\"\nformat = \"json\"\n[[interface]]\nname = \"eth0\"\n";
  const auto config =
      must_read({.flags = {{"--user-name", "c"}},
                 .environment = {{"QUERENT_USER_NAME", "b"}, {"QUERENT_LOG_LEVEL", "error"}},
                 .file = file})
          .config;
  EXPECT_EQ(config.user, "c");
  EXPECT_EQ(config.log.level, LogLevel::kError);
  EXPECT_EQ(config.log.format, LogFormat::kJson);
  EXPECT_EQ(config.file, "q.toml");
}

std::string listening(const Said& said) {
  return find_option("web.listen_address")->show_process(must_read(said).config);
}

TEST(ConfigReader, ListsReplaceEachOther) {
  const std::string file =
      "[web]\nlisten_address = [\":81\", \"127.0.0.1:82\"]\n[[interface]]\nname = \"eth0\"\n";
  const Variables environment{{"QUERENT_WEB_LISTEN_ADDRESS", ":83, :84"}};
  EXPECT_EQ(listening({.flags = {{"--interface", "eth0"}}}), ":9224");
  EXPECT_EQ(listening({.file = file}), ":81,127.0.0.1:82");
  EXPECT_EQ(listening({.environment = environment, .file = file}), ":83,:84");
  EXPECT_EQ(listening({.flags = {{"--web.listen-address", "127.0.0.1:85"},
                                 {"--web.listen-address", ":86"}},
                       .environment = environment,
                       .file = file}),
            "127.0.0.1:85,:86");
  EXPECT_EQ(listening({.flags = {{"--web.listen-address", "off"}}, .file = file}), "off");
  EXPECT_EQ(listening({.environment = environment,
                       .file = "[web]\nlisten_address = \"off\"\n"
                               "[[interface]]\nname = \"eth0\"\n"}),
            ":83,:84");
}

TEST(ConfigReader, AListIsCheckedByVoice) {
  const auto with = [](const char* environment, const char* flag) {
    return Said{.flags = {{"--interface", "eth0"}, {"--web.listen-address", flag}},
                .environment = {{"QUERENT_WEB_LISTEN_ADDRESS", environment}}};
  };
  must_read(with(":80", ":80"));
  must_read(with("off", ":80"));
  const auto errors = errors_of(with(":80,:80", "::1:80"));
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_EQ(errors[0].what, "QUERENT_WEB_LISTEN_ADDRESS");
  EXPECT_EQ(errors[1].what, "--web.listen-address");
  EXPECT_EQ(errors[1].why,
            "\"::1:80\" is not off, :PORT (all addresses), IPV4:PORT or [IPV6]:PORT, with a port "
            "from 1 to 65535");
  EXPECT_THAT(errors[1].attempt, HasSubstr("in brackets"));
  EXPECT_EQ(
      errors_of({.file = "[[interface]]\nname='a'\n[web]\nlisten_address = [':80',\n':80']\n"})
          .at(0)
          .what,
      "q.toml:5: web.listen_address");
}

// Beside all other errors.
TEST(ConfigReader, IPv6IsRefusedWhereTheWebServerHasNone) {
  const ConfigFile file{"q.toml",
                        "[[interface]]\nname='a'\njitter=7\n[web]\nlisten_address='[::1]:80'\n"};
  const auto read = read_config({.web_has_ipv6 = false}, file);
  ASSERT_FALSE(read);
  ASSERT_THAT(read.error(), SizeIs(2));
  EXPECT_EQ(read.error()[0].what, "q.toml:5: web.listen_address");
  EXPECT_THAT(read.error()[0].why, HasSubstr("\"[::1]:80\" is IPv6"));
}

TEST(ConfigReader, TheWebServersFileIsLayeredToo) {
  const auto read = must_read({.flags = {{"--interface", "eth0"}},
                               .environment = {{"QUERENT_WEB_BASIC_AUTH_FILE", "b"}},
                               .file = "[web]\nbasic_auth_file = \"a\"\n"});
  EXPECT_EQ(read.config.web.basic_auth_file, "b");
}

TEST(ConfigReader, NamesComeFromTheFile) {
  const auto read =
      must_read({.flags = {{"--interface", "eth0"}},
                 .file = "[names]\n\"239.1.2.3\" = \"hf audio\"\nka9q = [\"hf.local\"]\n"});
  EXPECT_EQ(read.config.names,
            (config::NameConfig{.by_address = {{Address::v4(239, 1, 2, 3), "hf audio"}},
                                .ka9q = {"hf.local"}}));
}

TEST(ConfigReader, TheLastOfAFlagCounts) {
  const auto read = must_read(
      {.flags = {
           {"--interface", "eth0"}, {"--query-interval", "20s"}, {"--query-interval", "30s"}}});
  EXPECT_EQ(settings(read, 0).query_interval, 30s);
}

TEST(ConfigReader, SectionsDifferFromEachOther) {
  const auto read = must_read({.file = R"(
[querier]
query_interval = 30
[[interface]]
name = "eth0"
[[interface]]
name = "eth0.20"
igmp_version = 3
max_response = 2.5
passive = true
)"});
  ASSERT_EQ(names(read.config), (std::vector<std::string>{"eth0", "eth0.20"}));
  EXPECT_EQ(settings(read, 0), core::Settings{.query_interval = 30s});
  const core::Settings second{
      .version = Version::k3, .query_interval = 30s, .max_response = 2500ms, .passive = true};
  EXPECT_EQ(settings(read, 1), second);
}

TEST(ConfigReader, NamedInterfacesReplaceTheListOfTheFile) {
  const std::string file =
      "[querier]\nrobustness = 3\n"
      "[[interface]]\nname = \"eth*\"\nstartup_count = 5\n"
      "[[interface]]\nname = \"eth1\"\nstartup_count = 6\n"
      "[[interface]]\nname = \"wlan0\"\n";
  const Variables environment{{"QUERENT_INTERFACE", "eth1, lan0"}};
  const auto by_environment = must_read({.environment = environment, .file = file});
  ASSERT_EQ(names(by_environment.config), (std::vector<std::string>{"eth1", "lan0"}));
  EXPECT_EQ(settings(by_environment, 0).startup_count, 6) << "its own section";
  EXPECT_EQ(settings(by_environment, 1).startup_count, 3) << "no section";
  EXPECT_EQ(settings(by_environment, 1).robustness, 3) << "[querier] is for all";
  const auto by_flags =
      must_read({.flags = {{"--interface", "eth2"}}, .environment = environment, .file = file});
  ASSERT_EQ(names(by_flags.config), (std::vector<std::string>{"eth2"}));
  EXPECT_EQ(settings(by_flags, 0).startup_count, 5) << "the pattern that it matches";
}

TEST(ConfigReader, APatternOnTheCommandLineFollowsTheSameSection) {
  const auto read = must_read({.flags = {{"--interface", "eth*"}, {"--interface", "auto"}},
                               .file = "[[interface]]\nname = \"eth*\"\nrobustness = 4\n"
                                       "[[interface]]\nname = \"auto\"\nrobustness = 5\n"});
  EXPECT_EQ(settings(read, 0).robustness, 4);
  EXPECT_EQ(settings(read, 1).robustness, 5);
}

TEST(ConfigReader, AnEmptyVariableIsNotSet) {
  const auto read = must_read({.flags = {{"--interface", "eth0"}},
                               .environment = {{"QUERENT_TIMEOUT", ""}, {"QUERENT_PASSIVE", ""}}});
  EXPECT_EQ(settings(read, 0), core::Settings{});
}

TEST(ConfigReader, AListOfNothingNamesNoInterface) {
  const auto errors = errors_of({.environment = {{"QUERENT_INTERFACE", ","}}});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "QUERENT_INTERFACE");
}

TEST(ConfigReader, VariablesOfOthersAreLeftAlone) {
  const auto read = must_read({.flags = {{"--interface", "eth0"}},
                               .environment = {{"QUERENT_SERVICE_HOST", "10.0.0.1"},
                                               {"QUERENT_PORT_9224_TCP", "tcp://10.0.0.1:9224"},
                                               {"QUERENT_URL", "http://127.0.0.1:9224"},
                                               {"QUERENT_USER", "a:b"},
                                               {"QUERENT_QUERY_INTERVALL", "5s"}}});
  ASSERT_THAT(read.warnings, SizeIs(1));
  EXPECT_EQ(read.warnings[0].what, "QUERENT_QUERY_INTERVALL");
  EXPECT_THAT(read.warnings[0].attempt, HasSubstr("QUERENT_QUERY_INTERVAL?"));
}

TEST(ConfigReader, EverythingThatIsWrongIsTold) {
  const auto errors = errors_of({.flags = {{"--query-interval", "5x"}, {"--interface", "a b"}},
                                 .environment = {{"QUERENT_ROBUSTNESS", "9"}},
                                 .file = "querry = 1\n[log]\nlevel = \"loud\"\n"
                                         "[querier]\njitter = true\nsource = \"::1\"\n"
                                         "[[interface]]\nname = \"eth0\"\nmax_groups = 0\n"});
  std::vector<std::string> culprits;
  for (const auto& error : errors)
    culprits.push_back(error.what);
  EXPECT_THAT(culprits, testing::UnorderedElementsAre("--query-interval", "--interface",
                                                      "QUERENT_ROBUSTNESS", "q.toml:1: querry",
                                                      "q.toml:3: log.level", "q.toml:5: jitter",
                                                      "q.toml:6: source", "q.toml:9: max_groups"));
}

TEST(ConfigReader, WhatIsWrongForAllInterfacesIsToldOnce) {
  const auto errors = errors_of({.flags = {{"--interface", "eth0"},
                                           {"--interface", "eth1"},
                                           {"--max-response", "61s"},
                                           {"--igmp-version", "3"}}});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "--max-response");
}

TEST(ConfigReader, MaxResponseStaysBelowTheInterval) {
  const Said said{.flags = {{"--interface", "eth0"}, {"--max-response", "10s"}},
                  .environment = {{"QUERENT_QUERY_INTERVAL", "10s"}}};
  const auto errors = errors_of(said);
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "--max-response");
  EXPECT_EQ(errors[0].why, "\"10s\" is not below the query interval, 10s");
}

TEST(ConfigReader, AWrongIntervalIsNotAlsoComparedWith) {
  const auto errors = errors_of({.flags = {{"--interface", "eth0"},
                                           {"--igmp-version", "3"},
                                           {"--max-response", "200s"},
                                           {"--query-interval", "300x"}}});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "--query-interval");
}

TEST(ConfigReader, MaxResponseFitsTheVersion) {
  for (const char* const version : {"1", "2"}) {
    const auto errors = errors_of(
        {.flags = {
             {"--interface", "eth0"}, {"--igmp-version", version}, {"--max-response", "25.6s"}}});
    ASSERT_THAT(errors, SizeIs(1)) << version;
    EXPECT_THAT(errors[0].why, HasSubstr("25.5s"));
  }
  must_read({.flags = {{"--interface", "eth0"}, {"--max-response", "25.5s"}}});
  must_read({.flags = {{"--interface", "eth0"},
                       {"--igmp-version", "3"},
                       {"--query-interval", "2h"},
                       {"--max-response", "3174.4s"}}});
}

TEST(ConfigReader, MldHasLimitsOfItsOwn) {
  const auto with = [](const char* igmp, const char* mld, const char* response) {
    return Said{.flags = {{"--interface", "eth0"},
                          {"--igmp-version", igmp},
                          {"--mld-version", mld},
                          {"--query-interval", "2h"},
                          {"--max-response", response}}};
  };
  EXPECT_THAT(errors_of(with("off", "1", "65.536s"))[0].why, HasSubstr("65.535s"));
  EXPECT_THAT(errors_of(with("2", "2", "26s"))[0].why, HasSubstr("25.5s"));
  must_read(with("off", "1", "65.535s"));
  must_read(with("3", "2", "3174.4s"));
}

TEST(ConfigReader, EachFamilyHasItsVersionAndIpv4AloneTheSource) {
  const auto read = must_read({.flags = {{"--interface", "eth0"},
                                         {"--igmp-version", "3"},
                                         {"--mld-version", "1"},
                                         {"--source", "192.0.2.1"},
                                         {"--robustness", "5"}}});
  const auto& interface = read.config.interfaces.at(0);
  EXPECT_EQ(interface.ipv4->version, Version::k3);
  EXPECT_EQ(interface.ipv4->source, Address::v4(192, 0, 2, 1));
  ASSERT_TRUE(interface.ipv6);
  EXPECT_EQ(interface.ipv6->version, Version::k2) << "MLDv1, in IGMP's numbering";
  EXPECT_EQ(interface.ipv6->source, std::nullopt);
  EXPECT_EQ(interface.ipv6->robustness, 5);
}

TEST(ConfigReader, MldIsOffUnlessItIsSaid) {
  EXPECT_EQ(must_read({.flags = {{"--interface", "eth0"}}}).config.interfaces.at(0).ipv6,
            std::nullopt);
  const auto alone = must_read(
      {.flags = {{"--interface", "eth0"}, {"--igmp-version", "off"}, {"--mld-version", "2"}}});
  EXPECT_EQ(alone.config.interfaces.at(0).ipv4, std::nullopt);
  EXPECT_TRUE(alone.config.interfaces.at(0).ipv6);
}

TEST(ConfigReader, AVersionMayBeOffWhereAnotherIsSaid) {
  const auto read = must_read({.file = "[querier]\nigmp_version = \"off\"\n"
                                       "[[interface]]\nname = \"eth0\"\nigmp_version = 3\n"});
  EXPECT_EQ(settings(read, 0).version, Version::k3);
}

TEST(ConfigReader, NothingToDoIsAnError) {
  const auto errors =
      errors_of({.file = "[[interface]]\nname = \"eth0\"\nigmp_version = \"off\"\n"});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "q.toml:3: igmp_version");
  EXPECT_THAT(errors[0].why, HasSubstr("nothing to do"));
}

TEST(ConfigReader, SomebodyHasToNameAnInterface) {
  const auto errors = errors_of({.flags = {{"--robustness", "9"}}, .file = "[querier]\n"});
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_EQ(errors[1].what, "interface");
}

TEST(ConfigReader, AnInterfaceIsNamedOnce) {
  EXPECT_EQ(errors_of({.flags = {{"--interface", "a"}, {"--interface", "a"}}})[0].what,
            "--interface");
  EXPECT_EQ(errors_of({.environment = {{"QUERENT_INTERFACE", "a,b,a"}}})[0].what,
            "QUERENT_INTERFACE");
  EXPECT_EQ(errors_of({.file = "[[interface]]\nname='a'\n[[interface]]\nname='a'\n"})[0].what,
            "q.toml:4: name");
}

TEST(ConfigReader, AFileOfErrorsIsBounded) {
  std::string file = "[querier]\n";
  for (int i = 0; i < 1000; ++i)
    file += "unknown" + std::to_string(i) + " = 1\n";
  const auto errors = errors_of({.file = file});
  ASSERT_THAT(errors, SizeIs(101));
  EXPECT_THAT(errors[100].why, HasSubstr("more errors"));
}

TEST(ConfigReader, InterfacesAreBounded) {
  std::string file;
  std::string list;
  for (int i = 0; i < 1025; ++i) {
    const std::string name = "e" + std::to_string(i);
    list += name + ',';
    file += "[[interface]]\nname = '" + name + "'\n";
  }
  EXPECT_THAT(errors_of({.file = file})[0].why, HasSubstr("1025 interfaces are too many"));
  EXPECT_THAT(errors_of({.environment = {{"QUERENT_INTERFACE", list}}})[0].why,
              HasSubstr("1025 interfaces are too many"));
}

struct Risk {
  const char* key;
  std::vector<std::pair<const char*, const char*>> flags;
};

TEST(ConfigReader, RisksAreWarnedAbout) {
  const std::vector<Risk> risks{
      {"--query-interval", {{"--query-interval", "131s"}}},
      {"--query-interval", {{"--query-interval", "500ms"}, {"--igmp-version", "3"}}},
      {"--timeout", {{"--timeout", "119s"}}},
      {"--source", {{"--source", "192.0.2.1"}, {"--passive", "true"}}},
      {"--startup-interval", {{"--startup-interval", "61s"}}},
      {"--source", {{"--source", "192.0.2.1"}, {"--igmp-version", "off"}, {"--mld-version", "2"}}},
      {"--query-interval", {{"--query-interval", "500ms"}, {"--mld-version", "2"}}},
      {"--source", {{"--source", "0.0.0.0"}, {"--mld-version", "2"}}},
      {"--robustness", {{"--robustness", "1"}}},
  };
  for (const Risk& risk : risks) {
    auto said = risk.flags;
    said.emplace_back("--interface", "eth0");
    said.emplace_back("--interface", "eth1");
    const auto read = must_read({.flags = said});
    ASSERT_THAT(read.warnings, SizeIs(1)) << risk.key;
    EXPECT_EQ(read.warnings[0].what, risk.key);
  }
}

TEST(ConfigReader, WhatIsSafeIsNotWarnedAbout) {
  const auto read = must_read({.flags = {{"--interface", "eth0"},
                                         {"--query-interval", "125s"},
                                         {"--timeout", "250s"},
                                         {"--passive", "true"},
                                         {"--startup-interval", "125s"}}});
  EXPECT_THAT(read.warnings, IsEmpty());
}

}  // namespace
}  // namespace querent::config
