#pragma once

#include "os/sys_error.hpp"

namespace querent::os {

// From here on a system call that the running appliance does not need ends the process by SIGSYS,
// and the kernel's audit log says which (type=SECCOMP, syscall=). All threads, also those running
// already. no_new_privs comes with it. It cannot be undone.
//
// What is left: waiting, clocks, memory that is not executable, threads, reading files, and sockets
// of the families that we speak, to listen and to send, not to connect. So after this nothing may
// write a file, start a process, load a library or look up a user or a host name, and the process
// ends by _exit (LeakSanitizer would start a process at exit).
SysResult<void> allow_running_alone();

}  // namespace querent::os
