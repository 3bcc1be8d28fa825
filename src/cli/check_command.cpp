#include "cli/check_command.hpp"
