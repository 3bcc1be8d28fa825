#include "cli/describe.hpp"
