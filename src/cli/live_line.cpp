#include "cli/live_line.hpp"

#include <cstdio>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace querent::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualWidth;
  return size.ws_col;
}

void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

LiveLine::LiveLine(bool verbose) : terminal_(isatty(STDERR_FILENO) == 1), verbose_(verbose) {}

LiveLine::~LiveLine() {
  clear();
}

void LiveLine::show(std::string_view text) {
  if (!wanted()) return;
  std::string line(text);
  if (terminal_) line = "\r" + line.substr(0, terminal_width() - 1) + "\x1b[K";
  if (!terminal_) line += "\n";
  write(line);
  shown_ = terminal_;
}

void LiveLine::clear() {
  if (shown_) write("\r\x1b[K");
  shown_ = false;
}

}  // namespace querent::cli
