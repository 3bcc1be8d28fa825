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

TEST(Codec, Ipv6IsMld) {
  for (const auto& vector : test::mld_vectors()) {
    const auto packet = decode(Family::kIPv6, vector.packet);
    ASSERT_TRUE(packet) << vector.name;
    EXPECT_EQ(*packet, vector.value) << vector.name;
    EXPECT_EQ(encode(vector.value), vector.packet) << vector.name;
  }
}

TEST(Codec, OneFamilysPacketsAreNotBelievedToBeTheOthers) {
  for (const auto& vector : test::vectors())
    EXPECT_EQ(decode(Family::kIPv6, vector.packet), failure(DropReason::kIpVersion));
  for (const auto& vector : test::mld_vectors())
    EXPECT_EQ(decode(Family::kIPv4, vector.packet), failure(DropReason::kIpVersion));
}

TEST(Codec, SourcesPerQueryByFamily) {
  EXPECT_EQ(max_query_sources(Family::kIPv4, 1500), 366U);  // RFC 9776 4.1.8
  EXPECT_EQ(max_query_sources(Family::kIPv6, 1500), 89U);   // RFC 9777 5.1.10
}

}  // namespace
}  // namespace querent::wire
