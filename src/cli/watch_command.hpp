#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command watch_command();

}  // namespace querent::cli
