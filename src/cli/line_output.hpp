#pragma once

#include <string>
#include <string_view>

#include "querent/time.hpp"

namespace querent::cli {

enum class Written : std::uint8_t {
  kYes,
  kClosed,  // whoever read stdout has gone: no error, and nobody to say it to
  kLost,    // complained about
};

// The line and a line end, to stdout at once. The first call ignores SIGPIPE from then on.
Written print_line(std::string_view line);
// The same without a line end.
Written print_text(const std::string& whole);

// "14:03:22.123" where we live, of a time since 1970-01-01 00:00 UTC.
std::string clock_text(Duration time);

// The time now, as clock_text and captures count it.
Duration wall_clock();

}  // namespace querent::cli
