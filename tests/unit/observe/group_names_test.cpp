#include "observe/group_names.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::observe {
namespace {

Address address(const char* text) {
  const auto parsed = Address::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Address{});
}

std::string found(const GroupNames& names, const char* group) {
  return names.find(address(group)).value_or("-");
}

TEST(Ka9qGroup, IsWhereKa9qRadioSends) {
  EXPECT_EQ(config::ka9q_group("hf.local").to_string(), "239.135.38.120");
  EXPECT_EQ(config::ka9q_group("hf-status.local").to_string(), "239.185.143.241");
  EXPECT_EQ(config::ka9q_group("wspr-pcm.local").to_string(), "239.107.139.201");
}

// The hash of a26840 ends in 80:00:16.
TEST(Ka9qGroup, KeepsAwayFromTheFramesOfLinkLocalGroups) {
  EXPECT_EQ(config::ka9q_group("a26840").to_string(), "239.128.22.22");
  EXPECT_EQ(config::ka9q_group("a26841").to_string(), "239.128.23.23");
  EXPECT_EQ(config::ka9q_group("23746170.local").to_string(), "239.16.0.0") << "the hash ends in 0";
  EXPECT_EQ(config::ka9q_group("7220137.local").to_string(), "239.144.0.0");
}

TEST(Ka9qGroup, IsOfExactlyThisSpelling) {
  EXPECT_NE(config::ka9q_group("HF.local"), config::ka9q_group("hf.local"));
  EXPECT_NE(config::ka9q_group("hf.local."), config::ka9q_group("hf.local"));
}

RC_GTEST_PROP(Ka9qGroup, IsNeverOneOfThoseThatSwitchesFlood, (const std::string& name)) {
  const auto bits = config::ka9q_group(name).v4_bits();
  RC_ASSERT(bits >> 24U == 239U);
  RC_ASSERT((bits & 0x007FFF00U) != 0U);
}

// By brute force: the hash of one name in 32,768 is there.
TEST(Ka9qGroup, IsNeverOneOfThemAlsoWhereTheHashIs) {
  for (int i = 0; i < 300'000; ++i) {
    const std::string name = 'a' + std::to_string(i);
    EXPECT_NE(config::ka9q_group(name).v4_bits() & 0x007FFF00U, 0U) << name;
  }
}

TEST(GroupNames, ConfiguredWinsOverKa9qOverWellKnown) {
  const Address mdns = Address::v4(224, 0, 0, 251);
  GroupNames names(
      {.by_address = {{mdns, "printers"}, {config::ka9q_group("hf.local"), "shortwave"}},
       .ka9q = {"hf.local", "wspr-pcm.local"}});
  EXPECT_EQ(names.find(mdns), "printers");
  EXPECT_EQ(names.find(config::ka9q_group("hf.local")), "shortwave");
  EXPECT_EQ(names.find(config::ka9q_group("wspr-pcm.local")), "wspr-pcm.local");
  EXPECT_EQ(GroupNames().find(mdns), "mDNS");
  EXPECT_EQ(GroupNames().find(config::ka9q_group("hf.local")), std::nullopt);
}

// Its group is in 239.255.
TEST(GroupNames, AKa9qStreamWinsOverAWellKnownRange) {
  std::string name;
  for (int i = 0; (config::ka9q_group(name).v4_bits() >> 16U) != 0xEFFFU; ++i)
    name = std::to_string(i) + ".local";
  const Address group = config::ka9q_group(name);
  EXPECT_NE(GroupNames().find(group), std::nullopt);
  EXPECT_EQ(GroupNames(config::NameConfig{.by_address = {}, .ka9q = {name}}).find(group), name);
}

