#include "wire/codec.hpp"

#include <gtest/gtest.h>

#include "vectors.hpp"

namespace querent::wire {
namespace {

TEST(Codec, Ipv4IsIgmp) {
  for (const auto& vector : test::vectors()) {
    const auto packet = decode(Family::kIPv4, vector.packet);
    ASSERT_TRUE(packet) << vector.name;
    EXPECT_EQ(*packet, vector.value) << vector.name;
    EXPECT_EQ(encode(vector.value), vector.packet) << vector.name;
  }
}

TEST(Codec, Ipv6IsAnsweredByAReason) {
  const auto packet = decode(Family::kIPv6, test::octets("60000000"));
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error(), DropReason::kFamily);
  EXPECT_TRUE(encode({.destination = Address::v6(0xFF02000000000000, 1)}).empty());
}

TEST(Codec, AnIpv4PacketIsNotBelievedToBeIpv6) {
  EXPECT_FALSE(decode(Family::kIPv6, test::vector("query_v2").packet));
  EXPECT_FALSE(decode(Family::kIPv4, test::octets("60000000")));
}

}  // namespace
}  // namespace querent::wire
