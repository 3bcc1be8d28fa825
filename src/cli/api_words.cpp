#include "cli/api_words.hpp"

#include <array>
#include <chrono>
#include <fmt/core.h>
#include <utility>

#include "app/narrate.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

std::string span_words(client::JsonValue seconds) {
  const auto span = seconds.seconds();
  if (!span) return {};
  return in_words(*span < 10s ? *span : std::chrono::floor<std::chrono::seconds>(*span));
}

std::string ago_words(client::JsonValue seconds) {
  const auto span = span_words(seconds);
  return span.empty() ? std::string(kNothing) : span + " ago";
}

std::string state_words(client::JsonValue status, client::JsonValue of) {
  const std::string name = of["state"].text_or("?");
  return status["state_words"][name].text_or(name);
}

std::string version_words(client::JsonValue version) {
  const auto number = version.count();
  return number ? fmt::format("v{}", *number) : std::string(kNothing);
}

std::string count_words(client::JsonValue count) {
  const auto number = count.count();
  return number ? fmt::format("{}", *number) : std::string(kNothing);
}

std::string segment_words(client::JsonValue interface, client::JsonValue segment) {
  return interface["name"].text_or("?") + ' ' + segment["family"].text_or("?");
}

std::string tinted(std::string_view text, Tint tint, bool colour) {
  constexpr std::array<std::string_view, 4> kCodes = {"32", "33", "1;31", "2"};
  if (!colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(tint)), text);
}

std::string missing_interface(client::JsonValue status, const std::string& name) {
  constexpr std::size_t kNamed = 16;  // of hundreds
  std::string names;
  std::size_t named = 0;
  for (const client::JsonValue interface : status["interfaces"].items()) {
    if (interface["name"].raw() == name) return {};
    if (++named > kNamed) continue;
    names += (names.empty() ? "" : ", ") + interface["name"].text_or("?");
  }
  return fmt::format("the appliance has no interface {} (it has {}{})", in_quotes(name),
                     names.empty() ? "none" : names, named > kNamed ? ", ..." : "");
}

}  // namespace querent::cli
