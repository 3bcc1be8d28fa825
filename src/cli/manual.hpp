#pragma once

#include <span>
#include <string>

#include "cli/reference.hpp"

namespace querent::cli {

// querent(1), in the man macros: all commands, options and settings.
std::string manual(std::span<const CommandFacts> commands);

}  // namespace querent::cli
