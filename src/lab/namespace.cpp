#include "lab/namespace.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "lab/file.hpp"
#include "net/link_monitor.hpp"
#include "os/clock.hpp"

namespace querent::lab {
namespace {

using os::Fd;
using os::sys_failure;

SysResult<void> on_a_thread(const std::function<void()>& body) {
  // std::thread throws when there can be no more threads.
  try {
    std::thread(body).join();
    return {};
  } catch (const std::system_error& refused) {
    return sys_failure("start a thread", refused.code().value());
  }
}

struct Made {
  Fd fd;
  Links links;
};

SysResult<Made> open_here() {
  Fd fd(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!fd) return sys_failure("open a network namespace");
  auto links = Links::open();
  if (!links) return failure(links.error());
  return Made{std::move(fd), std::move(*links)};
}

SysResult<Made> make_here() {
  if (unshare(CLONE_NEWNET) != 0) return sys_failure("make a network namespace");
  auto made = open_here();
  if (!made) return made;
  if (auto up = made->links.set_up("lo"); !up) return failure(up.error());
  return made;
}

}  // namespace

SysResult<bool> become_root_here() {
  // Tried by a process, not by a thread: for a moment after its end a thread would still count.
  const pid_t trying = fork();
  if (trying < 0) return sys_failure("start a process");
  if (trying == 0) _exit(make_here() ? 0 : 1);
  int status = 0;
  while (waitpid(trying, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) return false;

  const std::string user = std::to_string(geteuid());
  const std::string group = std::to_string(getegid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return sys_failure("make a user namespace");
  // Without setgroups denied, the kernel lets nobody unprivileged map a group.
  if (auto done = write_file("/proc/self/setgroups", "deny"); !done) return failure(done.error());
  if (auto done = write_file("/proc/self/uid_map", "0 " + user + " 1"); !done)
    return failure(done.error());
  if (auto done = write_file("/proc/self/gid_map", "0 " + group + " 1"); !done)
    return failure(done.error());
  return true;
}

SysResult<Namespace> Namespace::create() {
  std::optional<SysResult<Made>> made;
  if (auto ran = on_a_thread([&made] { made.emplace(make_here()); }); !ran) {
    return failure(ran.error());
  }
  if (!*made) return failure(made->error());
  return Namespace(std::move((*made)->fd), std::move((*made)->links));
}

SysResult<Namespace> Namespace::current() {
  auto here = open_here();
  if (!here) return failure(here.error());
  return Namespace(std::move(here->fd), std::move(here->links));
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.number());
}

SysResult<void> Namespace::run_inside(const std::function<void()>& body) const {
  SysResult<void> entered;
  auto ran = on_a_thread([&] {
    if (setns(fd_.number(), CLONE_NEWNET) == 0) return body();
    entered = sys_failure("enter a network namespace");
  });
  return ran ? entered : ran;
}

SysResult<void> Namespace::await_carrier(const std::string& interface, Duration timeout) const {
  const Instant until = os::now() + timeout;
  auto monitor = inside([] { return net::LinkMonitor::open(); });
  if (!monitor) return failure(monitor.error());
  const auto carries = [&](const auto& known) {
    return known.second.name == interface && known.second.carrier;
  };
  for (;;) {
    const auto& all = monitor->interfaces();
    if (std::any_of(all.begin(), all.end(), carries)) return {};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - os::now());
    if (left.count() <= 0) return sys_failure("see " + interface + " connected", ETIMEDOUT);
    pollfd waiting{monitor->fd().number(), POLLIN, 0};
    static_cast<void>(poll(&waiting, 1, static_cast<int>(left.count())));
    if (const auto read = monitor->read(); !read) return failure(read.error());
  }
}

SysResult<void> Namespace::write_sysctl(const std::string& name, const std::string& value) const {
  return inside([&] { return write_file("/proc/sys/net/" + name, value); });
}

SysResult<std::string> Namespace::read_sysctl(const std::string& name) const {
  auto text = inside([&] { return read_file("/proc/sys/net/" + name); });
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

SysResult<void> Namespace::force_igmp_version(const std::string& interface,
                                              unsigned version) const {
  return write_sysctl("ipv4/conf/" + interface + "/force_igmp_version", std::to_string(version));
}

SysResult<void> Namespace::force_mld_version(const std::string& interface, unsigned version) const {
  return write_sysctl("ipv6/conf/" + interface + "/force_mld_version", std::to_string(version));
}

}  // namespace querent::lab
