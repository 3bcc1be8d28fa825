#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "core/settings.hpp"

// The one table of what can be configured: flags, environment, files, --help and the output of
// `querent check` are made of it.

namespace querent::config {

// The settings of one interface while they are gathered.
struct InterfaceDraft {
  core::Settings settings;     // of both families; the version and the source are IGMP's
  bool igmp = true;            // false: igmp_version is off
  std::optional<Version> mld;  // nothing: mld_version is off

  bool operator==(const InterfaceDraft&) const = default;
};

InterfaceDraft draft_of(const InterfaceConfig& interface);
InterfaceConfig config_of(const std::string& name, const InterfaceDraft& draft);

// What a value looks like, which says how TOML may spell it: a switch is a boolean (and a flag
// without a value), a count an integer, a fraction any number, a duration a string or a number of
// seconds, a version a string or an integer, a word a string.
enum class Kind : std::uint8_t { kSwitch, kCount, kFraction, kDuration, kVersion, kWord };

// What a value is about. Interface settings are allowed in [querier] and [[interface]].
enum class Scope : std::uint8_t { kConfigFile, kInterfaceName, kInterface, kProcess };

// A second flag, without a value, that stands for one value.
struct Shorthand {
  std::string_view flags;  // "-v,--verbose"; empty: there is none
  std::string_view value;
};

struct Option {
  std::string_view key;       // in TOML: "query_interval", "log.level"; empty: not in files
  std::string_view flag;      // "--query-interval"
  char letter = 0;            // 'q'; 0: none
  std::string_view variable;  // "QUERENT_QUERY_INTERVAL"; empty: not in the environment
  Kind kind = Kind::kWord;
  Scope scope = Scope::kInterface;
  std::string_view placeholder;  // "D"; empty for a switch
  std::string_view by_default;   // as a value is written; in brackets where it is none
  std::string_view allowed;      // completes "is not ..."
  std::string_view group;        // the heading in --help
  std::string_view help;
  Shorthand shorthand{};

  // Takes over a value (of a list: adds it); false: it is not allowed, and nothing was changed.
  // The one that fits the scope is set.
  bool (*set_interface)(std::string_view text, InterfaceDraft& draft) = nullptr;
  bool (*set_process)(std::string_view text, Config& config) = nullptr;
  // What set_* reads as the same again, of a list with commas between them; empty: it cannot be
  // said.
  std::string (*show_interface)(const InterfaceDraft& draft) = nullptr;
  std::string (*show_process)(const Config& config) = nullptr;
  // Lists of the process alone: forgets the default, and what a weaker voice said.
  void (*clear)(Config& config) = nullptr;
  // What to do about a value that is not allowed, beyond `allowed`; empty: nothing.
  std::string (*advise)(std::string_view text) = nullptr;

  // May be given more than once, each adding to the others; else the last one counts.
  bool is_list() const { return scope == Scope::kInterfaceName || clear != nullptr; }
};

std::span<const Option> options();

// The option with this key, flag or variable; nullptr: none has.
const Option* find_option(std::string_view name);

// The option that names the configuration file.
const Option& config_file_option();

}  // namespace querent::config
