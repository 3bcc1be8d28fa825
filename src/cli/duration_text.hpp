#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace querent::cli {

// "60", "60s", "500ms", "2m", "1.5h", "20us": a number and a unit, seconds without one. Nothing
// when it is something else, negative, or longer than a year.
std::optional<Duration> parse_duration(std::string_view text);

// For a table: "0", "21 us", "1.4 ms", "101 ms", "3.2 s", "2m05s", "3h12m".
std::string short_duration(Duration duration);

}  // namespace querent::cli
