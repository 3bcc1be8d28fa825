#pragma once

#include "net/sys_error.hpp"

namespace querent::net {

// From here on a system call that running does not need kills the process. All threads, also those
// running already.
SysResult<void> allow_running_alone();

}  // namespace querent::net
