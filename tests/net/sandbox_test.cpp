#include "os/sandbox.hpp"

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <linux/if_ether.h>
#include <netdb.h>
#include <ostream>
#include <poll.h>
#include <sched.h>
#include <string>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <thread>
#include <tuple>
#include <unistd.h>

#include <gtest/gtest.h>

#include "kit/forked.hpp"
#include "kit/pipe.hpp"
#include "log/log.hpp"
#include "net/socket_address.hpp"
#include "os/fd.hpp"

namespace querent::net {
namespace {

using querent::test::forked;
using querent::test::Pipe;

test::Ended sandboxed(const std::function<std::string()>& work) {
  return forked([&]() -> std::string {
    if (auto allowed = os::confine(os::kRunning); !allowed) return allowed.error().to_string();
    return work();
  });
}

struct Deed {
  const char* name;
  std::function<std::string()> act;
};

std::ostream& operator<<(std::ostream& out, const Deed& deed) {
  return out << deed.name;
}

std::string name_of(const testing::TestParamInfo<Deed>& deed) {
  return deed.param.name;
}

// Why not, as far as errno knows.
std::string unless(bool good) {
  return good ? "" : strerrorname_np(errno);
}

// ---- what ends the process

class Deadly : public testing::TestWithParam<Deed> {};

TEST_P(Deadly, EndsTheProcessBySigsys) {
  const auto ended = sandboxed(GetParam().act);
  EXPECT_EQ(ended.signal, SIGSYS) << ended;
}

void map_executable() {
  std::ignore = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void make_executable() {
  void* const page =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

Deed deed(const char* name, std::function<void()> act) {
  return {name, [act = std::move(act)] {
            act();
            return std::string("still alive");
          }};
}

Deed opening(const char* name, int flags) {
  return deed(name, [flags] { ::syscall(SYS_openat, AT_FDCWD, "/dev/null", flags, 0600); });
}

Deed asking_for_socket(const char* name, int domain) {
  return deed(name, [domain] { ::socket(domain, SOCK_DGRAM, 0); });
}

INSTANTIATE_TEST_SUITE_P(
    Sandbox, Deadly,
    testing::Values(
        deed("execve", [] { ::execl("/bin/true", "true", nullptr); }),
        deed("execveat",
             [] { ::syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0); }),
        deed("fork", [] { ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr); }),
        deed("ptrace", [] { ::syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }),
        deed("mount", [] { ::mount("none", "/", "tmpfs", MS_RDONLY, nullptr); }),
        deed("unshare", [] { ::unshare(CLONE_NEWUSER); }), deed("setns", [] { ::setns(-1, 0); }),
        deed("kill_of_others", [] { ::kill(::getppid(), 0); }),
        deed("tgkill_of_others", [] { ::syscall(SYS_tgkill, 1, 1, 0); }),
        deed("unlink", [] { ::unlink("/nowhere/at/all"); }),
        deed("chmod", [] { ::syscall(SYS_fchmodat, AT_FDCWD, "/nowhere/at/all", 0600); }),
        deed("connect", [] { std::ignore = ::connect(-1, nullptr, 0); }),
        deed("memfd", [] { ::syscall(SYS_memfd_create, "x", 0); }),
        deed("bpf", [] { ::syscall(SYS_bpf, 0, nullptr, 0); }),
        deed("io_uring", [] { ::syscall(SYS_io_uring_setup, 1, nullptr); }),
        deed("keyctl", [] { ::syscall(SYS_keyctl, 0); }),
        deed("process_vm_readv", [] { ::syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0); }),
        deed("personality", [] { ::syscall(SYS_personality, 0); }),
        deed("setting_limits",
             [] {
               const rlimit none{0, 0};
               ::prlimit(0, RLIMIT_NOFILE, &none, nullptr);
             }),
        deed("prctl_dumpable", [] { ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }),
        deed("ioctl_tiocsti", [] { ::syscall(SYS_ioctl, 0, 0x5412, "x"); }),
        deed("mmap_exec", map_executable), deed("mprotect_exec", make_executable),
        opening("open_to_write", O_WRONLY), opening("open_to_read_and_write", O_RDWR),
        opening("open_to_create", O_RDONLY | O_CREAT), opening("open_to_empty", O_RDONLY | O_TRUNC),
        opening("open_mode_3", 3), asking_for_socket("socket_vsock", AF_VSOCK),
        asking_for_socket("socket_alg", AF_ALG), asking_for_socket("socket_bluetooth", 31)),
    name_of);

// ---- what running needs

class Harmless : public testing::TestWithParam<Deed> {};

TEST_P(Harmless, Works) {
  const auto ended = sandboxed(GetParam().act);
  EXPECT_TRUE(ended.well()) << ended;
}

std::string read_a_file() {
  std::ifstream file("/etc/passwd");
  std::string line;
  return std::getline(file, line) && !line.empty() ? "" : "nothing read";
}

std::string open_sockets() {
  for (const int domain : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    if (!os::Fd(::socket(domain, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)))
      return "no socket of family " + std::to_string(domain);
  }
  return "";
}

std::string start_threads() {
  int sum = 0;
  for (int i = 0; i < 10; ++i)
    std::thread([&sum] { ++sum; }).join();
  return sum == 10 ? "" : "threads did nothing";
}

std::string wait_for_a_timer() {
  const os::Fd poller(::epoll_create1(EPOLL_CLOEXEC));
  const os::Fd timer(::timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK));
  const itimerspec soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = 1000}};
  if (::timerfd_settime(timer.number(), 0, &soon, nullptr) != 0) return unless(false);
  epoll_event event{.events = EPOLLIN, .data = {}};
  if (::epoll_ctl(poller.number(), EPOLL_CTL_ADD, timer.number(), &event) != 0)
    return unless(false);
  return unless(::epoll_wait(poller.number(), &event, 1, 10'000) == 1);
}

// Of whom the web server answers.
std::string spell_a_link_local_address() {
  const auto loopback = socket_address(Address::v6(0xFE80000000000000U, 1), 0, 1);
  std::array<char, NI_MAXHOST> text{};
  const int error = ::getnameinfo(loopback.get(), loopback.length, text.data(), text.size(),
                                  nullptr, 0, NI_NUMERICHOST);
  return error == 0 && std::string(text.data()) == "fe80::1%lo" ? "" : text.data();
}

std::string use_memory() {
  for (std::size_t size = 1; size < (std::size_t{64} << 20U); size *= 2) {
    std::string room(size, 'x');
    room.resize(size * 2);
    if (room.front() != 'x') return "wrong octets";
  }
  return "";
}

std::string write_lines() {
  Pipe pipe;
  {
    auto log = log::Log::open({}, pipe.to());
    if (!log) return log.error().to_string();
    for (int i = 0; i < 100; ++i)
      log->write({.event = "said", .text = "line"});
  }
  return pipe.lines(100).size() == 100 ? "" : "lines are missing";
}

INSTANTIATE_TEST_SUITE_P(
    Sandbox, Harmless,
    testing::Values(Deed{"reading_a_file", read_a_file}, Deed{"sockets", open_sockets},
                    Deed{"threads", start_threads}, Deed{"timers", wait_for_a_timer},
                    Deed{"memory", use_memory}, Deed{"the_log", write_lines},
                    Deed{"link_local_clients", spell_a_link_local_address},
                    Deed{"listing_a_folder",
                         [] {
                           const os::Fd folder(::open("/proc/self/fd", O_RDONLY | O_DIRECTORY));
                           std::array<char, 4096> room{};
                           return unless(::syscall(SYS_getdents64, folder.number(), room.data(),
                                                   room.size()) > 0);
                         }},
                    Deed{"asking_for_limits",
                         [] {
                           rlimit limit{};
                           return unless(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
                         }},
                    Deed{"naming_a_thread",
                         [] { return unless(::prctl(PR_SET_NAME, "querent", 0, 0, 0) == 0); }}),
    name_of);

// ---- the rest

TEST(Sandbox, PacketSocketsCanBeOpenedAgain) {
  const auto ended = forked([]() -> std::string {
    if (::unshare(CLONE_NEWNET) != 0) return "cannot make a network namespace (run as root)";
    if (auto allowed = os::confine(os::kRunning); !allowed) return allowed.error().to_string();
    const os::Fd packets(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int room = 65536;
    return unless(packets &&
                  ::setsockopt(packets.number(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room) == 0);
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(Sandbox, AbortIsStillAnAbort) {
  const auto ended = sandboxed([]() -> std::string { std::abort(); });
  EXPECT_EQ(ended.signal, SIGABRT) << ended;
}

TEST(Sandbox, ThreadsThatRanBeforeAreBoundToo) {
  const auto ended = forked([]() -> std::string {
    Pipe start;
    std::thread early([&start] {
      if (start.lines(1).size() == 1) ::unlink("/nowhere/at/all");
    });
    if (auto allowed = os::confine(os::kRunning); !allowed) return allowed.error().to_string();
    if (::write(start.to(), "go\n", 3) != 3) return "cannot start";
    early.join();
    return "still alive";
  });
  EXPECT_EQ(ended.signal, SIGSYS) << ended;
}

TEST(Sandbox, AnOrdinaryUserHasOneToo) {
  const auto ended = forked([]() -> std::string {
    if (::setresuid(65534, 65534, 65534) != 0) return "cannot become nobody (run as root)";
    if (auto allowed = os::confine(os::kRunning); !allowed) return allowed.error().to_string();
    return ::prctl(PR_GET_NAME, std::array<char, 16>{}.data(), 0, 0, 0) == 0 ? "" : "no name";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(Sandbox, WhatAProfileLeavesOutEndsTheProcess) {
  const auto ended = forked([]() -> std::string {
    constexpr std::array kNoSockets{os::Need::kWait, os::Need::kReadFiles, os::Need::kMemory,
                                    os::Need::kClocks, os::Need::kThreads};
    if (auto confined = os::confine(kNoSockets); !confined) return confined.error().to_string();
    if (::getpid() <= 0) return "no clock";
    return ::socket(AF_INET, SOCK_DGRAM, 0) >= 0 ? "has a socket" : "was refused";
  });
  EXPECT_EQ(ended.signal, SIGSYS) << ended;
}

}  // namespace
}  // namespace querent::net
