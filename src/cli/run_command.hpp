#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command run_command();

}  // namespace querent::cli
