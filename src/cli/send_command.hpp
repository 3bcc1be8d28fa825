#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command send_command();

}  // namespace querent::cli
