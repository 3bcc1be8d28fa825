#pragma once

#include <span>
#include <vector>

#include "cli/command.hpp"

namespace querent::cli {

// All there are, in the order of `querent --help`.
std::vector<Command> commands();

// The whole program: finds the command (none named: run), reads its options, runs it. The first
// argument is the name of the program.
int run_command_line(std::span<const char* const> arguments);

// The same with other commands.
int run_command_line(std::span<const char* const> arguments, std::span<const Command> known);

}  // namespace querent::cli