TEST(GroupNames, TellsWhatEveryNetworkUses) {
  const GroupNames names;
  for (const auto& [group, name] : std::vector<std::pair<const char*, const char*>>{
           {"224.0.0.1", "all hosts"},
           {"224.0.0.2", "all routers"},
           {"224.0.0.4", "DVMRP"},
           {"224.0.0.5", "OSPF"},
           {"224.0.0.6", "OSPF designated routers"},
           {"224.0.0.9", "RIPv2"},
           {"224.0.0.10", "EIGRP"},
           {"224.0.0.13", "PIM"},
           {"224.0.0.18", "VRRP"},
           {"224.0.0.22", "IGMPv3"},
           {"224.0.0.102", "HSRPv2, GLBP"},
           {"224.0.0.106", "all snoopers"},
           {"224.0.0.107", "PTP peer delay"},
           {"224.0.0.230", "Dante control"},
           {"224.0.0.231", "Dante control"},
           {"224.0.0.232", "Dante control"},
           {"224.0.0.233", "Dante control"},
           {"224.0.0.251", "mDNS"},
           {"224.0.0.252", "LLMNR"},
           {"224.0.1.1", "NTP"},
           {"224.0.1.39", "PIM Auto-RP announce"},
           {"224.0.1.40", "PIM Auto-RP discovery"},
           {"224.0.1.75", "SIP"},
           {"224.0.1.129", "PTP"},
           {"224.0.1.130", "PTP"},
           {"224.0.1.131", "PTP"},
           {"224.0.1.132", "PTP"},
           {"224.0.1.187", "CoAP"},
           {"224.0.23.12", "KNXnet/IP"},
           {"224.2.127.254", "SAP"},
           {"239.69.0.0", "AES67 (Dante)"},
           {"239.69.255.255", "AES67 (Dante)"},
           {"239.195.255.255", "SAP"},
           {"239.255.254.253", "Shure discovery"},
           {"239.255.255.250", "SSDP, WS-Discovery"},
           {"239.255.255.253", "SLP"},
           {"239.255.255.255", "SAP"},
           {"ff02::1", "all nodes"},
           {"ff02::2", "all routers"},
           {"ff02::5", "OSPF"},
           {"ff02::6", "OSPF designated routers"},
           {"ff02::9", "RIPng"},
           {"ff02::a", "EIGRP"},
           {"ff02::d", "PIM"},
           {"ff02::12", "VRRP"},
           {"ff02::16", "MLDv2"},
           {"ff02::1a", "RPL"},
           {"ff02::6a", "all snoopers"},
           {"ff02::6b", "PTP peer delay"},
           {"ff02::1:2", "DHCPv6"},
           {"ff02::1:3", "LLMNR"},
           {"ff02::1:ff00:0", "solicited node"},
           {"ff02::1:ff12:3456", "solicited node"},
           {"ff05::116", "SLP"},
       }) {
    EXPECT_EQ(found(names, group), name) << group;
  }
}

TEST(GroupNames, SomeIpv6GroupsAreTheSameInEveryScope) {
  const GroupNames names;
  for (const char* const scope : {"ff01", "ff02", "ff05", "ff08", "ff0e"}) {
    const std::string prefix = std::string(scope) + "::";
    EXPECT_EQ(found(names, (prefix + "fb").c_str()), "mDNS");
    EXPECT_EQ(found(names, (prefix + "c").c_str()), "SSDP, WS-Discovery");
    EXPECT_EQ(found(names, (prefix + "101").c_str()), "NTP");
    for (const char* const ptp : {"181", "182", "183", "184"})
      EXPECT_EQ(found(names, (prefix + ptp).c_str()), "PTP");
    EXPECT_EQ(found(names, (prefix + "fd").c_str()), "CoAP");
    EXPECT_EQ(found(names, (prefix + "2:7ffe").c_str()), "SAP");
  }
}

TEST(GroupNames, CountsTheUniversesOfSacn) {
  const GroupNames names;
  EXPECT_EQ(found(names, "239.255.0.1"), "sACN universe 1");
  EXPECT_EQ(found(names, "239.255.1.2"), "sACN universe 258");
  EXPECT_EQ(found(names, "239.255.249.255"), "sACN universe 63999");
  EXPECT_EQ(found(names, "239.255.250.214"), "sACN universe discovery");
  EXPECT_EQ(found(names, "ff18::8300:1"), "sACN universe 1");
  EXPECT_EQ(found(names, "ff18::8300:f9ff"), "sACN universe 63999");
}

TEST(GroupNames, OthersHaveNone) {
  const GroupNames names;
  for (const char* const group : {"224.0.0.0",
                                  "224.0.0.3",
                                  "224.0.0.229",
                                  "224.0.0.234",
                                  "224.0.1.133",
                                  "239.1.2.3",
                                  "239.255.0.0",
                                  "239.255.250.0",
                                  "239.254.0.1",
                                  "239.68.255.255",
                                  "239.70.0.0",
                                  "232.1.2.3",
                                  "ff02::",
                                  "ff02::3",
                                  "ff05::1",
                                  "ff05::16",
                                  "ff15::fb",
                                  "ff12::1",
                                  "ff02:0:0:1::fb",
                                  "ff02::2:ff00:1",
                                  "ff05::1:ff12:3456",
                                  "ff18::8300:0",
                                  "ff18::8300:fa00",
                                  "ff18::8301:1",
                                  "ff1e::8300:1",
                                  "10.0.0.1",
                                  "fe80::fb",
                                  "::fb"}) {
    EXPECT_EQ(found(names, group), "-") << group;
  }
}

}  // namespace
}  // namespace querent::observe
