#include "cli/send_command.hpp"
