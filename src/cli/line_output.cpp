#include "cli/line_output.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <system_error>

#include "cli/command.hpp"

namespace querent::cli {

Written print_line(std::string_view line) {
  return print_text(std::string(line) + '\n');
}

Written print_text(const std::string& whole) {
  static const auto kIgnored = std::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(kIgnored);
  errno = 0;
  const bool written = std::fwrite(whole.data(), 1, whole.size(), stdout) == whole.size();
  if (written && std::fflush(stdout) == 0) return Written::kYes;
  if (errno == EPIPE) return Written::kClosed;
  complain(kFailed, "cannot write to stdout", std::generic_category().message(errno));
  return Written::kLost;
}

std::string clock_text(Duration time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t seconds = second.count();
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return "??:??:??.???";
  return fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec,
                     (time - second) / std::chrono::milliseconds(1));
}

Duration wall_clock() {
  return std::chrono::system_clock::now().time_since_epoch();
}

}  // namespace querent::cli
