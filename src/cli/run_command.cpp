#include "cli/run_command.hpp"
