#include "os/service_manager.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/socket_address.hpp"
#include "os/fd.hpp"

namespace querent::net {
namespace {

class ServiceManagerTest : public testing::Test {
 protected:
  void SetUp() override { forget_environment(); }
  void TearDown() override {
    forget_environment();
    std::filesystem::remove(path_);
  }

  static void forget_environment() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      unsetenv(name);
  }
  static void set(const char* name, const std::string& value) {
    ASSERT_EQ(setenv(name, value.c_str(), 1), 0);
  }

  // Listens as systemd does, and says so in the environment. `name`: a path, or @ for abstract.
  void listen(const std::string& name) {
    listener_ = os::Fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, std::begin(address.sun_path));
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(::bind(listener_.number(), os::as_sockaddr(address), size), 0) << name;
    set("NOTIFY_SOCKET", name);
  }
  // Empty when nothing was told.
  std::string told() const {
    std::array<char, 4096> text{};
    const auto size = ::recv(listener_.number(), text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
  }

  std::string path_ =
      (std::filesystem::temp_directory_path() / ("querent-notify-" + std::to_string(getpid())))
          .string();
  std::string abstract_ = "@querent-notify-" + std::to_string(getpid());
  os::Fd listener_;
};

TEST_F(ServiceManagerTest, TellsASocketInTheFileSystem) {
  listen(path_);
  const os::ServiceManager manager;
  manager.tell("READY=1\nSTATUS=querier on eth0");
  EXPECT_EQ(told(), "READY=1\nSTATUS=querier on eth0");
  manager.tell("STOPPING=1");
  EXPECT_EQ(told(), "STOPPING=1");
  EXPECT_EQ(told(), "");
}

TEST_F(ServiceManagerTest, TellsAnAbstractSocket) {
  listen(abstract_);
  os::ServiceManager first;
  const os::ServiceManager manager = std::move(first);
  manager.tell("READY=1");
  EXPECT_EQ(told(), "READY=1");
}

TEST_F(ServiceManagerTest, NeverWaitsForOneWhoDoesNotListen) {
  listen(abstract_);
  const os::ServiceManager manager;
  for (int i = 0; i < 2000; ++i)
    manager.tell("WATCHDOG=1");
  EXPECT_EQ(told(), "WATCHDOG=1");
  listener_ = os::Fd{};
  manager.tell("READY=1");
}

TEST_F(ServiceManagerTest, WithoutAUsefulAddressItIsSilent) {
  os::ServiceManager().tell("READY=1");
  for (const std::string& address :
       {std::string(), std::string("@"), std::string("/"), std::string("vsock:2:1234"),
        std::string("relative/path"), "/" + std::string(200, 'a'), "@" + std::string(107, 'a')}) {
    set("NOTIFY_SOCKET", address);
    os::ServiceManager().tell("READY=1");
  }
}

TEST_F(ServiceManagerTest, TellsWhenItMustSpeakToTheWatchdog) {
  using std::chrono::seconds;
  EXPECT_EQ(os::ServiceManager().watchdog(), std::nullopt);
  set("WATCHDOG_USEC", "30000000");
  EXPECT_EQ(os::ServiceManager().watchdog(), seconds{30});
  set("WATCHDOG_PID", std::to_string(getpid()));
  EXPECT_EQ(os::ServiceManager().watchdog(), seconds{30});
}

TEST_F(ServiceManagerTest, TheWatchdogOfAnotherProcessIsNotOurs) {
  set("WATCHDOG_USEC", "30000000");
  for (const std::string& pid : {std::to_string(getppid()), std::string("x"), std::string("0")}) {
    set("WATCHDOG_PID", pid);
    EXPECT_EQ(os::ServiceManager().watchdog(), std::nullopt) << pid;
  }
}

TEST_F(ServiceManagerTest, AWatchdogTimeThatIsNoneIsNone) {
  for (const char* time : {"", "0", "-1", "30s", " 5", "18446744073709551615",
                           "99999999999999999999", "9223372036854776"}) {
    set("WATCHDOG_USEC", time);
    EXPECT_EQ(os::ServiceManager().watchdog(), std::nullopt) << time;
  }
}

}  // namespace
}  // namespace querent::net
