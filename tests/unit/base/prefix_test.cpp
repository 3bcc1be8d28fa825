#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "querent/address.hpp"

namespace querent {
namespace {

Address parsed(std::string_view text) {
  return Address::parse(text).value();
}

struct Row {
  const char* base;
  unsigned length;
  const char* first;
  const char* last;
  const char* outside;  // nullptr: nothing of the family is
};

const Row kRows[] = {
    {"192.0.2.77", 0, "0.0.0.0", "255.255.255.255", nullptr},
    {"192.0.2.77", 1, "128.0.0.0", "255.255.255.255", "127.255.255.255"},
    {"192.0.2.77", 24, "192.0.2.0", "192.0.2.255", "192.0.3.0"},
    {"192.0.2.77", 25, "192.0.2.0", "192.0.2.127", "192.0.2.128"},
    {"192.0.2.77", 31, "192.0.2.76", "192.0.2.77", "192.0.2.78"},
    {"192.0.2.77", 32, "192.0.2.77", "192.0.2.77", "192.0.2.76"},
    {"2001:db8::77", 0, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr},
    {"2001:db8::77", 31, "2001:db8::", "2001:db9:ffff:ffff:ffff:ffff:ffff:ffff", "2001:dba::"},
    {"2001:db8::77", 63, "2001:db8::", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:2::"},
    {"2001:db8::77", 64, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"},
    {"2001:db8::77", 65, "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", "2001:db8::8000:0:0:0"},
    {"2001:db8::77", 127, "2001:db8::76", "2001:db8::77", "2001:db8::78"},
    {"2001:db8::77", 128, "2001:db8::77", "2001:db8::77", "2001:db8::76"},
};

TEST(Prefix, FirstLastAndWhatIsBetween) {
  for (const Row& row : kRows) {
    const Prefix prefix(parsed(row.base), row.length);
    SCOPED_TRACE(std::string(row.base) + "/" + std::to_string(row.length));
    EXPECT_EQ(prefix.length(), row.length);
    EXPECT_EQ(prefix.first(), parsed(row.first));
    EXPECT_EQ(prefix.last(), parsed(row.last));
    EXPECT_TRUE(prefix.contains(parsed(row.base)));
    EXPECT_TRUE(prefix.contains(parsed(row.first)));
    EXPECT_TRUE(prefix.contains(parsed(row.last)));
    if (row.outside != nullptr) {
      EXPECT_FALSE(prefix.contains(parsed(row.outside)));
    }
  }
}

TEST(Prefix, OfIpv4HoldsNoIpv6) {
  const Prefix all(Address::v4(0), 0);
  EXPECT_FALSE(all.contains(parsed("::")));
  EXPECT_FALSE(all.contains(parsed("fe80::1")));
  EXPECT_FALSE(all.contains(parsed("::c000:201")));
}

TEST(Prefix, TooLongIsAllBits) {
  EXPECT_EQ(Prefix(Address::v4(192, 0, 2, 1), 33), Prefix(Address::v4(192, 0, 2, 1), 32));
  EXPECT_EQ(Prefix(parsed("fe80::1"), 4000), Prefix(parsed("fe80::1"), 128));
  EXPECT_EQ(Prefix(Address::v4(192, 0, 2, 1), 4000), Prefix(Address::v4(192, 0, 2, 1), 32));
}

TEST(Prefix, BitsBehindTheLengthDoNotCount) {
  EXPECT_EQ(Prefix(Address::v4(192, 0, 2, 1), 24), Prefix(Address::v4(192, 0, 2, 9), 24));
  EXPECT_NE(Prefix(Address::v4(192, 0, 2, 0), 24), Prefix(Address::v4(192, 0, 2, 0), 25));
}

RC_GTEST_PROP(Prefix, ContainsWhatIsFromFirstToLast, (std::uint32_t base, std::uint32_t other)) {
  const auto length = *rc::gen::inRange(0U, 33U);
  const Prefix prefix(Address::v4(base), length);
  const Address address = Address::v4(other);
  RC_ASSERT(prefix.contains(address) == (prefix.first() <= address && address <= prefix.last()));
  RC_ASSERT(std::uint64_t{prefix.last().v4_bits()} - prefix.first().v4_bits() + 1 ==
            std::uint64_t{1} << (32 - length));
}

}  // namespace
}  // namespace querent
