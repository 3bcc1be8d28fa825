#include "config/reader.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>
#include <string_view>
#include <unistd.h>

#include "base/text.hpp"
#include "config/interface_name.hpp"
#include "config/listen_address.hpp"
#include "config/setting_layers.hpp"

namespace querent::config {

namespace {

constexpr std::string_view kVariablePrefix = "QUERENT_";

// More say no more than that the file is another one than was meant.
constexpr std::size_t kMaxErrors = 100;

void take_list(const Option& option, const std::string& name, std::string_view items,
               SettingList& into) {
  const std::size_t before = into.size();
  for (auto rest = items; !rest.empty();) {
    const auto item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const auto value = trimmed(item);
    if (!value.empty()) into.push_back({&option, std::string(value), name});
  }
  if (into.size() == before) into.push_back({&option, std::string(items), name});
}

SettingList environment_settings(const Given& given, Complaints& warnings) {
  std::vector<std::string_view> known;  // behind the prefix, which would make all of them alike
  for (const Option& option : options())
    if (!option.variable.empty()) known.push_back(option.variable.substr(kVariablePrefix.size()));
  SettingList settings;
  for (const auto& [name, value] : given.environment) {
    if (value.empty()) continue;
    const Option* const option = find_option(name);
    if (option == nullptr || option->variable != name) {
      // Others have variables with this prefix, too: Kubernetes has for every service.
      const auto rest =
          std::string_view(name).substr(std::min(name.size(), kVariablePrefix.size()));
      if (const auto near = nearest(rest, known))
        warnings.push_back(
            {name, "is not a setting", fmt::format("did you mean {}{}?", kVariablePrefix, *near)});
    } else if (option->is_list()) {
      take_list(*option, name, value, settings);
    } else {
      settings.push_back({option, value, name});
    }
  }
  return settings;
}

bool is_name(const Setting& setting) {
  return setting.option->scope == Scope::kInterfaceName;
}

bool names_an_interface(const SettingList& settings) {
  return std::any_of(settings.begin(), settings.end(), is_name);
}

const Setting* last_file(const SettingList& settings) {
  const Setting* file = nullptr;
  for (const Setting& setting : settings)
    if (setting.option->scope == Scope::kConfigFile) file = &setting;
  return file;
}

class Reader {
 public:
  explicit Reader(const Given& given) : flags_(given.flags), web_has_ipv6_(given.web_has_ipv6) {
    environment_ = environment_settings(given, warnings_);
  }

  const SettingList& flags() const { return flags_; }
  const SettingList& environment() const { return environment_; }
  bool has_named_interfaces() const {
    return names_an_interface(flags_) || names_an_interface(environment_);
  }

  void read_file(const ConfigFile& file) {
    file_ = parse_config_file(file, errors_);
    file_is_unknown_ = !errors_.empty();
    config_.file = file.path;
  }

  void complain(Complaint error) {
    errors_.push_back(std::move(error));
    file_is_unknown_ = true;
  }

  Result<ReadConfig, Complaints> finish() {
    read_process();
    check_interface_settings();
    compose_interfaces();
    keep_first_of_each(errors_);
    keep_first_of_each(warnings_);
    if (errors_.empty()) return ReadConfig{std::move(config_), std::move(warnings_)};
    if (errors_.size() > kMaxErrors) {
      const std::size_t rest = errors_.size() - kMaxErrors;
      errors_.resize(kMaxErrors);
      errors_.push_back({"configuration", fmt::format("{} more errors are not shown", rest)});
    }
    return failure(std::move(errors_));
  }

 private:
  // What is wrong once for all interfaces is said once.
  static void keep_first_of_each(Complaints& complaints) {
    std::set<std::pair<std::string, std::string>> seen;
    std::erase_if(complaints, [&](const Complaint& complaint) {
      return !seen.emplace(complaint.what, complaint.why).second;
    });
  }

  void read_process() {
    take_process(file_.process);
    take_process(environment_);
    take_process(flags_);
    config_.names = std::move(file_.names);
  }

  void take_process(const SettingList& settings) {
    clear_lists(settings);
    check_listen_addresses(settings, web_has_ipv6_, errors_);
    for (const Setting& setting : settings)
      if (setting.option->set_process != nullptr &&
          !setting.option->set_process(setting.text, config_)) {
        errors_.push_back(not_allowed(setting));
      }
  }

