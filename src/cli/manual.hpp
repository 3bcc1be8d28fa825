#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/reference.hpp"

namespace querent::cli {

// querent(1), in the man macros: all commands, options and settings, and at the end the homepage
// unless it is empty.
std::string manual(std::span<const CommandFacts> commands, std::string_view homepage);

}  // namespace querent::cli
