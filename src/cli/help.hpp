#pragma once

#include <span>
#include <string>

#include "cli/reference.hpp"

namespace querent::cli {

// `querent NAME --help`: its options by groups, and its examples.
std::string help(const CommandFacts& command);

// `querent --help`: all commands, and the options of the one that needs no name.
std::string help(std::span<const CommandFacts> known);

}  // namespace querent::cli
