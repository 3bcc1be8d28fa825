#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command join_command();

}  // namespace querent::cli
