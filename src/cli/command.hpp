#pragma once

#include <functional>
#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace querent::cli {

// The exit codes of every command.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;      // at run time
inline constexpr int kUsage = 2;       // wrong command line or configuration
inline constexpr int kPermission = 3;  // something is not allowed: the text says how to grant it

// One word of the command line. Each lives in src/cli/NAME_command.cpp, and
// commands.hpp lists them all.
struct Command {
  std::string name;      // "watch"
  std::string summary;   // one line for `querent --help`
  std::string examples;  // whole lines for `querent NAME --help`
  // Declares options on `app`; what it returns runs when they were read without an error, and
  // answers with the exit code.
  std::function<std::function<int()>(CLI::App& app)> declare;
};

// "querent: WHAT: WHY; TRY" on stderr, without the last part when there is nothing to try. One
// line, whatever the parts hold. Answers `code`, so that it can be returned.
int complain(int code, const std::string& what, const std::string& why,
             const std::string& attempt = {});

// The same for what is only doubtful: "querent: warning: WHAT: WHY; TRY".
void warn(const std::string& what, const std::string& why, const std::string& attempt = {});

// `text` on stdout, all of it, or a complaint and kFailed.
int print(const std::string& text);

// Whether output to this file descriptor may have colour: a terminal, and NO_COLOR is not set.
bool has_colour(int descriptor);

}  // namespace querent::cli
