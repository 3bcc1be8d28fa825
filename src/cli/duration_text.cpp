#include "cli/duration_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::pair<std::string_view, Duration>, 7> kUnits{
    {{"", 1s}, {"s", 1s}, {"ms", 1ms}, {"us", 1us}, {"m", 1min}, {"min", 1min}, {"h", 1h}}};
constexpr Duration kYear = 365 * 24h;

double in(Duration duration, Duration unit) {
  return static_cast<double>(duration.count()) / static_cast<double>(unit.count());
}

// Cut, not rounded: what is below a minute never reads like one.
std::string with_tenths(Duration duration, Duration unit) {
  return fmt::format("{}.{}", duration / unit, duration % unit / (unit / 10));
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  double count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count, std::chars_format::fixed);
  if (error != std::errc{} || !(count >= 0)) return {};
  for (const auto& [name, unit] : kUnits) {
    if (std::string_view(rest, static_cast<std::size_t>(end - rest)) != name) continue;
    if (count * in(unit, 1s) > in(kYear, 1s)) return {};
    return scaled(unit, count);
  }
  return {};
}

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
