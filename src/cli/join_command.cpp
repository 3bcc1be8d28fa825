#include "cli/join_command.hpp"
