#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "querent/address.hpp"

// Text from people and text for people.

namespace querent {

// The candidate that `word` was probably meant to be; nothing when none is near.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// How many octets the UTF-8 character at the start of `text` has; 0: it is none.
std::size_t utf8_length(std::string_view text);

// Safe to print as part of one line: control characters and what is not UTF-8 become \xNN.
std::string on_one_line(std::string_view text);

// The same in double quotes, and cut where it is long.
std::string in_quotes(std::string_view text);

// The text, with U+FFFD in the place of each octet that is not UTF-8.
std::string as_utf8(std::string text);

// "192.168.1.9 (52:54:00:12:34:56)", or the address alone where the MAC is not known.
std::string spelled(Address address, const MacAddress& mac);

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

// Without the blanks around it.
std::string_view trimmed(std::string_view text);

}  // namespace querent
