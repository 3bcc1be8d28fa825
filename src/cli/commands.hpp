#pragma once

#include <array>
#include <span>
#include <vector>

#include "cli/command.hpp"

namespace querent::cli {

// Each is defined in src/cli/NAME_command.cpp.
Command run_command();
Command lab_command();
Command check_command();
Command status_command();
Command groups_command();
Command events_command();
Command health_command();
Command watch_command();
Command send_command();
Command join_command();
Command inject_command();
Command completion_command();
Command man_command();

// In the order of `querent --help`.
inline constexpr std::array kCommands{
    run_command,    lab_command,        check_command, status_command, groups_command,
    events_command, health_command,     watch_command, send_command,   join_command,
    inject_command, completion_command, man_command,
};

// All of kCommands, built.
std::vector<Command> commands();

// The whole program: finds the command (none named: run), reads its options, runs it. The first
// argument is the name of the program.
int run_command_line(std::span<const char* const> arguments);

// The same with other commands.
int run_command_line(std::span<const char* const> arguments, std::span<const Command> known);

}  // namespace querent::cli
