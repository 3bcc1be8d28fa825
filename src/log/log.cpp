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

}  // namespace

os::SysResult<Log> Log::open(const config::LogConfig& config, int fd) {
  auto queue = LogQueue::open(fd, style_for(fd, config.format));
  if (!queue) return tl::unexpected(queue.error());
  return Log(config, *std::move(queue));
}

Log::Log(const config::LogConfig& config, LogQueue queue)
    : config_(config), queue_(std::move(queue)) {}

void Log::write(LogLine line) {
  if (!writes(line.level) && !is_event(line)) return;
  pass_on(repeats_.offer(std::move(line), os::now()));
}

void Log::reconfigure(const config::LogConfig& config) {
  config_ = config;
  queue_.use(config.format);
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
    if (writes(line.level)) queue_.write(line, now);
  }
}

}  // namespace querent::log
