#include "app/config_text.hpp"

#include <fmt/core.h>
#include <string_view>

#include "app/options.hpp"
#include "app/values.hpp"
#include "core/intervals.hpp"

namespace querent::app {

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

std::string assignment(std::string_view key, Kind kind, std::string_view text) {
  return fmt::format("{} = {}", key, is_bare(kind, text) ? std::string(text) : toml_string(text));
}

// What "auto" comes to.
std::string comment(std::string_view key, const core::Settings& settings) {
  if (key == "max_response" && !settings.max_response)
    return "  # " + to_text(core::own_values(settings, settings.version).query_response);
  if (key == "startup_interval" && !settings.startup_interval)
    return "  # " + to_text(core::startup_query_interval(settings));
  return {};
}

std::string process_text(const Config& config) {
  constexpr std::string_view kLog = "log.";
  std::string top;
  std::string log = "[log]\n";
  for (const Option& option : options()) {
    if (option.show_process == nullptr) continue;
    const std::string text = option.show_process(config);
    if (option.key.empty()) {
      if (text != option.by_default) top += fmt::format("# {}={}\n", option.flag, text);
    } else if (option.key.starts_with(kLog)) {
      log += assignment(option.key.substr(kLog.size()), option.kind, text) + '\n';
    } else if (!text.empty()) {
      top += assignment(option.key, option.kind, text) + '\n';
    }
  }
  return top.empty() ? log : top + '\n' + log;
}

std::string interface_text(const InterfaceConfig& interface) {
  std::string text = "\n[[interface]]\n" + assignment("name", Kind::kWord, interface.name) + '\n';
  const InterfaceDraft draft = draft_of(interface);
  for (const Option& option : options()) {
    if (option.show_interface == nullptr) continue;
    text += assignment(option.key, option.kind, option.show_interface(draft));
    text += comment(option.key, draft.settings) + '\n';
  }
  return text;
}

}  // namespace

std::string to_toml(const Config& config) {
  std::string text = process_text(config);
  for (const auto& interface : config.interfaces)
    text += interface_text(interface);
  return text;
}

}  // namespace querent::app
