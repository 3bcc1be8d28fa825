#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// What happened to a running querent, and what happens, over its HTTP interface.
Command events_command();

}  // namespace querent::cli
