#include <array>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/link_kit.hpp"
#include "kit/temporary_directory.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"

// What systemd is told by a querent that runs, sandboxed and as nobody.

namespace querent::test {

namespace {

using testing::StartsWith;

// In the place of systemd.
class Manager {
 public:
  Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(std::begin(address.sun_path), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_.number(), os::as_sockaddr(address), sizeof address), 0);
    std::filesystem::permissions(path(), std::filesystem::perms{0777});
  }

  std::string path() const { return home_.path() + "/notify"; }

  // The next one that begins so; others before it are passed over. Empty: none in time.
  std::string await(const std::string& beginning) const {
    const Instant until = os::now() + kPatience;
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - os::now());
      pollfd waiting{socket_.number(), POLLIN, 0};
      if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return {};
      std::array<char, 4096> text{};
      const auto size = ::recv(socket_.number(), text.data(), text.size(), 0);
      if (size < 0) return {};
      std::string told(text.data(), static_cast<std::size_t>(size));
      if (told.starts_with(beginning)) return told;
    }
  }

 private:
  TemporaryDirectory home_;
  os::Fd socket_;
};

lab::Process start_as_service(const lab::Namespace& where, const Manager& manager) {
  auto process = lab::Process::spawn(
      {.argv = {program(), "run", "-i", "eth0"},
       .where = &where,
       .environment = {"NOTIFY_SOCKET=" + manager.path(), "WATCHDOG_USEC=600000"}});
  EXPECT_TRUE(good(process));
  return std::move(*process);
}

TEST(ServiceLife, TellsTheServiceManagerHowItIs) {
  auto lan = make_lan({.hosts = {1}});
  const Manager manager;
  auto querent = start_as_service(lan.host(1), manager);
  EXPECT_EQ(manager.await("READY"), "READY=1");
  EXPECT_EQ(manager.await("STATUS"), "STATUS=eth0 ipv4: querier");

  Instant last = os::now();
  for (int beat = 0; beat < 4; ++beat) {
    ASSERT_EQ(manager.await("WATCHDOG"), "WATCHDOG=1");
    EXPECT_LT(os::now() - last, 600ms);
    last = os::now();
  }

  good(lan.switch_of(1).pull(lab::Lan::port_of(1)));
  EXPECT_EQ(manager.await("STATUS"), "STATUS=eth0 ipv4: has no carrier");

  const Instant before = os::now();
  querent.kill(SIGHUP);
  const std::string stamp = "RELOADING=1\nMONOTONIC_USEC=";
  const auto reloading = manager.await("RELOADING");
  ASSERT_THAT(reloading, StartsWith(stamp));
  std::int64_t microseconds = 0;
  std::from_chars(reloading.data() + stamp.size(), reloading.data() + reloading.size(),
                  microseconds);
  const auto at = Instant(std::chrono::microseconds(microseconds));
  EXPECT_GE(at, before - 1ms);
  EXPECT_LE(at, os::now());
  EXPECT_EQ(manager.await("READY"), "READY=1");

  querent.kill(SIGTERM);
  EXPECT_EQ(manager.await("STOPPING"), "STOPPING=1");
  EXPECT_EQ(finish(querent).code, 0);
}

}  // namespace

}  // namespace querent::test
