#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/time.hpp"

// Values as text, the same on the command line, in the environment and in files.

namespace querent::app {

// "60" and "60s", "2.5s", "500ms", "2m", "1h". Nothing for anything else, also when it is negative
// or more than 100 years.
std::optional<Duration> parse_duration(std::string_view text);

// What parse_duration reads as the same again: "60s", "2.5s", "500ms".
std::string to_text(Duration duration);

// true, yes, on, 1 and their opposites.
std::optional<bool> parse_switch(std::string_view text);

// All of `text` as a decimal number (an integer or a double).
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A name of an interface, a pattern of names (* ? [ ]), or "auto". The kernel would allow commas;
// lists of names would not.
bool is_interface_name(std::string_view text);

// Without the blanks around it.
std::string_view trimmed(std::string_view text);

}  // namespace querent::app
