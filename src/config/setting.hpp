#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"

namespace querent::config {

// A value that was said for an option, not yet looked at.
struct Setting {
  const Option* option = nullptr;  // never null where one is handed on
  std::string text;
  std::string origin;  // "--query-interval", "QUERENT_TIMEOUT", "querent.toml:3: query_interval"
};

using SettingList = std::vector<Setting>;

}  // namespace querent::config
