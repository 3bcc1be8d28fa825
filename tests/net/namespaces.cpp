#include "namespaces.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace querent::net::test {

namespace {

Fd current() {
  return Fd{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
}

void enter(const Fd& space) {
  if (setns(space.number(), CLONE_NEWNET) != 0) {
    std::cerr << "cannot enter a network namespace: " << strerrorname_np(errno) << '\n';
    std::abort();  // everything after this would touch the wrong network
  }
}

}  // namespace

Namespace::Namespace() {
  const Fd before = current();
  EXPECT_EQ(unshare(CLONE_NEWNET), 0) << strerrorname_np(errno);
  fd_ = current();
  enter(before);
  ip({"link", "set", "lo", "up"});
}

void Namespace::inside(const std::function<void()>& what) const {
  const Fd before = current();
  enter(fd_);
  what();
  enter(before);
}

void Namespace::ip(const std::vector<std::string>& arguments) const {
  std::string program = "ip";
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{program.data()};
  std::string said = program;
  for (auto& word : words) {
    argv.push_back(word.data());
    said += " " + word;
  }
  argv.push_back(nullptr);
  inside([&] {
    pid_t child = 0;
    ASSERT_EQ(posix_spawnp(&child, "ip", nullptr, nullptr, argv.data(), environ), 0) << said;
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child) << said;
    EXPECT_EQ(status, 0) << said;
  });
}

void Namespace::set_ipv4(const std::string& name, const std::string& value) const {
  inside([&] {
    std::ofstream file("/proc/sys/net/ipv4/" + name);
    file << value << std::flush;
    EXPECT_TRUE(file) << name;
  });
}

int Namespace::index(const std::string& interface) const {
  unsigned index = 0;
  inside([&] { index = if_nametoindex(interface.c_str()); });
  EXPECT_NE(index, 0U) << interface;
  return static_cast<int>(index);
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.number());
}

bool namespaces_work() {
  const Fd before = current();
  if (unshare(CLONE_NEWNET) == 0) {
    enter(before);
    return true;
  }
  std::cerr << "no network namespaces here: " << strerrorname_np(errno) << '\n';
  const char* ci = std::getenv("CI");
  EXPECT_FALSE(ci != nullptr && std::string(ci) == "true") << "must work in CI";
  return false;
}

}  // namespace querent::net::test
