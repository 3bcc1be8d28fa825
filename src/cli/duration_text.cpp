#include "cli/duration_text.hpp"

#include <chrono>
#include <fmt/format.h>

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

// Cut, not rounded: what is below a minute never reads like one.
std::string with_tenths(Duration duration, Duration unit) {
  return fmt::format("{}.{}", duration / unit, duration % unit / (unit / 10));
}

}  // namespace

std::string short_duration(Duration duration) {
  if (duration < 1us) return "0";
  if (duration < 1ms) return fmt::format("{} us", duration / 1us);
  if (duration < 10ms) return with_tenths(duration, 1ms) + " ms";
  if (duration < 1s) return fmt::format("{} ms", duration / 1ms);
  if (duration < 1min) return with_tenths(duration, 1s) + " s";
  if (duration < 1h) return fmt::format("{}m{:02}s", duration / 1min, duration % 1min / 1s);
  return fmt::format("{}h{:02}m", duration / 1h, duration % 1h / 1min);
}

}  // namespace querent::cli
