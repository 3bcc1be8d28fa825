#include "cli/stream.hpp"
