#include "base/values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/core.h>

namespace querent::app {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMostSeconds = std::int64_t{100} * 366 * 24 * 3600;
constexpr std::array<Unit, 5> kUnits{{
    {"", kSecond},
    {"s", kSecond},
    {"ms", kMillisecond},
    {"m", 60 * kSecond},
    {"h", 3600 * kSecond},
}};

constexpr std::string_view kDigits = "0123456789";

std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, text.find_first_not_of(kDigits));
  text.remove_prefix(digits.size());
  return digits;
}

// "2.5" of units, exactly as far as there are nanoseconds.
std::optional<std::int64_t> of_units(std::string_view whole, std::string_view fraction,
                                     std::int64_t unit) {
  const auto number = parse_number<std::int64_t>(whole);
  if (!number || *number > kMostSeconds * kSecond / unit) return std::nullopt;
  std::int64_t total = *number * unit;
  std::int64_t place = unit;
  for (const char digit : fraction) {
    place /= 10;
    total += place * (digit - '0');
  }
  return total;
}

std::string decimal(std::int64_t amount, std::int64_t unit) {
  std::string text = fmt::format("{}", amount / unit);
  std::int64_t rest = amount % unit;
  if (rest != 0) text += '.';
  while (rest != 0) {
    unit /= 10;
    text += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return text;
}

constexpr std::size_t kLongestName = 15;  // IFNAMSIZ, without the 0
constexpr std::size_t kLongestPattern = 64;

bool may_be_in_a_name(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != '/' && c != ':' && c != ',';
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                        [&](const Unit& known) { return known.name == text; });
  if (unit == kUnits.end()) return std::nullopt;
  const auto total = of_units(whole, fraction, unit->nanoseconds);
  return total ? std::optional(Duration(*total)) : std::nullopt;
}

std::string to_text(Duration duration) {
  const std::int64_t amount = duration.count();
  if (amount != 0 && amount < kSecond) return decimal(amount, kMillisecond) + "ms";
  return decimal(amount, kSecond) + "s";
}

std::optional<bool> parse_switch(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOn{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> kOff{"false", "no", "off", "0"};
  if (std::find(kOn.begin(), kOn.end(), text) != kOn.end()) return true;
  if (std::find(kOff.begin(), kOff.end(), text) != kOff.end()) return false;
  return std::nullopt;
}

bool is_interface_name(std::string_view text) {
  const bool is_pattern = text.find_first_of("*?[") != std::string_view::npos;
  if (text.empty() || text.size() > (is_pattern ? kLongestPattern : kLongestName)) return false;
  if (text == "." || text == ".." || text.starts_with('=') || text.starts_with('-')) return false;
  return std::all_of(text.begin(), text.end(), may_be_in_a_name);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace querent::app
