#include "config/text.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/options.hpp"
#include "config/reader.hpp"

namespace querent::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Config read_again(const Config& config) {
  const std::string text = to_toml(config);
  auto read = read_config({}, ConfigFile{"again", text});
  EXPECT_TRUE(read) << (read ? "" : read.error().at(0).what + read.error().at(0).why) << text;
  if (!read) return {};
  read->config.file = config.file;
  return read->config;
}

TEST(ConfigText, DefaultsAreReadAsTheSameAgain) {
  const Config config{.interfaces = {{.name = "eth0", .ipv4 = core::Settings{}}}};
  EXPECT_EQ(read_again(config), config);
}

TEST(ConfigText, NamesMayHoldAnything) {
  const Config config{.interfaces = {{.name = "a\"b\\c", .ipv4 = core::Settings{}},
                                     {.name = "eth[0-9]*", .ipv4 = core::Settings{}}},
                      .user = "o'neill\"\\"};
  EXPECT_EQ(read_again(config), config);
}

TEST(ConfigText, SaysWhatAutoComesTo) {
  Config config{.interfaces = {{.name = "eth0", .ipv4 = core::Settings{.query_interval = 10s}}}};
  EXPECT_THAT(to_toml(config), HasSubstr("max_response = \"auto\"  # 2.5s\n"));
  EXPECT_THAT(to_toml(config), HasSubstr("startup_interval = \"auto\"  # 2.5s\n"));
  config.interfaces[0].ipv4->max_response = 3s;
  EXPECT_THAT(to_toml(config), HasSubstr("max_response = \"3s\"\n"));
}

TEST(ConfigText, WhatHasNoKeyIsAComment) {
  Config config{.interfaces = {{.name = "eth0", .ipv4 = core::Settings{}}}};
  EXPECT_THAT(to_toml(config), Not(HasSubstr("sandbox")));
  config.sandbox = false;
  EXPECT_THAT(to_toml(config), HasSubstr("# --no-sandbox=true\n"));
}

TEST(ConfigText, TellsTheGroupsOfStreams) {
  const Config config{.interfaces = {{.name = "eth0", .ipv4 = core::Settings{}}},
                      .names = {.by_address = {{Address::v4(239, 1, 2, 3), "hf \"audio\""}},
                                .ka9q = {"hf.local", "hf-status.local"}}};
  EXPECT_THAT(to_toml(config),
              HasSubstr("\n[names]\n\"239.1.2.3\" = \"hf \\\"audio\\\"\"\nka9q = [\n"
                        "  \"hf.local\",  # 239.135.38.120\n"
                        "  \"hf-status.local\",  # 239.185.143.241\n]\n"));
  EXPECT_EQ(read_again(config), config);
}

TEST(ConfigText, WhereThereAreNoNamesThereIsNoSection) {
  EXPECT_THAT(to_toml({}), Not(HasSubstr("names")));
  const Config one{.names = {.by_address = {{Address::v4(239, 1, 2, 3), "hf"}}, .ka9q = {}}};
  EXPECT_THAT(to_toml(one), Not(HasSubstr("ka9q")));
}

TEST(ConfigText, TellsWhereTheWebServerAnswers) {
  Config config;
  EXPECT_THAT(to_toml(config), HasSubstr("\n[web]\nlisten_address = \":9224\"\n"));
  EXPECT_THAT(to_toml(config), Not(HasSubstr("basic_auth_file")));
  config.web.basic_auth_file = "/etc/querent/users, others";
  config.web.listen.push_back({"127.0.0.1", 80});
  EXPECT_THAT(to_toml(config), HasSubstr("listen_address = [\":9224\", \"127.0.0.1:80\"]\n"
                                         "basic_auth_file = \"/etc/querent/users, others\"\n"));
  config.web.listen.clear();
  EXPECT_THAT(to_toml(config), HasSubstr("listen_address = \"off\"\n"));
}

config::WebConfig arbitrary_web() {
  config::WebConfig web{.listen = {}};
  const int first = *rc::gen::inRange(1, 65000);
  for (int i = 0; i < *rc::gen::inRange(0, 4); ++i) {
    const bool all = *rc::gen::arbitrary<bool>();
    web.listen.push_back(
        {.host = all ? "" : Address::v4(*rc::gen::inRange(1U, 0xE0000000U)).to_string(),
         .port = static_cast<std::uint16_t>(first + i)});
  }
  if (*rc::gen::arbitrary<bool>()) web.basic_auth_file = "/etc/a b,\"c\\";
  return web;
}

config::NameConfig arbitrary_names() {
  config::NameConfig names;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    names.by_address[Address::v4(*rc::gen::inRange(0xE0000000U, 0xF0000000U))] = "h\u00e4 \"\\";
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    names.by_address[Address::v6(0xFF02000000000000U, *rc::gen::arbitrary<std::uint64_t>())] = "b";
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    names.ka9q.push_back("hf-" + std::to_string(i) + ".local");
  return names;
}

core::Settings arbitrary_settings() {
  using rc::gen::arbitrary;
  using rc::gen::inRange;
  core::Settings settings;
  settings.version = static_cast<Version>(*inRange(1, 4));
  settings.query_interval = std::chrono::milliseconds(*inRange(100, 31'744'001));
  if (*arbitrary<bool>()) settings.timeout = std::chrono::milliseconds(*inRange(100, 1'000'000));
  const auto most = std::min<std::int64_t>(settings.query_interval / 1ms - 1, 25'500);
  if (*arbitrary<bool>() && most >= 100)
    settings.max_response = std::chrono::milliseconds(*inRange<std::int64_t>(100, most + 1));
  if (*arbitrary<bool>())
    settings.startup_interval = std::chrono::milliseconds(*inRange(10, 31'744'001));
  settings.robustness = *inRange(1, 8);
  settings.startup_count = *inRange(1, 101);
  settings.jitter = *inRange(0, 9001) / 10000.0;
  settings.last_member_interval = std::chrono::milliseconds(*inRange(100, 25'501));
  if (*arbitrary<bool>()) settings.source = Address::v4(*inRange(0x01000000U, 0x7F000000U));
  settings.passive = *arbitrary<bool>();
  settings.accept_off_subnet = *arbitrary<bool>();
  settings.require_router_alert = *arbitrary<bool>();
  settings.follow_older_version = *arbitrary<bool>();
  settings.bounds.groups = *inRange<std::size_t>(1, 10'000'001);
  settings.bounds.sources = *inRange<std::size_t>(1, 10'000'001);
  settings.bounds.hosts = *inRange<std::size_t>(1, 10'000'001);
  return settings;
}

InterfaceConfig arbitrary_interface(const std::string& name) {
  InterfaceDraft draft{.settings = arbitrary_settings()};
  if (*rc::gen::arbitrary<bool>()) draft.mld = static_cast<Version>(*rc::gen::inRange(2, 4));
  if (draft.mld && *rc::gen::arbitrary<bool>()) draft.igmp = false;
  return config_of(name, draft);
}

RC_GTEST_PROP(ConfigText, EveryConfigurationIsReadAsTheSameAgain, ()) {
  Config config;
  const int count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i)
    config.interfaces.push_back(arbitrary_interface("eth" + std::to_string(i)));
  config.log.level = static_cast<LogLevel>(*rc::gen::inRange(0, 5));
  config.log.format = static_cast<LogFormat>(*rc::gen::inRange(0, 2));
  if (*rc::gen::arbitrary<bool>()) config.user = "nobody";
  config.web = arbitrary_web();
  config.names = arbitrary_names();
  RC_ASSERT(read_again(config) == config);
}

}  // namespace
}  // namespace querent::config
