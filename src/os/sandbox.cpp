#include "os/sandbox.hpp"

#include <algorithm>
#include <array>
#include <asm/ioctls.h>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/sockios.h>
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
struct Allowed {
  Need need;
  int call;
};

constexpr std::array kAllowed{
    Allowed{Need::kWait, SCMP_SYS(epoll_create1)},
    Allowed{Need::kWait, SCMP_SYS(epoll_ctl)},
    Allowed{Need::kWait, SCMP_SYS(epoll_wait)},
    Allowed{Need::kWait, SCMP_SYS(epoll_pwait)},
    Allowed{Need::kWait, SCMP_SYS(epoll_pwait2)},
    Allowed{Need::kWait, SCMP_SYS(poll)},
    Allowed{Need::kWait, SCMP_SYS(ppoll)},
    Allowed{Need::kWait, SCMP_SYS(select)},
    Allowed{Need::kWait, SCMP_SYS(pselect6)},
    Allowed{Need::kWait, SCMP_SYS(timerfd_create)},
    Allowed{Need::kWait, SCMP_SYS(timerfd_settime)},
    Allowed{Need::kWait, SCMP_SYS(timerfd_gettime)},
    Allowed{Need::kWait, SCMP_SYS(eventfd2)},
    Allowed{Need::kWait, SCMP_SYS(signalfd4)},
    Allowed{Need::kWait, SCMP_SYS(nanosleep)},
    Allowed{Need::kWait, SCMP_SYS(clock_nanosleep)},
    Allowed{Need::kWait, SCMP_SYS(restart_syscall)},
    Allowed{Need::kSockets, SCMP_SYS(bind)},
    Allowed{Need::kSockets, SCMP_SYS(listen)},
    Allowed{Need::kSockets, SCMP_SYS(accept)},
    Allowed{Need::kSockets, SCMP_SYS(accept4)},
    Allowed{Need::kSockets, SCMP_SYS(shutdown)},
    Allowed{Need::kSockets, SCMP_SYS(getsockname)},
    Allowed{Need::kSockets, SCMP_SYS(getpeername)},
    Allowed{Need::kSockets, SCMP_SYS(getsockopt)},
    Allowed{Need::kSockets, SCMP_SYS(setsockopt)},
    Allowed{Need::kSockets, SCMP_SYS(sendto)},
    Allowed{Need::kSockets, SCMP_SYS(sendmsg)},
    Allowed{Need::kSockets, SCMP_SYS(sendmmsg)},
    Allowed{Need::kSockets, SCMP_SYS(recvfrom)},
    Allowed{Need::kSockets, SCMP_SYS(recvmsg)},
    Allowed{Need::kSockets, SCMP_SYS(recvmmsg)},
    Allowed{Need::kReadFiles, SCMP_SYS(pipe)},
    Allowed{Need::kReadFiles, SCMP_SYS(pipe2)},
    Allowed{Need::kReadFiles, SCMP_SYS(read)},
    Allowed{Need::kReadFiles, SCMP_SYS(readv)},
    Allowed{Need::kReadFiles, SCMP_SYS(pread64)},
    Allowed{Need::kReadFiles, SCMP_SYS(write)},
    Allowed{Need::kReadFiles, SCMP_SYS(writev)},
    Allowed{Need::kReadFiles, SCMP_SYS(close)},
    Allowed{Need::kReadFiles, SCMP_SYS(lseek)},
    Allowed{Need::kReadFiles, SCMP_SYS(fcntl)},
    Allowed{Need::kReadFiles, SCMP_SYS(fstat)},
    Allowed{Need::kReadFiles, SCMP_SYS(newfstatat)},
    Allowed{Need::kReadFiles, SCMP_SYS(stat)},
    Allowed{Need::kReadFiles, SCMP_SYS(lstat)},
    Allowed{Need::kReadFiles, SCMP_SYS(statx)},
    Allowed{Need::kReadFiles, SCMP_SYS(access)},
    Allowed{Need::kReadFiles, SCMP_SYS(faccessat)},
    Allowed{Need::kReadFiles, SCMP_SYS(faccessat2)},
    Allowed{Need::kReadFiles, SCMP_SYS(readlink)},
    Allowed{Need::kReadFiles, SCMP_SYS(readlinkat)},
    Allowed{Need::kReadFiles, SCMP_SYS(getdents64)},
    Allowed{Need::kReadFiles, SCMP_SYS(getcwd)},
    Allowed{Need::kReadFiles, SCMP_SYS(fadvise64)},
    Allowed{Need::kMemory, SCMP_SYS(brk)},
    Allowed{Need::kMemory, SCMP_SYS(munmap)},
    Allowed{Need::kMemory, SCMP_SYS(mremap)},
    Allowed{Need::kMemory, SCMP_SYS(madvise)},
    Allowed{Need::kMemory, SCMP_SYS(mincore)},
    Allowed{Need::kClocks, SCMP_SYS(clock_gettime)},
    Allowed{Need::kClocks, SCMP_SYS(clock_getres)},
    Allowed{Need::kClocks, SCMP_SYS(gettimeofday)},
    Allowed{Need::kClocks, SCMP_SYS(time)},
    Allowed{Need::kClocks, SCMP_SYS(getrandom)},
    Allowed{Need::kClocks, SCMP_SYS(getpid)},
    Allowed{Need::kClocks, SCMP_SYS(gettid)},
    Allowed{Need::kClocks, SCMP_SYS(getuid)},
    Allowed{Need::kClocks, SCMP_SYS(geteuid)},
    Allowed{Need::kClocks, SCMP_SYS(getgid)},
    Allowed{Need::kClocks, SCMP_SYS(getegid)},
    Allowed{Need::kClocks, SCMP_SYS(getrusage)},
    Allowed{Need::kClocks, SCMP_SYS(getrlimit)},
    Allowed{Need::kClocks, SCMP_SYS(times)},
    Allowed{Need::kClocks, SCMP_SYS(uname)},
    Allowed{Need::kClocks, SCMP_SYS(sysinfo)},
    Allowed{Need::kClocks, SCMP_SYS(getcpu)},
    Allowed{Need::kThreads, SCMP_SYS(futex)},
    Allowed{Need::kThreads, SCMP_SYS(set_robust_list)},
    Allowed{Need::kThreads, SCMP_SYS(rseq)},
    Allowed{Need::kThreads, SCMP_SYS(membarrier)},
    Allowed{Need::kThreads, SCMP_SYS(sched_yield)},
    Allowed{Need::kThreads, SCMP_SYS(sched_getaffinity)},
    Allowed{Need::kThreads, SCMP_SYS(rt_sigaction)},
    Allowed{Need::kThreads, SCMP_SYS(rt_sigprocmask)},
    Allowed{Need::kThreads, SCMP_SYS(rt_sigreturn)},
    Allowed{Need::kThreads, SCMP_SYS(sigaltstack)},
    Allowed{Need::kThreads, SCMP_SYS(exit)},
    Allowed{Need::kThreads, SCMP_SYS(exit_group)},
};

