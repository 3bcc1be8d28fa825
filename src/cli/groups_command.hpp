#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// The membership table of a running querent, over its HTTP interface.
Command groups_command();

}  // namespace querent::cli
