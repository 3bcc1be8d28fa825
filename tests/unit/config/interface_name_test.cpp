#include "config/interface_name.hpp"

#include <optional>
#include <string>
#include <vector>

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

struct Wanted {
  std::string name;
};

std::string chosen(const std::vector<Wanted>& all, const std::string& name,
                   const std::optional<std::string>& default_route = std::nullopt) {
  const auto* const found = find_wanted(all, name, default_route);
  return found == nullptr ? "" : found->name;
}

TEST(InterfaceChoice, ANameWinsOverAPatternAndTheFirstOverTheNext) {
  const std::vector<Wanted> all{{"eth*"}, {"eth0"}, {"e*"}, {"eth0"}};
  EXPECT_EQ(find_wanted(all, "eth0", std::nullopt), &all[1]);
  EXPECT_EQ(find_wanted(all, "eth1", std::nullopt), &all[0]);
  EXPECT_EQ(chosen(all, "enp3s0"), "e*");
  EXPECT_EQ(chosen(all, "wlan0"), "");
  EXPECT_EQ(chosen({}, "eth0"), "");
}

TEST(InterfaceChoice, AutoIsTheDefaultRoutesOnceItIsKnown) {
  const std::vector<Wanted> all{{"e*"}, {"auto"}};
  EXPECT_EQ(chosen(all, "eth0"), "e*");
  EXPECT_EQ(chosen(all, "eth0", "eth0"), "auto");
  EXPECT_EQ(chosen(all, "eth1", "eth0"), "e*");
}

TEST(InterfaceChoice, APatternIsOfTheWholeName) {
  EXPECT_TRUE(stands_for("eth0.*", "eth0.20", std::nullopt));
  EXPECT_FALSE(stands_for("eth0.*", "eth0", std::nullopt));
  EXPECT_TRUE(stands_for("eth[01]", "eth1", std::nullopt));
  EXPECT_FALSE(stands_for("eth", "eth0", std::nullopt)) << "a name is no prefix";
}

TEST(InterfaceChoice, OnlyANameIsFixed) {
  EXPECT_TRUE(is_fixed_name("eth0"));
  EXPECT_FALSE(is_fixed_name("auto"));
  EXPECT_FALSE(is_fixed_name("eth?"));
}

}  // namespace
}  // namespace querent::config
