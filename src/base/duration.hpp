#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "querent/time.hpp"

// Durations as text, the same on the command line, in the environment, in files and in output.

namespace querent {

// "60" and "60s", "2.5s", "500ms", "20us", "2m", "1h", "1d", and several units, the largest first:
// "1m30s". Nothing for anything else, also when it is negative or more than 100 years.
std::optional<Duration> parse_duration(std::string_view text);

// Exact: what parse_duration reads as the same again: "60s", "2.5s", "500ms".
std::string duration_text(Duration duration);

// For people: "3h12m", "4m15s", "2.5s", "120ms", "21us". Two units or two digits, cut and not
// rounded: 59.97 s does not become a minute. parse_duration reads it.
std::string in_words(Duration duration);

}  // namespace querent
