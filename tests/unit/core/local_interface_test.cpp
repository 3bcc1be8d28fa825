#include "core/local_interface.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace querent::core {
namespace {

Address at(const std::string& text) {
  return Address::parse(text).value();
}

std::optional<Address> chosen(const std::vector<std::string>& addresses,
                              const std::optional<std::string>& configured = std::nullopt) {
  LocalInterface link;
  for (const auto& address : addresses)
    link.addresses.emplace_back(at(address), 24);
  Settings settings;
  if (configured) settings.source = at(*configured);
  const bool ipv6 = !addresses.empty() && !at(addresses.front()).is_v4();
  return source_in_force(link, settings, ipv6 ? Family::kIPv6 : Family::kIPv4);
}

TEST(Source, IsTheLowestAddressWhateverTheirOrder) {
  EXPECT_EQ(chosen({"10.0.0.10", "10.0.0.2", "10.0.0.200"}), at("10.0.0.2"));
  EXPECT_EQ(chosen({"9.255.255.255", "10.0.0.0"}), at("9.255.255.255"));
  EXPECT_EQ(chosen({"192.168.1.1", "10.0.0.1"}), at("10.0.0.1"));
  EXPECT_EQ(chosen({"fe80::10", "fe80::2"}), at("fe80::2"));
  EXPECT_EQ(chosen({"fe80::9", "fe80:0:0:1::2"}), at("fe80:0:0:1::2")) << "as elections compare";
  EXPECT_EQ(chosen({"fe80:0:0:1::2", "fe80::2"}), at("fe80::2"));
}

TEST(Source, IsAnAutoconfiguredIpv4AddressOnlyWhereThereIsNothingElse) {
  EXPECT_EQ(chosen({"169.254.0.1", "192.168.1.1"}), at("192.168.1.1"));
  EXPECT_EQ(chosen({"192.168.1.1", "169.254.0.1"}), at("192.168.1.1"));
  EXPECT_EQ(chosen({"169.254.7.7", "169.254.0.9"}), at("169.254.0.9"));
  EXPECT_EQ(chosen({"169.253.0.1", "192.168.1.1"}), at("169.253.0.1"));
}

TEST(Source, IsTheConfiguredAddressIfTheLinkHasIt) {
  EXPECT_EQ(chosen({"10.0.0.1", "10.0.0.9"}, "10.0.0.9"), at("10.0.0.9"));
  EXPECT_EQ(chosen({"10.0.0.1", "169.254.1.1"}, "169.254.1.1"), at("169.254.1.1"));
}

TEST(Source, IsNoneWhenTheLinkLacksTheConfiguredAddress) {
  EXPECT_EQ(chosen({"10.0.0.1"}, "10.0.0.9"), std::nullopt);
  EXPECT_EQ(chosen({}, "10.0.0.9"), std::nullopt);
}

TEST(Source, CanAlwaysBeUnspecifiedWhenConfiguredSo) {
  EXPECT_EQ(chosen({"10.0.0.1"}, "0.0.0.0"), at("0.0.0.0"));
  EXPECT_EQ(chosen({}, "0.0.0.0"), at("0.0.0.0"));
}

TEST(Source, IsNeverUnspecifiedInIpv6) {
  EXPECT_EQ(chosen({"fe80::1"}, "::"), std::nullopt);
  EXPECT_EQ(chosen({"fe80::1"}, "0.0.0.0"), std::nullopt);
}

TEST(Source, IsNoneWithoutAnAddress) {
  EXPECT_EQ(chosen({}), std::nullopt);
}

TEST(LocalInterface, OwnsItsAddressesAndNotItsSubnets) {
  const LocalInterface link{.mac = {}, .addresses = {{at("10.0.0.1"), 24}, {at("10.1.0.1"), 16}}};
  EXPECT_TRUE(link.owns(at("10.0.0.1")));
  EXPECT_TRUE(link.owns(at("10.1.0.1")));
  EXPECT_FALSE(link.owns(at("10.0.0.2")));
  EXPECT_FALSE(link.owns(at("::ffff:0:0")));
}

}  // namespace
}  // namespace querent::core
