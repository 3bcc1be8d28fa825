#include "cli/inject_command.hpp"
