#include "cli/command.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "base/text.hpp"

namespace querent::cli {

namespace {

void say(std::string_view colour, std::string_view head, const std::string& rest) {
  std::string line(head);
  if (has_colour(STDERR_FILENO)) line = std::string(colour) + line + "\x1b[0m";
  line += rest;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string joined(const std::string& what, const std::string& why, const std::string& attempt) {
  std::string text = " " + what + ": " + why;
  if (!attempt.empty()) text += "; " + attempt;
  return on_one_line(text);
}

}  // namespace

int complain(int code, const std::string& what, const std::string& why,
             const std::string& attempt) {
  say("\x1b[1;31m", "querent:", joined(what, why, attempt));
  return code;
}

void warn(const std::string& what, const std::string& why, const std::string& attempt) {
  say("\x1b[1;33m", "querent: warning:", joined(what, why, attempt));
}

int print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return kDone;
  return complain(kFailed, "stdout", std::generic_category().message(errno));
}

bool has_colour(int descriptor) {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(descriptor) == 1;
}

}  // namespace querent::cli