// Allowed where the bits of one argument that are in `mask` are `value`.
struct Limited {
  Need need{};
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
    Limited{Need::kSockets, SCMP_SYS(socket), 0, kInt, AF_PACKET},
    Limited{Need::kSockets, SCMP_SYS(socket), 0, kInt, AF_INET},
    Limited{Need::kSockets, SCMP_SYS(socket), 0, kInt, AF_INET6},
    Limited{Need::kSockets, SCMP_SYS(socket), 0, kInt, AF_NETLINK},
    Limited{Need::kSockets, SCMP_SYS(socket), 0, kInt, AF_UNIX},
    Limited{Need::kReadFiles, SCMP_SYS(open), 1, kWrites, O_RDONLY},
    Limited{Need::kReadFiles, SCMP_SYS(openat), 2, kWrites, O_RDONLY},
    Limited{Need::kMemory, SCMP_SYS(mmap), 2, PROT_EXEC, 0},
    Limited{Need::kMemory, SCMP_SYS(mmap2), 2, PROT_EXEC, 0},
    Limited{Need::kMemory, SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
    Limited{Need::kThreads, SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD},
    Limited{Need::kClocks, SCMP_SYS(prlimit64), 2, ~scmp_datum_t{0}, 0},
    Limited{Need::kThreads, SCMP_SYS(prctl), 0, kInt, PR_SET_NAME},
    Limited{Need::kThreads, SCMP_SYS(prctl), 0, kInt, PR_GET_NAME},
    // isatty() of a stdio stream
    Limited{Need::kReadFiles, SCMP_SYS(ioctl), 1, kInt, TCGETS},
    // the interface in a link-local address, as getnameinfo() writes it
    Limited{Need::kSockets, SCMP_SYS(ioctl), 1, kInt, SIOCGIFNAME},
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

int fill(const Filter& filter, Profile profile) {
  const auto has = [profile](Need need) {
    return std::find(profile.begin(), profile.end(), need) != profile.end();
  };
  for (const auto& [need, call] : kAllowed) {
    if (!has(need)) continue;
    if (const int error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0)) return error;
  }
  for (const auto& limited : kLimited) {
    if (!has(limited.need)) continue;
    if (const int error = allow(filter, limited)) return error;
  }
  // abort() and raise(): signals to ourselves alone.
  const auto self = static_cast<scmp_datum_t>(::getpid());
  if (const int error = allow(filter, {Need::kThreads, SCMP_SYS(tgkill), 0, kInt, self}))
    return error;
  // Its flags are in memory, where a filter cannot look: then glibc asks for clone.
  return seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

}  // namespace

SysResult<void> confine(Profile profile) {
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return failure(SysError{"make a seccomp filter", ENOMEM});
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (error == 0) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  if (error == 0) error = fill(filter, profile);
  if (error == 0) error = seccomp_load(filter.get());
  if (error != 0) return failure(SysError{"install the seccomp filter", -error});
  return {};
}

}  // namespace querent::os
