#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command check_command();

}  // namespace querent::cli
