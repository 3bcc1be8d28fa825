#include "app/log_format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "observe/words.hpp"

namespace querent::app {
namespace {

using Time = std::chrono::system_clock::time_point;

struct LevelWords {
  std::string_view name;
  std::string_view padded;
  std::string_view colour;
  int priority;  // syslog(3)
};

const LevelWords& words(LogLevel level) {
  static constexpr std::array<LevelWords, 5> kWords{{
      {"trace", "trace", "\x1b[2m", 7},
      {"debug", "debug", "\x1b[36m", 7},
      {"info", "info ", "\x1b[32m", 6},
      {"warn", "warn ", "\x1b[33m", 4},
      {"error", "error", "\x1b[31m", 3},
  }};
  return kWords.at(static_cast<std::size_t>(level));
}

bool continues(char octet) {
  return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
}

// Length of the character that `text` begins with; 0 when it is not UTF-8 (RFC 3629).
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length), continues))
    return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool too_high = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || too_high ? 0 : length;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = character_length(text);
    const auto character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (length != 0 && !is_control(character)) {
      out += character;
      continue;
    }
    for (const char octet : character)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(octet));
  }
  return out;
}

std::string shortened(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  auto end = kLongestText;
  for (int i = 0; i < 3 && continues(text[end]); ++i)
    --end;
  return text.substr(0, end) + "...";
}

std::int64_t seconds(Duration over) {
  return std::max<std::int64_t>(1, std::chrono::round<std::chrono::seconds>(over).count());
}

std::string subject(const LogLine& line) {
  if (line.interface.empty()) return {};
  const auto interface = escaped(line.interface);
  if (!line.family) return fmt::format("{}: ", interface);
  return fmt::format("{} {}: ", interface, name(*line.family));
}

std::string as_text(const LogLine& line, const LogStyle& style, Time time) {
  const auto& level = words(line.level);
  std::string out;
  if (!style.journal) out += observe::utc(time) + ' ';
  out += style.colour ? fmt::format("{}{}\x1b[0m ", level.colour, level.padded)
                      : fmt::format("{} ", level.padded);
  return out + subject(line) + plain_text(line);
}

std::string as_json(const LogLine& line, Time time) {
  nlohmann::ordered_json json;
  json["time"] = observe::utc(time);
  json["level"] = words(line.level).name;
  json["event"] = line.event;
  if (!line.interface.empty()) json["interface"] = line.interface;
  if (line.family) json["family"] = name(*line.family);
  if (!line.detail.empty()) json["detail"] = line.detail;
  json["text"] = shortened(line.text);
  if (line.merged) {
    json["more"] = line.merged->more;
    json["seconds"] = seconds(line.merged->over);
  }
  // ASCII alone, because JSON itself lets the control characters from DEL on pass.
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string plain_text(const LogLine& line) {
  std::string text = escaped(shortened(line.text));
  if (line.merged)
    text += fmt::format(" ... {} more in {} s", line.merged->more, seconds(line.merged->over));
  return text;
}

std::string_view name(LogLevel level) {
  return words(level).name;
}

std::string format_line(const LogLine& line, const LogStyle& style, Time time) {
  std::string out;
  if (style.journal) out = fmt::format("<{}>", words(line.level).priority);
  out += style.format == LogFormat::kJson ? as_json(line, time) : as_text(line, style, time);
  out += '\n';
  return out;
}

}  // namespace querent::app
