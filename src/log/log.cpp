#include "log/log.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/wall_time.hpp"
#include "os/clock.hpp"

namespace querent::log {
namespace {

// An absent variable and an empty one mean the same here.
std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool journald_reads(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  return variable("JOURNAL_STREAM") == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

LogStyle style_for(int fd, config::LogFormat format) {
  return {.format = format,
          .journal = journald_reads(fd),
          .colour = ::isatty(fd) == 1 && variable("NO_COLOR").empty()};
}

bool is_event(const LogLine& line) {
  return line.level >= config::LogLevel::kInfo;
}

os::LineWriter::Gap gap_in(const LogStyle& style) {
  return [style](std::uint64_t dropped) {
    const LogLine line{
        .level = config::LogLevel::kWarn,
        .event = "log_dropped",
        .text = fmt::format("{} {} of this log {} dropped: not read fast enough", dropped,
                            dropped == 1 ? "line" : "lines", dropped == 1 ? "was" : "were")};
    return format_line(line, style, std::chrono::system_clock::now());
  };
}

}  // namespace

os::SysResult<Log> Log::open(const config::LogConfig& config, int fd) {
  auto writer = os::LineWriter::open(fd);
  if (!writer) return tl::unexpected(writer.error());
  return Log(config, style_for(fd, config.format), *std::move(writer));
}

Log::Log(const config::LogConfig& config, LogStyle style, os::LineWriter writer)
    : config_(config), style_(style), writer_(std::move(writer)) {
  writer_.describe_gaps(gap_in(style_));
}

void Log::write(LogLine line) {
  if (!writes(line.level) && !is_event(line)) return;
  pass_on(repeats_.offer(std::move(line), os::now()));
}

void Log::reconfigure(const config::LogConfig& config) {
  config_ = config;
  style_.format = config.format;
  writer_.describe_gaps(gap_in(style_));
}

void Log::tell_merged(Instant now) {
  pass_on(repeats_.take_due(now));
}

void Log::tell_all_merged(Instant now) {
  pass_on(repeats_.take_all(now));
}

void Log::pass_on(const std::vector<LogLine>& lines) {
  const auto now = std::chrono::system_clock::now();
  for (const auto& line : lines) {
    if (on_event_ && is_event(line)) on_event_(line, now);
    if (writes(line.level)) writer_.write(format_line(line, style_, now));
  }
}

}  // namespace querent::log
