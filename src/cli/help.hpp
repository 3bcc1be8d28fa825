#pragma once

#include <span>
#include <string>

#include "cli/command.hpp"

namespace querent::cli {

// `querent NAME --help`: what was declared on `app`, by groups, and the command's examples.
std::string help(const Command& command, const CLI::App& app);

// `querent --help`: all commands, and the options of the one that needs no name (nullptr: none).
std::string help(std::span<const Command> known, const CLI::App* by_default);

}  // namespace querent::cli
