#pragma once

#include "cli/command.hpp"

namespace querent::cli {

Command lab_command();

}  // namespace querent::cli
