#include "base/duration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <limits>

#include "base/text.hpp"

namespace querent {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMostSeconds = std::int64_t{100} * 366 * 24 * 3600;
constexpr std::array<Unit, 6> kUnits{{
    {"d", kSecond * 24 * 3600},
    {"h", kSecond * 3600},
    {"m", kSecond * 60},
    {"s", kSecond},
    {"ms", kMillisecond},
    {"us", 1'000},
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

struct Part {
  std::int64_t amount = 0;  // nanoseconds
  std::int64_t unit = 0;
  bool has_fraction = false;
  bool is_bare = false;  // without a unit
};

std::optional<Part> take_part(std::string_view& text) {
  const auto whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  const auto name = text.substr(0, text.find_first_of(kDigits));
  text.remove_prefix(name.size());
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                        [&](const Unit& known) { return known.name == name; });
  if (unit == kUnits.end() && !name.empty()) return std::nullopt;
  const std::int64_t nanoseconds = name.empty() ? kSecond : unit->nanoseconds;
  const auto amount = of_units(whole, fraction, nanoseconds);
  if (!amount) return std::nullopt;
  return Part{*amount, nanoseconds, !fraction.empty(), name.empty()};
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

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  bool is_first = true;
  bool is_last = false;
  do {
    const auto part = take_part(text);
    // Seconds need no unit, but stand alone then.
    if (!part || is_last || part->unit >= before || (part->is_bare && !is_first)) {
      return std::nullopt;
    }
    if (part->amount > kMostSeconds * kSecond - total) return std::nullopt;
    total += part->amount;
    is_first = false;
    before = part->unit;
    is_last = part->has_fraction || part->is_bare;
  } while (!text.empty());
  return Duration(total);
}

std::string duration_text(Duration duration) {
  const std::int64_t amount = duration.count();
  if (amount != 0 && amount < kSecond) return decimal(amount, kMillisecond) + "ms";
  return decimal(amount, kSecond) + "s";
}

std::string in_words(Duration duration) {
  using namespace std::chrono_literals;
  const auto two = [](auto large, char a, auto small, char b) {
    return small == 0 ? fmt::format("{}{}", large, a) : fmt::format("{}{}{}{}", large, a, small, b);
  };
  const auto tenths = [duration](Duration unit, std::string_view name) {
    const auto tenth = duration % unit / (unit / 10);
    return tenth == 0 ? fmt::format("{}{}", duration / unit, name)
                      : fmt::format("{}.{}{}", duration / unit, tenth, name);
  };
  if (duration < 1us) return "0s";
  if (duration < 1ms) return fmt::format("{}us", duration / 1us);
  if (duration < 10ms) return tenths(1ms, "ms");
  if (duration < 1s) return fmt::format("{}ms", duration / 1ms);
  if (duration < 1min) return tenths(1s, "s");
  if (duration < 1h) return two(duration / 1min, 'm', duration % 1min / 1s, 's');
  if (duration < 24h) return two(duration / 1h, 'h', duration % 1h / 1min, 'm');
  return two(duration / 24h, 'd', duration % 24h / 1h, 'h');
}

}  // namespace querent
