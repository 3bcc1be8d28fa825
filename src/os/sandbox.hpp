#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "os/sys_error.hpp"

namespace querent::os {

// What a process goes on needing. Each has its system calls, and what their arguments may be.
enum class Need : std::uint8_t {
  kWait,       // poll, epoll, timers, sleeping
  kSockets,    // of the families that we speak: to listen and to send, not to connect
  kReadFiles,  // descriptors, and files as far as they are read
  kMemory,     // none that is executable
  kClocks,     // and what is known about ourselves
  kThreads,    // and signals, to ourselves alone; and to end
};
using Profile = std::span<const Need>;

// Of a machine that runs: it may not write a file, start a process, load a library or look up a
// user or a host name, and ends by _exit (LeakSanitizer would start a process at exit).
inline constexpr std::array kRunning{Need::kWait,   Need::kSockets, Need::kReadFiles,
                                     Need::kMemory, Need::kClocks,  Need::kThreads};

// From here on a system call beyond these needs ends the process by SIGSYS, and the kernel's audit
// log says which (type=SECCOMP, syscall=). All threads, also those running already. no_new_privs
// comes with it. It cannot be undone.
SysResult<void> confine(Profile profile);

}  // namespace querent::os
