#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "config/complaint.hpp"
#include "config/config.hpp"
#include "config/file.hpp"
#include "config/setting.hpp"

namespace querent::config {

inline constexpr const char* kDefaultConfigFile = "/etc/querent/querent.toml";

// What the process was started with. It is kept, and holds again at each reload.
struct Given {
  SettingList flags;
  std::vector<std::pair<std::string, std::string>> environment;  // variables and their values
  std::string default_file = kDefaultConfigFile;
  bool web_has_ipv6 = true;  // whether the web server can listen on it
};

struct ReadConfig {
  Config config;
  Complaints warnings;  // the configuration is in order, but risky
};

// A configuration, or everything that is wrong with it, and never an empty list of that.
//
// Flags win over the environment, which wins over [[interface]], which wins over [querier]. Where
// flags (else the environment) name interfaces, those replace the list of the file; of the file's
// [[interface]] sections each then follows the one with its name, or else the first whose pattern
// it matches. web.listen_address is replaced as a whole in the same way. A variable that is empty
// is not set.
Result<ReadConfig, Complaints> read_config(const Given& given,
                                           const std::optional<ConfigFile>& file);

// The same with the file that `given` names, or the default file, which need not exist and is only
// looked for when no flag or variable names an interface.
Result<ReadConfig, Complaints> load_config(const Given& given);

// The variables of this process that begin with QUERENT_.
std::vector<std::pair<std::string, std::string>> process_environment();

}  // namespace querent::config
