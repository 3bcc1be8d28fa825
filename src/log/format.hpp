#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "log/line.hpp"

namespace querent::log {

// "trace" .. "error", as in the configuration.
std::string_view name(config::LogLevel level);

struct LogStyle {
  config::LogFormat format = config::LogFormat::kText;
  bool journal = false;  // read by journald, which has a clock and wants priorities: sd-daemon(3)
  bool colour = false;   // of the level, in text
};

// One line with its newline, and without any other control character: they are escaped, as is
// what is not UTF-8. Of a longer text than kLongestText bytes the rest is left out.
//
// Text: "2026-01-31T12:00:00.123Z info  eth0 ipv4: election lost to ..."; for journald
// "<6>info  eth0 ipv4: election lost to ...". JSON: an object of time, level, event, interface,
// family, detail, text, more and seconds; what a line does not have is absent.
std::string format_line(const LogLine& line, const LogStyle& style,
                        std::chrono::system_clock::time_point time);
// The same in two steps, for who keeps time and level apart from the rest: first the rest, then all
// of it.
std::string format_rest(const LogLine& line, config::LogFormat format);
std::string complete_line(std::string_view rest, config::LogLevel level, const LogStyle& style,
                          std::chrono::system_clock::time_point time);

// The text alone, with what it stands for: "unreadable packet from ... 214 more in 60 s".
std::string plain_text(const LogLine& line);

inline constexpr std::size_t kLongestText = 2000;

}  // namespace querent::log
