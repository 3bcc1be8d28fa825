#include "cli/screen.hpp"

#include <algorithm>
#include <cstddef>
#include <sys/ioctl.h>
#include <unistd.h>

namespace querent::cli {

namespace {

constexpr std::size_t kUsualHeight = 24;

std::size_t terminal_height() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return kUsualHeight;
  return size.ws_row;
}

// Lines that are too long are cut by the terminal (DECAWM off), not wrapped.
std::string drawn(const std::string& text, bool first) {
  std::string all = first ? "\x1b[2J\x1b[H\x1b[?7l" : "\x1b[H\x1b[?7l";
  std::size_t left = terminal_height() - 1;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const bool last_row = left == 1 && end + 1 < text.size();
    all += last_row ? "..." : text.substr(at, end - at);
    all += "\x1b[K\n";
    if (left <= 1) break;
    --left;
    at = end + 1;
  }
  return all + "\x1b[J\x1b[?7h";
}

}  // namespace

Screen::Screen() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

Written Screen::show(const std::string& text) {
  const bool first = first_;
  first_ = false;
  if (terminal_) return print_text(drawn(text, first));
  return print_text(first ? text : '\n' + text);
}

}  // namespace querent::cli
