#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace querent::cli {

enum class Parsed : std::uint8_t { kRead, kHelp, kWrong };

// Reads a command's words into what it declared. What is wrong was said on stderr.
Parsed parse(CLI::App& app, const std::string& command, const std::vector<std::string>& words);

}  // namespace querent::cli
