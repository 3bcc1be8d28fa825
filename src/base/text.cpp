#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/core.h>
#include <numeric>
#include <utility>
#include <vector>

namespace querent {

namespace {

// Nobody's typing error is longer, and the work grows with it.
constexpr std::size_t kLongestWord = 64;

constexpr std::size_t kLongestQuote = 120;

// Insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> current(to.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[to.size()];
}

std::uint8_t octet(char c) {
  return static_cast<std::uint8_t>(c);
}

bool is_control(std::string_view character) {
  const auto first = octet(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return character.size() == 2 && first == 0xC2 && octet(character[1]) < 0xA0;
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = 0;
  for (const auto candidate : candidates) {
    const std::size_t so_far = distance(word, candidate);
    const std::size_t tolerated =
        std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    if (so_far > tolerated || (best && so_far >= best_distance)) continue;
    best = candidate;
    best_distance = so_far;
  }
  return best;
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = octet(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((octet(text[i]) & 0xC0U) != 0x80U) return 0;
  const auto second = octet(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool no_character = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || no_character ? 0 : length;
}

std::string on_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character)) {
      for (const char c : character)
        line += fmt::format("\\x{:02x}", octet(c));
    } else {
      line += character;
    }
    text.remove_prefix(character.size());
  }
  return line;
}

std::string in_quotes(std::string_view text) {
  if (text.size() <= kLongestQuote) return '"' + on_one_line(text) + '"';
  std::size_t cut = kLongestQuote;
  while (cut > 0 && (octet(text[cut]) & 0xC0U) == 0x80U)
    --cut;
  return '"' + on_one_line(text.substr(0, cut)) + "...\"";
}

std::optional<bool> parse_switch(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOn{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> kOff{"false", "no", "off", "0"};
  if (std::find(kOn.begin(), kOn.end(), text) != kOn.end()) return true;
  if (std::find(kOff.begin(), kOff.end(), text) != kOff.end()) return false;
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string as_utf8(std::string text) {
  const auto is_ascii = [](char c) { return octet(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return text;
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string good;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    good += length == 0 ? kReplacement : rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return good;
}

std::string spelled(Address address, const MacAddress& mac) {
  return mac.is_known() ? fmt::format("{} ({})", address.to_string(), mac.to_string())
                        : address.to_string();
}

}  // namespace querent
