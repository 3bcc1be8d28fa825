#include "config/text.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <string_view>

#include "base/duration.hpp"
#include "config/options.hpp"
#include "core/intervals.hpp"

namespace querent::config {

namespace {

std::string toml_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + '"';
}

bool is_bare(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::kSwitch:
    case Kind::kCount:
    case Kind::kFraction:
      return true;
    case Kind::kVersion:
      return text != "off";
    case Kind::kDuration:
    case Kind::kWord:
      break;
  }
  return false;
}

// What "auto" comes to.
std::string comment(std::string_view key, const core::Settings& settings) {
  if (key == "max_response" && !settings.max_response)
    return "  # " + duration_text(core::own_values(settings, settings.version).query_response);
  if (key == "startup_interval" && !settings.startup_interval)
    return "  # " + duration_text(core::startup_query_interval(settings));
  return {};
}

// Of many values as an array.
std::string value_text(const Option& option, const std::string& text) {
  if (!option.is_list() || text.find(',') == std::string::npos)
    return is_bare(option.kind, text) ? text : toml_string(text);
  std::string array;
  for (std::string_view rest = text; !rest.empty();) {
    const auto item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    array += fmt::format("{}{}", array.empty() ? "" : ", ", toml_string(item));
  }
  return fmt::format("[{}]", array);
}

std::string process_text(const Config& config) {
  std::string top;
  std::map<std::string_view, std::string> sections;
  for (const Option& option : options()) {
    if (option.show_process == nullptr) continue;
    const std::string text = option.show_process(config);
    const auto dot = option.key.find('.');
    if (option.key.empty()) {
      if (text != option.by_default) top += fmt::format("# {}={}\n", option.flag, text);
    } else if (!text.empty()) {
      const bool is_top = dot == std::string_view::npos;
      std::string& into = is_top ? top : sections[option.key.substr(0, dot)];
      into += fmt::format("{} = {}\n", option.key.substr(is_top ? 0 : dot + 1),
                          value_text(option, text));
    }
  }
  for (const auto& [name, assignments] : sections)
    top += fmt::format("{}[{}]\n{}", top.empty() ? "" : "\n", name, assignments);
  return top;
}

// With the group of each ka9q-radio stream.
std::string names_text(const NameConfig& names) {
  if (names == NameConfig{}) return {};
  std::string text = "\n[names]\n";
  for (const auto& [group, name] : names.by_address)
    text += fmt::format("\"{}\" = {}\n", group.to_string(), toml_string(name));
  if (names.ka9q.empty()) return text;
  text += "ka9q = [\n";
  for (const auto& name : names.ka9q) {
    text += fmt::format("  {},  # {}\n", toml_string(name), ka9q_group(name).to_string());
  }
  return text + "]\n";
}

std::string interface_text(const InterfaceConfig& interface) {
  std::string text = fmt::format("\n[[interface]]\nname = {}\n", toml_string(interface.name));
  const InterfaceDraft draft = draft_of(interface);
  for (const Option& option : options()) {
    if (option.show_interface == nullptr) continue;
    text += fmt::format("{} = {}", option.key, value_text(option, option.show_interface(draft)));
    text += comment(option.key, draft.settings) + '\n';
  }
  return text;
}

}  // namespace

std::string to_toml(const Config& config) {
  std::string text = process_text(config);
  for (const auto& interface : config.interfaces)
    text += interface_text(interface);
  return text + names_text(config.names);
}

}  // namespace querent::config
