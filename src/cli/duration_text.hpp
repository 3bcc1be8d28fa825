#pragma once

#include <string>

#include "base/time.hpp"

namespace querent::cli {

// For a table: "0", "21 us", "1.4 ms", "101 ms", "3.2 s", "2m05s", "3h12m".
std::string short_duration(Duration duration);

}  // namespace querent::cli