  // A list replaces that of a weaker voice.
  void clear_lists(const SettingList& settings) {
    for (const Setting& setting : settings)
      if (setting.option->clear != nullptr) setting.option->clear(config_);
  }

  void check_interface_settings() {
    check_list(file_.querier);
    for (const auto& section : file_.interfaces)
      check_list(section.settings);
    check_list(environment_);
    check_list(flags_);
    SettingList names;
    for (const auto& section : file_.interfaces)
      names.push_back(section.name);
    check_names(names);
    check_names(environment_);
    check_names(flags_);
  }

  void check_list(const SettingList& settings) {
    InterfaceDraft draft;
    for (const Setting& setting : settings)
      if (setting.option->set_interface != nullptr &&
          !setting.option->set_interface(setting.text, draft)) {
        errors_.push_back(not_allowed(setting));
      }
  }

  void check_names(const SettingList& settings) {
    std::set<std::string_view> seen;
    for (const Setting& setting : settings) {
      if (!is_name(setting)) continue;
      if (!is_interface_name(setting.text)) {
        errors_.push_back(not_allowed(setting));
      } else if (!seen.insert(setting.text).second) {
        errors_.push_back({setting.origin,
                           fmt::format("{} is named more than once", in_quotes(setting.text)),
                           "name each interface once"});
      }
    }
  }

  const InterfaceSection* section_of(const std::string& name) const {
    const auto& sections = file_.interfaces;
    auto found = std::find_if(sections.begin(), sections.end(),
                              [&](const auto& section) { return section.name.text == name; });
    if (found == sections.end()) {
      found = std::find_if(sections.begin(), sections.end(), [&](const auto& section) {
        return stands_for(section.name.text, name, std::nullopt);
      });
    }
    return found == sections.end() ? nullptr : &*found;
  }

  void compose_interfaces() {
    if (!has_named_interfaces()) {
      for (const auto& section : file_.interfaces)
        compose(section.name.text, &section);
    } else {
      for (const Setting& setting : names_an_interface(flags_) ? flags_ : environment_)
        if (is_name(setting)) compose(setting.text, section_of(setting.text));
    }
    if (config_.interfaces.empty() && !file_is_unknown_) {
      errors_.push_back(
          {"interface", "none is named", "say -i eth0, QUERENT_INTERFACE=eth0 or [[interface]]"});
    }
    if (config_.interfaces.size() > kMaxInterfaces) {
      errors_.push_back({"interface",
                         fmt::format("{} interfaces are too many", config_.interfaces.size()),
                         fmt::format("name at most {}, or a pattern", kMaxInterfaces)});
    }
  }

  void compose(const std::string& name, const InterfaceSection* section) {
    SettingLayers layers;
    layers.add(file_.querier);
    if (section != nullptr) layers.add(section->settings);
    layers.add(environment_);
    layers.add(flags_);
    check_together(layers, errors_, warnings_);
    config_.interfaces.push_back(config_of(name, layers.draft()));
  }

  const SettingList& flags_;
  bool web_has_ipv6_;
  SettingList environment_;
  FileSettings file_;
  bool file_is_unknown_ = false;  // or a part of it is
  Config config_;
  Complaints errors_;
  Complaints warnings_;
};

}  // namespace

Result<ReadConfig, Complaints> read_config(const Given& given,
                                           const std::optional<ConfigFile>& file) {
  Reader reader(given);
  if (file) reader.read_file(*file);
  return reader.finish();
}

Result<ReadConfig, Complaints> load_config(const Given& given) {
  Reader reader(given);
  const Setting* said = last_file(reader.flags());
  if (said == nullptr) said = last_file(reader.environment());
  if (said == nullptr && reader.has_named_interfaces()) return reader.finish();
  const std::string path = said != nullptr ? said->text : given.default_file;
  auto text = read_whole_file(path);
  if (text) {
    reader.read_file({path, std::move(*text)});
  } else if (said != nullptr || !text.error().is_missing) {
    const bool is_named = said != nullptr && !said->origin.empty();
    reader.complain({is_named ? said->origin : on_one_line(path),
                     fmt::format("{}cannot be read: {}", is_named ? in_quotes(path) + " " : "",
                                 text.error().why),
                     {}});
  }
  return reader.finish();
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const auto end = variable.find('=');
    if (variable.starts_with(kVariablePrefix) && end != std::string_view::npos)
      variables.emplace_back(variable.substr(0, end), variable.substr(end + 1));
  }
  return variables;
}

}  // namespace querent::config
