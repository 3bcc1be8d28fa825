#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// What a running querent is doing, over its HTTP interface.
Command status_command();

}  // namespace querent::cli
