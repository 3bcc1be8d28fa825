#include "config/options.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/reader.hpp"

namespace querent::config {
namespace {

// For each option a value that is allowed, is not the default, and differs from what others get.
const std::map<std::string_view, std::string_view> kOtherValues{
    {"--interface", "eth7"},
    {"--config", "/dev/null"},
    {"--igmp-version", "3"},
    {"--mld-version", "2"},
    {"--query-interval", "30s"},
    {"--max-response", "4s"},
    {"--robustness", "5"},
    {"--startup-count", "6"},
    {"--startup-interval", "3s"},
    {"--jitter", "0.125"},
    {"--last-member-interval", "2s"},
    {"--timeout", "255s"},
    {"--source", "192.0.2.7"},
    {"--passive", "true"},
    {"--accept-off-subnet", "true"},
    {"--require-router-alert", "true"},
    {"--follow-older-version", "true"},
    {"--max-groups", "1001"},
    {"--max-sources", "1002"},
    {"--max-hosts", "1003"},
    {"--web.listen-address", "127.0.0.1:8080"},
    {"--web.basic-auth-file", "/etc/querent/users"},
    {"--log.level", "trace"},
    {"--log.format", "json"},
    {"--user-name", "querent"},
    {"--no-sandbox", "true"},
};

std::string_view other_value(const Option& option) {
  const auto found = kOtherValues.find(option.flag);
  EXPECT_NE(found, kOtherValues.end()) << option.flag << " is new: give it a value above";
  return found == kOtherValues.end() ? std::string_view{} : found->second;
}

// What a configuration of one interface says for this option.
std::string shown(const Option& option, const Config& config) {
  if (option.scope == Scope::kInterfaceName) return config.interfaces.at(0).name;
  if (option.scope == Scope::kConfigFile) return config.file.value_or("");
  if (option.show_process != nullptr) return option.show_process(config);
  return option.show_interface(draft_of(config.interfaces.at(0)));
}

Given given_flags(SettingList flags) {
  return {.flags = std::move(flags), .environment = {}, .default_file = "/nonexistent"};
}

Config must_read(const Given& given, std::optional<ConfigFile> file = {}) {
  if (!file && given.flags.empty() && given.environment.empty()) file = ConfigFile{};
  const auto read = file ? read_config(given, file) : load_config(given);
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().at(0).what + read.error().at(0).why);
  return read ? read->config : Config{.interfaces = {{.name = "?", .ipv4 = std::nullopt}}};
}

Setting interface_flag(const char* name) {
  return {find_option("name"), name, "--interface"};
}

TEST(Options, HaveADefaultThatIsTheDefault) {
  const InterfaceDraft draft;
  const Config config;
  for (const Option& option : options()) {
    if (option.by_default.starts_with('(')) continue;
    const std::string shown = option.show_interface != nullptr ? option.show_interface(draft)
                                                               : option.show_process(config);
    EXPECT_EQ(shown, option.by_default) << option.flag;
    if (option.kind == Kind::kSwitch) {
      EXPECT_EQ(shown, "false") << option.flag << ": a switch turns something on";
    }
  }
}

TEST(Options, DefaultsInBracketsAreNoValues) {
  const Config config;
  EXPECT_TRUE(config.interfaces.empty());
  EXPECT_EQ(config.file, std::nullopt);
  EXPECT_EQ(config.user, std::nullopt);
  EXPECT_EQ(config.web.basic_auth_file, std::nullopt);
  std::set<std::string_view> bracketed;
  for (const Option& option : options())
    if (option.by_default.starts_with('(')) bracketed.insert(option.flag);
  EXPECT_EQ(bracketed, (std::set<std::string_view>{"--interface", "--config", "--user-name",
                                                   "--web.basic-auth-file"}));
}

TEST(Options, EachIsReachedByItsFlag) {
  for (const Option& option : options()) {
    const std::string value(other_value(option));
    SettingList flags{{&option, value, std::string(option.flag)}};
    if (option.scope != Scope::kInterfaceName) flags.push_back(interface_flag("eth0"));
    EXPECT_EQ(shown(option, must_read(given_flags(flags))), value) << option.flag;
  }
}

TEST(Options, EachIsReachedByItsVariable) {
  for (const Option& option : options()) {
    if (option.variable.empty()) {
      EXPECT_EQ(option.flag, "--no-sandbox");
      continue;
    }
    const std::string value(other_value(option));
    Given given = given_flags({});
    given.environment.emplace_back(option.variable, value);
    if (option.scope != Scope::kInterfaceName)
      given.environment.emplace_back("QUERENT_INTERFACE", "eth0");
    EXPECT_EQ(shown(option, must_read(given)), value) << option.variable;
  }
}

std::string as_toml(const Option& option, std::string_view value) {
  const bool is_bare = option.kind == Kind::kSwitch || option.kind == Kind::kCount ||
                       option.kind == Kind::kFraction || option.kind == Kind::kVersion;
  const std::string quote = is_bare ? "" : "\"";
  return std::string(option.key) + " = " + quote + std::string(value) + quote + '\n';
}

TEST(Options, EachIsReachedByItsKey) {
  for (const Option& option : options()) {
    const std::string value(other_value(option));
    std::vector<std::string> files;
    const std::string interface = "[[interface]]\nname = \"eth0\"\n";
    switch (option.scope) {
      case Scope::kConfigFile:
        EXPECT_TRUE(option.key.empty());
        break;
      case Scope::kInterfaceName:
        files.push_back("[[interface]]\n" + as_toml(option, value));
        break;
      case Scope::kInterface:
        files.push_back(interface + as_toml(option, value));
        files.push_back("[querier]\n" + as_toml(option, value) + interface);
        break;
      case Scope::kProcess:
        if (!option.key.empty()) files.push_back(as_toml(option, value) + interface);
        break;
    }
    for (const auto& text : files)
      EXPECT_EQ(shown(option, must_read({}, ConfigFile{"f", text})), value) << text;
  }
}

TEST(Options, WhatIsShownIsReadAsTheSame) {
  for (const Option& option : options()) {
    InterfaceDraft draft;
    Config config;
    if (option.set_interface != nullptr) {
      ASSERT_TRUE(option.set_interface(other_value(option), draft)) << option.flag;
      EXPECT_NE(draft, InterfaceDraft{}) << option.flag;
      EXPECT_EQ(option.show_interface(draft), other_value(option));
    }
    if (option.set_process != nullptr) {
      if (option.clear != nullptr) option.clear(config);
      ASSERT_TRUE(option.set_process(other_value(option), config)) << option.flag;
      EXPECT_NE(config, Config{}) << option.flag;
      EXPECT_EQ(option.show_process(config), other_value(option));
    }
  }
}

TEST(Options, NamesFollowTheKey) {
  std::set<std::string_view> names;
  for (const Option& option : options()) {
    EXPECT_TRUE(option.flag.starts_with("--")) << option.flag;
    EXPECT_TRUE(names.insert(option.flag).second) << option.flag;
    EXPECT_FALSE(option.help.empty() || option.group.empty() || option.allowed.empty());
    EXPECT_EQ(option.placeholder.empty(), option.kind == Kind::kSwitch) << option.flag;
    if (!option.variable.empty()) {
      std::string from_flag = "QUERENT_";
      for (const char c : option.flag.substr(2))
        from_flag += c == '-' || c == '.' ? '_' : static_cast<char>(std::toupper(c));
      EXPECT_EQ(option.variable, from_flag);
    }
    if (option.scope == Scope::kInterface) {
      std::string from_flag(option.flag.substr(2));
      for (char& c : from_flag)
        if (c == '-') c = '_';
      EXPECT_EQ(option.key, from_flag);
    }
  }
}

struct Edge {
  const char* key;
  std::vector<const char*> allowed;
  std::vector<const char*> refused;
};

TEST(Options, RangesAreWhatTheySayTheyAre) {
  const std::vector<Edge> edges{
      {"igmp_version", {"1", "2", "3", "off"}, {"0", "4", "", "v2", "on", "2.0"}},
      {"query_interval", {"100ms", "31744s"}, {"99ms", "31744.001s", "auto", "0", "-5", ""}},
      {"max_response", {"100ms", "3174.4s", "auto"}, {"99ms", "3174.5s", "0"}},
      {"robustness", {"1", "7"}, {"0", "8", "2.5", "two"}},
      {"startup_count", {"1", "100"}, {"0", "101", "-1"}},
      {"startup_interval", {"10ms", "31744s", "auto"}, {"9ms", "31745s"}},
      {"jitter", {"0", "0.9", "9e-1"}, {"0.91", "-0.1", "nan", "inf", "25%"}},
      {"last_member_interval", {"100ms", "25.5s"}, {"99ms", "25.6s", "auto"}},
      {"timeout", {"100ms", "8760h", "auto"}, {"99ms", "8761h", "never"}},
      {"source",
       {"auto", "0.0.0.0", "192.0.2.1", "10.0.0.1", "169.254.1.1", "223.255.255.254"},
       {"0.0.0.1", "127.0.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "::1",
        "fe80::1", "::ffff:192.0.2.1", "192.0.2", "192.0.2.1/24", "eth0", ""}},
      {"passive", {"true", "no", "1"}, {"", "maybe"}},
      {"max_groups", {"1", "10000000"}, {"0", "10000001", "-1", "64k"}},
      {"max_sources", {"1", "10000000"}, {"0", "10000001"}},
      {"max_hosts", {"1", "10000000"}, {"0", "10000001"}},
      {"log.level", {"trace", "debug", "info", "warn", "error"}, {"warning", "INFO", ""}},
      {"log.format", {"text", "json"}, {"xml", ""}},
      {"web.listen_address",
       {"off", ":1", ":65535", "127.0.0.1:9224", "0.0.0.0:80", "[::1]:9224", "[::]:9224"},
       {"",
        ":",
        ":0",
        ":65536",
        ":-1",
        ":+1",
        ":80 ",
        " :80",
        "9224",
        "127.0.0.1",
        "127.0.0.1:",
        "::1:9224",
        "[::ffff:127.0.0.1]:80",
        "[fe80::1]:80",
        "[ff02::1]:80",
        "::ffff:127.0.0.1:80",
        "localhost:9224",
        "eth0:80",
        ":9224s",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "127.1:80",
        ":009224",
        "OFF",
        "on",
        ":80,:81"}},
      {"web.basic_auth_file",
       {"users", "/etc/querent/users", "a b, c"},
       {"", "a\nb", "a\x7f", "a\xff"}},
      {"user", {"nobody", "65534", "_querent"}, {"", "a b", "a:b", "a,b", "../x", "-x", "a\n"}},
  };
  for (const Edge& edge : edges) {
    const Option* const option = find_option(edge.key);
    ASSERT_NE(option, nullptr) << edge.key;
    const auto takes = [option](const char* text) {
      InterfaceDraft draft;
      Config config;
      const bool taken = option->set_interface != nullptr ? option->set_interface(text, draft)
                                                          : option->set_process(text, config);
      EXPECT_TRUE(taken || (draft == InterfaceDraft{} && config == Config{})) << text;
      return taken;
    };
    for (const char* const text : edge.allowed)
      EXPECT_TRUE(takes(text)) << edge.key << " = " << text;
    for (const char* const text : edge.refused)
      EXPECT_FALSE(takes(text)) << edge.key << " = " << text;
  }
}

TEST(Options, AListIsAddedToAndCleared) {
  const Option& option = *find_option("web.listen_address");
  Config config;
  ASSERT_TRUE(option.set_process("127.0.0.1:80", config));
  EXPECT_EQ(option.show_process(config), ":9224,127.0.0.1:80");
  ASSERT_TRUE(option.set_process("off", config));
  EXPECT_EQ(option.show_process(config), "off");
  ASSERT_TRUE(option.set_process(":81", config));
  option.clear(config);
  EXPECT_TRUE(config.web.listen.empty());
}

TEST(Options, AutoTakesBackWhatWasSaid) {
  for (const char* const key : {"max_response", "startup_interval", "timeout", "source"}) {
    const Option& option = *find_option(key);
    InterfaceDraft draft;
    ASSERT_TRUE(option.set_interface(other_value(option), draft));
    ASSERT_TRUE(option.set_interface("auto", draft));
    EXPECT_EQ(draft, InterfaceDraft{}) << key;
  }
}

}  // namespace
}  // namespace querent::config
