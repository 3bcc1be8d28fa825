#include "config/process_setters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"
#include "config/listen_address.hpp"

namespace querent::config {

namespace {

constexpr std::array<std::string_view, 5> kLevels{"trace", "debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kFormats{"text", "json"};

template <class Enum, std::size_t N>
bool set_word(std::string_view text, Enum& into, const std::array<std::string_view, N>& words) {
  const auto* const word = std::find(words.begin(), words.end(), text);
  if (word == words.end()) return false;
  into = static_cast<Enum>(word - words.begin());
  return true;
}

}  // namespace

bool set_level(std::string_view text, Config& config) {
  return set_word(text, config.log.level, kLevels);
}

std::string show_level(const Config& config) {
  return std::string(kLevels.at(static_cast<std::size_t>(config.log.level)));
}

bool set_format(std::string_view text, Config& config) {
  return set_word(text, config.log.format, kFormats);
}

std::string show_format(const Config& config) {
  return std::string(kFormats.at(static_cast<std::size_t>(config.log.format)));
}

bool set_user(std::string_view text, Config& config) {
  constexpr std::size_t kLongest = 64;
  const auto may_be_in_it = [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != ':' && c != '/' && c != ',';
  };
  if (text.empty() || text.size() > kLongest || text.starts_with('-')) return false;
  if (!std::all_of(text.begin(), text.end(), may_be_in_it)) return false;
  config.user = text;
  return true;
}

std::string show_user(const Config& config) {
  return config.user.value_or("");
}

bool set_no_sandbox(std::string_view text, Config& config) {
  const auto is_on = parse_switch(text);
  if (is_on) config.sandbox = !*is_on;
  return is_on.has_value();
}

std::string show_no_sandbox(const Config& config) {
  return config.sandbox ? "false" : "true";
}

bool add_listen_address(std::string_view text, Config& config) {
  if (text == kOff) {
    config.web.listen.clear();
    return true;
  }
  auto address = parse_listen_address(text);
  if (address) config.web.listen.push_back(std::move(*address));
  return address.has_value();
}

std::string show_listen_addresses(const Config& config) {
  std::string text;
  for (const auto& address : config.web.listen)
    text += (text.empty() ? "" : ",") + to_text(address);
  return text.empty() ? std::string(kOff) : text;
}

void clear_listen_addresses(Config& config) {
  config.web.listen.clear();
}

bool set_basic_auth_file(std::string_view text, Config& config) {
  constexpr std::size_t kLongest = 4095;  // PATH_MAX, without the 0
  if (text.empty() || text.size() > kLongest || on_one_line(text) != text) return false;
  config.web.basic_auth_file = text;
  return true;
}

std::string show_basic_auth_file(const Config& config) {
  return config.web.basic_auth_file.value_or("");
}

}  // namespace querent::config
