#include "log/repeats.hpp"

#include <utility>

namespace querent::log {
namespace {

LogLine of_further_kinds() {
  return {.level = config::LogLevel::kWarn,
          .event = "repeats_of_further_kinds",
          .text = "too many kinds of repeating lines: lines of further kinds are only counted",
          .repeats = true};
}

}  // namespace

std::vector<LogLine> LogRepeats::offer(LogLine line, Instant now) {
  auto told = take_due(now);
  if (!line.repeats || !is_counted(line, now)) told.push_back(std::move(line));
  return told;
}

std::vector<LogLine> LogRepeats::take_due(Instant now) {
  std::vector<LogLine> told;
  while (deadline() <= now)
    close_oldest(told, now);
  return told;
}

std::vector<LogLine> LogRepeats::take_all(Instant now) {
  std::vector<LogLine> told;
  while (!oldest_first_.empty())
    close_oldest(told, now);
  return told;
}

Instant LogRepeats::deadline() const {
  if (oldest_first_.empty()) return kNever;
  return windows_.at(oldest_first_.front()).since + kWindow;
}

LogRepeats::Kind LogRepeats::kind_of(const LogLine& line) {
  return {line.event, line.interface, line.family, line.detail};
}

void LogRepeats::open_window(const LogLine& line, Instant now, std::uint64_t more) {
  auto kind = kind_of(line);
  windows_.emplace(kind, Window{line, now, more});
  oldest_first_.push_back(std::move(kind));
}

// Replaces a line of one kind too many by the one that says so, once.
bool LogRepeats::is_counted(LogLine& line, Instant now) {
  if (const auto known = windows_.find(kind_of(line)); known != windows_.end()) {
    ++known->second.more;
    known->second.latest = std::move(line);
    return true;
  }
  if (windows_.size() < kKinds) {
    open_window(line, now, 0);
    return false;
  }
  line = of_further_kinds();
  if (const auto known = windows_.find(kind_of(line)); known != windows_.end()) {
    ++known->second.more;
    return true;
  }
  open_window(line, now, 1);
  return false;
}

void LogRepeats::close_oldest(std::vector<LogLine>& told, Instant now) {
  auto closed = windows_.extract(oldest_first_.front());
  oldest_first_.pop_front();
  auto& window = closed.mapped();
  if (window.more == 0) return;
  window.latest.merged = Merged{window.more, now - window.since};
  told.push_back(std::move(window.latest));
}

}  // namespace querent::log
