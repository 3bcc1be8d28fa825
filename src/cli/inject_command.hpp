#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command inject_command();

}  // namespace querent::cli
