#pragma once

#include "cli/command.hpp"

namespace querent::cli {

// `querent completion bash|zsh|fish`.
Command completion_command();

}  // namespace querent::cli
