#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/fd.hpp"

// Throw-away networks for tests: they vanish with the process, whatever ends it.

namespace querent::net::test {

// A network namespace without a name; nothing is in it but a loopback that is down.
class Namespace {
 public:
  Namespace();

  // Runs with this thread inside of it; sockets that are opened there stay there.
  void inside(const std::function<void()>& what) const;
  // `ip ARGUMENT...` in it. A failure fails the test.
  void ip(const std::vector<std::string>& arguments) const;
  // /proc/sys/net/ipv4/NAME in it. A failure fails the test.
  void set_ipv4(const std::string& name, const std::string& value) const;
  // The index of an interface that is there.
  int index(const std::string& interface) const;
  // What `ip link set IF netns` takes.
  std::string path() const;

 private:
  Fd fd_;
};

// Whether this process may make them; why not is printed. Where CI=true it must.
bool namespaces_work();

}  // namespace querent::net::test
