#include "watch_fixture.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "querent_lan.hpp"

namespace querent::cli::test {

namespace {

constexpr MacAddress kMacHere{{2, 0, 0, 0, 0, 1}};
constexpr MacAddress kMacThere{{2, 0, 0, 0, 0, 2}};

template <class T>
T checked(os::SysResult<T> result) {
  if (result) return std::move(*result);
  ADD_FAILURE() << result.error().to_string();
  std::abort();
}

void check(const os::SysResult<void>& result) {
  ASSERT_TRUE(result) << result.error().to_string();
}

}  // namespace

void Cable::SetUp() {
  if (const auto root = lab::become_root_here(); !root) {
    const char* const ci = std::getenv("CI");
    ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << root.error().to_string();
    GTEST_SKIP() << "needs " << lab::kNeeds << ": " << root.error().to_string();
  }
  file_ = testing::TempDir() + "querent-watch-" + std::to_string(::getpid());
  here_ = std::make_unique<lab::Namespace>(checked(lab::Namespace::create()));
  there_ = std::make_unique<lab::Namespace>(checked(lab::Namespace::create()));
  for (auto* const host : {&here_, &there_})
    check((*host)->write_sysctl("ipv6/conf/default/disable_ipv6", "1"));
  check(here_->links().add_veth({.name = "eth0", .mac = kMacHere},
                                {.name = "eth0", .mac = kMacThere}, there_->fd()));
  check(here_->links().add_address("eth0", Address::v4(10, 0, 0, 1), 24));
  check(there_->links().add_address("eth0", Address::v4(10, 0, 0, 2), 24));
  check(here_->links().set_up("eth0"));
  check(there_->links().set_up("eth0"));
}

void Cable::enable_ipv6(bool with_address) {
  constexpr const char* kNoneOfItsOwn = "1";
  check(there_->await_carrier("eth0", kPatience));
  check(there_->write_sysctl("ipv6/conf/eth0/addr_gen_mode", kNoneOfItsOwn));
  check(there_->write_sysctl("ipv6/conf/eth0/disable_ipv6", "0"));
  if (with_address) check(there_->links().add_address("eth0", kLinkLocalThere, 64));
}

void Cable::TearDown() {
  std::filesystem::remove(file_);
}

lab::Process Cable::start(const lab::Namespace& where, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program());
  return checked(lab::Process::spawn({.argv = std::move(arguments), .where = &where}));
}

Cable::Ran Cable::finish(lab::Process& process) {
  const auto exit = process.wait(kPatience);
  EXPECT_TRUE(exit) << "it does not end; so far: " << process.output() << process.errors();
  if (!exit) return {};
  EXPECT_EQ(exit->signal, 0);
  return {.code = exit->code, .out = process.output(), .err = process.errors()};
}

Cable::Ran Cable::run(const lab::Namespace& where, std::vector<std::string> arguments) {
  auto process = start(where, std::move(arguments));
  return finish(process);
}

lab::Process Cable::watch(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"watch", "-i", "eth0"});
  auto process = start(*here_, std::move(arguments));
  EXPECT_TRUE(process.wait_for_errors("watching eth0", kPatience)) << process.errors();
  return process;
}

Cable::Ran Cable::inject(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"inject", "-i", "eth0"});
  return run(*there_, std::move(arguments));
}

void Cable::send_frame(const Bytes& frame) {
  const int index = checked(there_->links().index_of("eth0"));
  check(there_->inside([&]() -> os::SysResult<void> {
    const os::Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = index;
    const auto sent =
        ::sendto(socket.number(), frame.data(), frame.size(), 0,
                 static_cast<const sockaddr*>(static_cast<const void*>(&to)), sizeof to);
    if (sent < 0) return os::sys_failure("send a frame");
    return {};
  }));
}

std::string program() {
  return querent::test::program();
}

std::vector<std::string> without_times(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line.substr(line.find(' ') + 1));
  }
  return lines;
}

}  // namespace querent::cli::test
