#include "os/sandbox.hpp"

#include <array>
#include <asm/ioctls.h>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace querent::os {
namespace {

// Calls that the architecture does not have are left out by libseccomp.
constexpr std::array kAllowed{
    // waiting
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_pwait2), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
    SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_gettime),
    SCMP_SYS(eventfd2), SCMP_SYS(signalfd4), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(restart_syscall),
    // sockets, once there is one
    SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(shutdown),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
    SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
    SCMP_SYS(recvmmsg),
    // descriptors, and files as far as they are read (AddressSanitizer wants pipes)
    SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fcntl),
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fadvise64),
    // memory
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mincore),
    // clocks, and what is known about ourselves
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrusage), SCMP_SYS(getrlimit), SCMP_SYS(times),
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getcpu),
    // threads and signals
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(membarrier),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

// Allowed where the bits of one argument that are in `mask` are `value`.
struct Limited {
  int call = 0;
  unsigned argument = 0;
  scmp_datum_t mask = 0;
  scmp_datum_t value = 0;
};

// An int: the kernel does not look at the upper half of the register.
constexpr scmp_datum_t kInt = 0xFFFFFFFF;
constexpr scmp_datum_t kOpenForReading = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_TMPFILE;
// O_TMPFILE contains O_DIRECTORY, which by itself is reading.
constexpr scmp_datum_t kWrites = kOpenForReading & ~static_cast<scmp_datum_t>(O_DIRECTORY);

constexpr std::array kLimited{
    Limited{SCMP_SYS(socket), 0, kInt, AF_PACKET},
    Limited{SCMP_SYS(socket), 0, kInt, AF_INET},
    Limited{SCMP_SYS(socket), 0, kInt, AF_INET6},
    Limited{SCMP_SYS(socket), 0, kInt, AF_NETLINK},
    Limited{SCMP_SYS(socket), 0, kInt, AF_UNIX},
    Limited{SCMP_SYS(open), 1, kWrites, O_RDONLY},
    Limited{SCMP_SYS(openat), 2, kWrites, O_RDONLY},
    Limited{SCMP_SYS(mmap), 2, PROT_EXEC, 0},
    Limited{SCMP_SYS(mmap2), 2, PROT_EXEC, 0},
    Limited{SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
    Limited{SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD},
    Limited{SCMP_SYS(prlimit64), 2, ~scmp_datum_t{0}, 0},
    Limited{SCMP_SYS(prctl), 0, kInt, PR_SET_NAME},
    Limited{SCMP_SYS(prctl), 0, kInt, PR_GET_NAME},
    // isatty() of a stdio stream
    Limited{SCMP_SYS(ioctl), 1, kInt, TCGETS},
};

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

// All of these answer with 0 or -errno.
int allow(const Filter& filter, const Limited& limited) {
  const scmp_arg_cmp condition{limited.argument, SCMP_CMP_MASKED_EQ, limited.mask, limited.value};
  return seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, limited.call, 1, &condition);
}

int fill(const Filter& filter) {
  for (const int call : kAllowed) {
    if (const int error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0)) return error;
  }
  for (const auto& limited : kLimited) {
    if (const int error = allow(filter, limited)) return error;
  }
  // abort() and raise(): signals to ourselves alone.
  const auto self = static_cast<scmp_datum_t>(::getpid());
  if (const int error = allow(filter, {SCMP_SYS(tgkill), 0, kInt, self})) return error;
  // Its flags are in memory, where a filter cannot look: then glibc asks for clone.
  return seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

}  // namespace

SysResult<void> allow_running_alone() {
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return failure(SysError{"make a seccomp filter", ENOMEM});
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (error == 0) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  if (error == 0) error = fill(filter);
  if (error == 0) error = seccomp_load(filter.get());
  if (error != 0) return failure(SysError{"install the seccomp filter", -error});
  return {};
}

}  // namespace querent::os
