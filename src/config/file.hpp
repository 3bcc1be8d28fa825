#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/complaint.hpp"
#include "config/name_config.hpp"
#include "config/setting.hpp"

namespace querent::config {

struct ConfigFile {
  std::string path;
  std::string text;
};

// One [[interface]] of a file.
struct InterfaceSection {
  Setting name;
  SettingList settings;
};

// What a file says, by where it says it.
struct FileSettings {
  SettingList process;  // `user`, [log] and [web]
  SettingList querier;  // [querier]: for all interfaces
  std::vector<InterfaceSection> interfaces;
  NameConfig names;
};

// Files longer than this are not read, and no file describes more interfaces.
inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20U;
inline constexpr std::size_t kMaxInterfaces = 1024;

// Why a file cannot be read, "No such file or directory", and whether that is because there is
// none.
struct Unreadable {
  std::string why;
  bool is_missing = false;
};

// The whole file. Blocks for as long as a disk takes; for a pipe that is silent, 5 s.
Result<std::string, Unreadable> read_whole_file(const std::string& path);

// Understands the TOML; the values are not yet looked at. All that is wrong is added to `errors`,
// and what is right is returned.
FileSettings parse_config_file(const ConfigFile& file, Complaints& errors);

}  // namespace querent::config
