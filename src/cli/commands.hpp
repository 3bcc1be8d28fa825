#pragma once

#include <span>
#include <vector>

#include "cli/command.hpp"

namespace querent::cli {

// All there are, in the order of `querent --help`.
std::vector<Command> commands();

// The whole program: finds the command (none named: run), reads its options, runs it.
int run_command_line(std::span<const char* const> arguments);

}  // namespace querent::cli
