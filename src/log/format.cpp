#include "log/format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/wall_time.hpp"

namespace querent::log {
namespace {

using Time = std::chrono::system_clock::time_point;

struct LevelWords {
  std::string_view name;
  std::string_view padded;
  std::string_view colour;
  int priority;  // syslog(3)
};

const LevelWords& words(config::LogLevel level) {
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
  const auto interface = on_one_line(line.interface);
  if (!line.family) return fmt::format("{}: ", interface);
  return fmt::format("{} {}: ", interface, name(*line.family));
}

std::string json_of(const LogLine& line) {
  nlohmann::ordered_json json;
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

std::string text_before(const LevelWords& level, const LogStyle& style, Time time) {
  std::string out;
  if (!style.journal) out += utc(time) + ' ';
  return out + (style.colour ? fmt::format("{}{}\x1b[0m ", level.colour, level.padded)
                             : fmt::format("{} ", level.padded));
}

}  // namespace

std::string plain_text(const LogLine& line) {
  std::string text = on_one_line(shortened(line.text));
  if (line.merged)
    text += fmt::format(" ... {} more in {} s", line.merged->more, seconds(line.merged->over));
  return text;
}

std::string_view name(config::LogLevel level) {
  return words(level).name;
}

std::string format_rest(const LogLine& line, config::LogFormat format) {
  return format == config::LogFormat::kJson ? json_of(line) : subject(line) + plain_text(line);
}

std::string complete_line(std::string_view rest, config::LogLevel level, const LogStyle& style,
                          Time time) {
  const auto& said = words(level);
  std::string out;
  if (style.journal) out = fmt::format("<{}>", said.priority);
  if (style.format == config::LogFormat::kJson) {
    rest.remove_prefix(1);  // its brace
    out += fmt::format(R"({{"time":"{}","level":"{}",)", utc(time), said.name);
  } else {
    out += text_before(said, style, time);
  }
  return out.append(rest) + '\n';
}

std::string format_line(const LogLine& line, const LogStyle& style, Time time) {
  return complete_line(format_rest(line, style.format), line.level, style, time);
}

}  // namespace querent::log
