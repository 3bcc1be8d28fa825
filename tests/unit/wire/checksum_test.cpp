#include "wire/checksum.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "vectors.hpp"

namespace querent::wire {
namespace {

using test::octets;

TEST(Checksum, OfTheExampleInRfc1071) {
  // Section 3: the words 0001 f203 f4f5 f6f7 sum to ddf2.
  EXPECT_EQ(checksum(octets("0001f203f4f5f6f7")), 0xFFFF - 0xDDF2);
}

TEST(Checksum, OfNothingIsAllOnes) {
  EXPECT_EQ(checksum({}), 0xFFFF);
}

TEST(Checksum, AnOddOctetIsTheHighHalfOfAWord) {
  EXPECT_EQ(checksum(octets("12")), checksum(octets("1200")));
  EXPECT_EQ(checksum(octets("123456")), checksum(octets("12345600")));
  EXPECT_EQ(checksum(octets("1234567890")), checksum(octets("123456789000")));
}

TEST(Checksum, CarriesOfTheLargestPacketAreKept) {
  for (const std::size_t size : {std::size_t{65535}, std::size_t{65534}, std::size_t{65533}}) {
    const Bytes ones(size, 0xFF);
    EXPECT_EQ(checksum(ones), test::slow_checksum(ones)) << size;
  }
}

TEST(Checksum, VerifiesToZeroOnlyWhenRight) {
  Bytes message = octets("1164ee9b00000000");
  EXPECT_EQ(checksum(message), 0);
  message[3] ^= 1U;
  EXPECT_NE(checksum(message), 0);
}

RC_GTEST_PROP(Checksum, IsTheOneOfTheRfcToTheLetter, (const Bytes& bytes)) {
  RC_ASSERT(checksum(bytes) == test::slow_checksum(bytes));
}

RC_GTEST_PROP(Checksum, OfPartsGoesOnIntoTheNext, (const Bytes& bytes)) {
  const auto at = 2 * *rc::gen::inRange<std::size_t>(0, bytes.size() / 2 + 1);
  const ByteView all(bytes);
  RC_ASSERT(checksum(all.subspan(at), checksum(all.first(at))) == checksum(bytes));
}

RC_GTEST_PROP(Checksum, NoticesEverySingleBit, (Bytes bytes)) {
  RC_PRE(!bytes.empty());
  const auto before = checksum(bytes);
  const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
  RC_ASSERT(checksum(bytes) != before);
}

}  // namespace
}  // namespace querent::wire
