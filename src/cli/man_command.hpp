#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// `querent man`.
Command man_command();

}  // namespace querent::cli
