#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// Whether a running querent is well, as an exit code.
Command health_command();

}  // namespace querent::cli
