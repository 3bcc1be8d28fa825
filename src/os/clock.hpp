#pragma once

#include "querent/time.hpp"

namespace querent::os {

// CLOCK_BOOTTIME: runs on while the machine sleeps, and does not know what time it is.
Instant now();

}  // namespace querent::os
