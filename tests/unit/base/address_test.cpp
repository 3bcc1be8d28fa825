#include "querent/address.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent {
namespace {

Address parsed(std::string_view text) {
  return Address::parse(text).value();
}

TEST(Address, TextOfIpv4) {
  EXPECT_EQ(parsed("192.0.2.1"), Address::v4(192, 0, 2, 1));
  EXPECT_EQ(parsed("0.0.0.0"), Address::v4(0));
  EXPECT_EQ(parsed("255.255.255.255").v4_bits(), 0xFFFFFFFFU);
  EXPECT_EQ(Address::v4(239, 1, 2, 3).to_string(), "239.1.2.3");
  EXPECT_EQ(Address::v4(0).to_string(), "0.0.0.0");
}

TEST(Address, TextOfIpv6) {
  EXPECT_EQ(parsed("fe80::1"), Address::v6(0xFE80000000000000, 1));
  EXPECT_EQ(parsed("::"), Address{});
  EXPECT_EQ(parsed("2001:DB8::A").to_string(), "2001:db8::a");
  EXPECT_EQ(Address::v6(0xFF02000000000000, 0x16).to_string(), "ff02::16");
  EXPECT_EQ(Address{}.to_string(), "::");
}

TEST(Address, WhatIsNoAddress) {
  for (const std::string_view text :
       {"", " ", "192.0.2", "192.0.2.256", "192.0.2.1 ", " 192.0.2.1", "192.0.2.1/24", "192.0.2.01",
        "0x7f.0.0.1", "localhost", "fe80::1%eth0", "fe80:::1", "1:2:3:4:5:6:7:8:9", "[::1]"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(Address::parse("192.0.2.1\0.evil"sv));
}

TEST(Address, TheMappedRangeIsIpv4) {
  EXPECT_EQ(parsed("::ffff:192.0.2.1"), Address::v4(192, 0, 2, 1));
  EXPECT_EQ(parsed("::ffff:192.0.2.1").family(), Family::kIPv4);
  EXPECT_EQ(parsed("::ffff:192.0.2.1").to_string(), "192.0.2.1");
  EXPECT_EQ(parsed("::fffe:192.0.2.1").family(), Family::kIPv6);
  EXPECT_EQ(parsed("::1:ffff:c000:201").family(), Family::kIPv6);
  EXPECT_EQ(parsed("1::ffff:c000:201").family(), Family::kIPv6);
  EXPECT_EQ(parsed("::192.0.2.1").family(), Family::kIPv6);
}

TEST(Address, Families) {
  EXPECT_TRUE(parsed("192.0.2.1").is_v4());
  EXPECT_FALSE(parsed("fe80::1").is_v4());
  EXPECT_EQ(Address{}.family(), Family::kIPv6);
  EXPECT_EQ(Address::unspecified(Family::kIPv4), Address::v4(0));
  EXPECT_EQ(Address::unspecified(Family::kIPv6), Address{});
  EXPECT_EQ(name(Family::kIPv4), "ipv4");
  EXPECT_EQ(name(Family::kIPv6), "ipv6");
}

TEST(Address, OrderIsNumericNeverByteOrder) {
  // Read as little-endian words, each of these pairs would be the other way round.
  EXPECT_LT(parsed("10.0.0.2"), parsed("10.0.1.1"));
  EXPECT_LT(parsed("10.0.0.255"), parsed("11.0.0.0"));
  EXPECT_LT(parsed("192.168.1.9"), parsed("192.168.1.10"));
  EXPECT_LT(parsed("9.255.255.255"), parsed("10.0.0.0"));
  EXPECT_LT(parsed("127.255.255.255"), parsed("128.0.0.0"));  // no sign
  EXPECT_LT(parsed("fe80::2"), parsed("fe80::1:1"));
  EXPECT_LT(parsed("fe80::ffff:ffff:ffff:ffff"), parsed("fe80:0:0:1::"));
  EXPECT_LT(parsed("7fff::"), parsed("8000::"));
}

RC_GTEST_PROP(Address, Ipv4OrderIsThatOfTheNumbers, (std::uint32_t a, std::uint32_t b)) {
  RC_ASSERT((Address::v4(a) < Address::v4(b)) == (a < b));
  RC_ASSERT((Address::v4(a) == Address::v4(b)) == (a == b));
}

RC_GTEST_PROP(Address, OrderIsThatOfTheOctets, ()) {
  const auto any = [] {
    return Address::v6(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>());
  };
  const Address a = any();
  const Address b = any();
  const auto x = a.to_bytes();
  const auto y = b.to_bytes();
  RC_ASSERT((a < b) == std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end()));
}

RC_GTEST_PROP(Address, ComesBackFromTextAndOctets, (std::uint64_t high, std::uint64_t low)) {
  const Address address = Address::v6(high, low);
  RC_ASSERT(Address::parse(address.to_string()) == address);
  RC_ASSERT(Address::from_bytes(address.to_bytes()) == address);
  const Address v4 = Address::v4(static_cast<std::uint32_t>(low));
  RC_ASSERT(Address::parse(v4.to_string()) == v4);
  RC_ASSERT(Address::from_bytes(v4.to_bytes()) == v4);
}

TEST(Address, OctetsAreInNetworkOrder) {
  const std::array<std::uint8_t, 4> four{192, 0, 2, 1};
  EXPECT_EQ(Address::from_bytes(four), Address::v4(192, 0, 2, 1));
  const auto bytes = Address::v4(192, 0, 2, 1).to_bytes();
  EXPECT_EQ((std::vector<std::uint8_t>(bytes.begin() + 12, bytes.end())),
            (std::vector<std::uint8_t>{192, 0, 2, 1}));
  EXPECT_EQ(parsed("fe80::1").to_bytes()[0], 0xFE);
  EXPECT_EQ(parsed("fe80::1").to_bytes()[15], 0x01);
}

TEST(Address, Kinds) {
  EXPECT_TRUE(parsed("224.0.0.0").is_multicast());
  EXPECT_TRUE(parsed("239.255.255.255").is_multicast());
  EXPECT_FALSE(parsed("223.255.255.255").is_multicast());
  EXPECT_FALSE(parsed("240.0.0.0").is_multicast());
  EXPECT_TRUE(parsed("ff02::1").is_multicast());
  EXPECT_FALSE(parsed("fe80::1").is_multicast());
  EXPECT_TRUE(parsed("127.0.0.1").is_loopback());
  EXPECT_TRUE(parsed("127.255.255.255").is_loopback());
  EXPECT_FALSE(parsed("128.0.0.1").is_loopback());
  EXPECT_TRUE(parsed("::1").is_loopback());
  EXPECT_FALSE(parsed("::2").is_loopback());
  EXPECT_TRUE(parsed("169.254.0.1").is_link_local());
  EXPECT_FALSE(parsed("169.255.0.1").is_link_local());
  EXPECT_TRUE(parsed("fe80::1").is_link_local());
  EXPECT_TRUE(parsed("febf::1").is_link_local());
  EXPECT_FALSE(parsed("fec0::1").is_link_local());
  EXPECT_FALSE(parsed("fe7f::1").is_link_local());
  EXPECT_TRUE(parsed("255.255.255.255").is_limited_broadcast());
  EXPECT_FALSE(parsed("255.255.255.254").is_limited_broadcast());
  EXPECT_FALSE(parsed("::ffff:ffff").is_limited_broadcast());
  EXPECT_TRUE(parsed("0.0.0.0").is_unspecified());
  EXPECT_TRUE(parsed("::").is_unspecified());
  EXPECT_FALSE(parsed("0.0.0.1").is_unspecified());
  EXPECT_FALSE(parsed("::1").is_unspecified());
}

TEST(AddressHash, TheSameForTheSameKeyAloneAndSpread) {
  const AddressHash hash{.key = 1};
  EXPECT_EQ(hash(parsed("239.1.2.3")), hash(parsed("239.1.2.3")));
  EXPECT_NE(hash(parsed("239.1.2.3")), AddressHash{.key = 2}(parsed("239.1.2.3")));
  // Neighbours differ in their low bits too, which pick the bucket.
  std::set<std::size_t> hashes;
  std::set<std::size_t> buckets;
  for (std::uint32_t i = 0; i < 4096; ++i) {
    hashes.insert(hash(Address::v4(0xEF000000U + (i << 8U))));
    buckets.insert(hash(Address::v4(0xEF000000U + (i << 8U))) % 4096);
  }
  EXPECT_EQ(hashes.size(), 4096U);
  EXPECT_GT(buckets.size(), 2300U);  // 4096 * (1 - 1/e) = 2589 of a random function
}

TEST(AddressHash, BothHalvesCount) {
  const AddressHash hash;
  EXPECT_NE(hash(Address::v6(1, 0)), hash(Address::v6(0, 1)));
  EXPECT_NE(hash(Address::v6(1, 5)), hash(Address::v6(2, 5)));
  EXPECT_NE(hash(Address::v6(1, 5)), hash(Address::v6(1, 6)));
  const std::unordered_set<Address, AddressHash> set{Address::v4(1), Address::v4(2)};
  EXPECT_TRUE(set.contains(Address::v4(2)));
}

TEST(MacAddress, TextAndUnknown) {
  const MacAddress mac{{0x52, 0x54, 0x00, 0x12, 0x3A, 0xFF}};
  EXPECT_EQ(mac.to_string(), "52:54:00:12:3a:ff");
  EXPECT_TRUE(mac.is_known());
  EXPECT_FALSE(MacAddress{}.is_known());
  EXPECT_EQ(MacAddress{}.to_string(), "00:00:00:00:00:00");
  EXPECT_LT((MacAddress{{0, 0, 0, 0, 1, 0}}), (MacAddress{{0, 0, 0, 1, 0, 0}}));
}

}  // namespace
}  // namespace querent
