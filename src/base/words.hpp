#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Words of people, for messages to people.

namespace querent::app {

// The candidate that `word` was probably meant to be; nothing when none is near.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// How many octets the UTF-8 character at the start of `text` has; 0: it is none.
std::size_t utf8_length(std::string_view text);

// Safe to print as part of one line: control characters and what is not UTF-8 become \xNN.
std::string on_one_line(std::string_view text);

// The same in double quotes, and cut where it is long.
std::string quoted(std::string_view text);

}  // namespace querent::app
