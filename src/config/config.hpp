#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/name_config.hpp"
#include "config/web_config.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"

// What the administrator wants of this process, read and found to be in order.

namespace querent::config {

// The families that are spoken on an interface.
struct InterfaceConfig {
  std::string name;                    // as configured: a name, a glob ("eth0.*"), or "auto"
  std::optional<core::Settings> ipv4;  // nothing: igmp_version is off
  std::optional<core::Settings> ipv6;  // nothing: mld_version is off

  bool operator==(const InterfaceConfig&) const = default;
};

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError };
enum class LogFormat : std::uint8_t { kText, kJson };

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;

  bool operator==(const LogConfig&) const = default;
};

struct Config {
  std::vector<InterfaceConfig> interfaces;
  LogConfig log;
  WebConfig web;
  NameConfig names;
  std::optional<std::string> user;  // who to become; nothing: nobody, where that is possible
  bool sandbox = true;
  std::optional<std::string> file;  // what was read for this; nothing: no file

  bool operator==(const Config&) const = default;
};

}  // namespace querent::config
