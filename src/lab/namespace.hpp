#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "lab/links.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/time.hpp"

namespace querent::lab {

using os::SysResult;

// What a container needs so that namespaces can be made in it.
inline constexpr std::string_view kNeeds =
    "--privileged, or CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW and an unconfined seccomp profile";

// A process that may not make network namespaces becomes root in a user namespace of its own, where
// it may; for one that may already, nothing happens. Answers which: whoever wants to follow into
// its network namespaces has to enter its user namespace (nsenter -U). Only while the process has
// a single thread. Where it fails, a container lacks kNeeds.
SysResult<bool> become_root_here();

// Flattens what a function returns into a SysResult.
template <class T>
struct AsResult {
  using Type = SysResult<T>;
};
template <class T>
struct AsResult<SysResult<T>> {
  using Type = SysResult<T>;
};

// A network namespace without a name: only this object, and what runs inside, keep it. So it is
// gone with its process, however that ends. lo is up.
class Namespace {
 public:
  static SysResult<Namespace> create();
  // The one that this process is in.
  static SysResult<Namespace> current();

  const os::Fd& fd() const { return fd_; }
  // For people, while this process lives: nsenter --net=PATH.
  std::string path() const;

  // Its interfaces.
  Links& links() { return links_; }

  // What `body()` returns, called on a thread of its own inside; a SysResult is handed on as it is.
  // Sockets that are opened there stay inside.
  template <class Body>
  auto inside(Body body) const {
    using Returned = std::invoke_result_t<Body>;
    using Answer = typename AsResult<Returned>::Type;
    if constexpr (std::is_void_v<Returned>) {
      return run_inside(body);
    } else {
      std::optional<Answer> answer;
      const auto ran = run_inside([&] { answer.emplace(body()); });
      return ran ? std::move(*answer) : Answer(failure(ran.error()));
    }
  }

  // Waits until the interface is up and carries; ETIMEDOUT when it does not in that time.
  SysResult<void> await_carrier(const std::string& interface, Duration timeout) const;

  // Of /proc/sys/net, as it is inside: write_sysctl("ipv4/ip_forward", "1").
  SysResult<void> write_sysctl(const std::string& name, const std::string& value) const;
  SysResult<std::string> read_sysctl(const std::string& name) const;

  // 0: the kernel's own choice again.
  SysResult<void> force_igmp_version(const std::string& interface, unsigned version) const;
  SysResult<void> force_mld_version(const std::string& interface, unsigned version) const;

 private:
  Namespace(os::Fd fd, Links links) : fd_(std::move(fd)), links_(std::move(links)) {}

  SysResult<void> run_inside(const std::function<void()>& body) const;

  os::Fd fd_;
  Links links_;
};

}  // namespace querent::lab
