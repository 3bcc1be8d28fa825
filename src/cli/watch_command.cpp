#include "cli/watch_command.hpp"
