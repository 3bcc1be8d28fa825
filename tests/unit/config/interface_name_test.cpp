#include "config/interface_name.hpp"

#include <string>

#include <gtest/gtest.h>

namespace querent::config {
namespace {

TEST(InterfaceName, IsOneThatTheKernelAllows) {
  for (const char* const name :
       {"eth0", "eth0.20", "auto", "br-lan", "wlan0", "a", "eth0@x", "abcdefghijklmno", "eth*",
        "eth?", "eth[01]", "*", "enp[0-9]s[0-9]f[0-9]"}) {
    EXPECT_TRUE(is_interface_name(name)) << name;
  }
  for (const char* const name : {"", ".", "..", "abcdefghijklmnop", "eth 0", "eth/0", "eth0:1",
                                 "eth0,eth1", "eth0\n", "\teth0", "=eth0", "-q", "eth\x7f"}) {
    EXPECT_FALSE(is_interface_name(name)) << name;
  }
  EXPECT_FALSE(is_interface_name(std::string(65, '*')));
}

}  // namespace
}  // namespace querent::config
