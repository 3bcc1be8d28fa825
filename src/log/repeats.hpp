#pragma once

#include <compare>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/line.hpp"
#include "querent/time.hpp"

namespace querent::log {

// Merges the lines that repeat, so that a network can fill neither the log nor memory: it is told
// the time and says what is to be written. Time must not run backwards.
class LogRepeats {
 public:
  static constexpr Duration kWindow = std::chrono::seconds{60};
  // Of so many kinds repeats are told apart; lines of further kinds are counted together.
  static constexpr std::size_t kKinds = 1024;

  // What is to be written now, in this order: what has become due, then `line`, unless it is a
  // repeat and counted. Lines that do not repeat always pass.
  std::vector<LogLine> offer(LogLine line, Instant now);

  // One line, the latest, for each kind whose time is over and that had repeats. It is forgotten:
  // its next line is a first one again.
  std::vector<LogLine> take_due(Instant now);
  // The same of all kinds, before their time: nothing will come any more.
  std::vector<LogLine> take_all(Instant now);

  // When take_due has something to do; kNever when nothing is remembered.
  Instant deadline() const;

 private:
  struct Kind {
    std::string_view event;
    std::string interface;
    std::optional<Family> family;
    std::string_view detail;

    auto operator<=>(const Kind&) const = default;
  };
  struct Window {
    LogLine latest;
    Instant since;
    std::uint64_t more = 0;
  };

  static Kind kind_of(const LogLine& line);
  void open_window(const LogLine& line, Instant now, std::uint64_t more);
  bool is_counted(LogLine& line, Instant now);
  void close_oldest(std::vector<LogLine>& told, Instant now);

  std::map<Kind, Window> windows_;
  std::deque<Kind> oldest_first_;
};

}  // namespace querent::log
