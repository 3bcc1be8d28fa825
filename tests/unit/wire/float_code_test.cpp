#include "wire/float_code.hpp"

#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

namespace querent::wire {
namespace {

// RFC 9776 4.1.1 as a formula over real numbers: (16 + mant) * 2^(exp + 3).
double by_formula(unsigned code) {
  if (code < 128) return code;
  const unsigned mant = code % 16;
  const unsigned exp = code / 16 % 8;
  return (16.0 + mant) * std::pow(2.0, exp + 3.0);
}

std::uint32_t value8(unsigned code) {
  return float_value(static_cast<std::uint8_t>(code));
}
std::uint32_t value16(unsigned code) {
  return float_value(static_cast<std::uint16_t>(code));
}

TEST(FloatCode, KnownCodesOfEightBits) {
  static_assert(float_value<std::uint8_t>(0) == 0);
  static_assert(float_value<std::uint8_t>(0x64) == 100);
  static_assert(float_value<std::uint8_t>(0x7F) == 127);
  static_assert(float_value<std::uint8_t>(0x80) == 128);
  static_assert(float_value<std::uint8_t>(0x81) == 136);
  static_assert(float_value<std::uint8_t>(0x8F) == 248);
  static_assert(float_value<std::uint8_t>(0x90) == 256);
  static_assert(float_value<std::uint8_t>(0xFF) == 31744);
  static_assert(float_code<std::uint8_t>(135) == 0x80);
  static_assert(float_code<std::uint8_t>(136) == 0x81);
  static_assert(float_code<std::uint8_t>(31743) == 0xFE);
  static_assert(float_code<std::uint8_t>(~std::uint64_t{0}) == 0xFF);
}

TEST(FloatCode, KnownCodesOfSixteenBits) {
  static_assert(float_value<std::uint16_t>(10000) == 10000);
  static_assert(float_value<std::uint16_t>(0x7FFF) == 32767);
  static_assert(float_value<std::uint16_t>(0x8000) == 32768);
  static_assert(float_value<std::uint16_t>(0x8001) == 32776);
  static_assert(float_value<std::uint16_t>(0xFFFF) == 8387584);
  static_assert(float_code<std::uint16_t>(32775) == 0x8000);
  static_assert(float_code<std::uint16_t>(~std::uint64_t{0}) == 0xFFFF);
}

TEST(FloatCode, AllCodesOfEightBitsFollowTheFormulaAndComeBack) {
  for (unsigned code = 0; code < 256; ++code) {
    EXPECT_EQ(static_cast<double>(value8(code)), by_formula(code)) << code;
    EXPECT_EQ(float_code<std::uint8_t>(value8(code)), code);
    if (code > 0) {
      EXPECT_GT(value8(code), value8(code - 1)) << code;
    }
  }
}

TEST(FloatCode, AllCodesOfSixteenBitsRiseAndComeBack) {
  for (unsigned code = 0; code < 65536; ++code) {
    ASSERT_EQ(float_code<std::uint16_t>(value16(code)), code);
    if (code > 0) {
      ASSERT_GT(value16(code), value16(code - 1)) << code;
    }
  }
}

TEST(FloatCode, ANumberWithoutCodeTakesTheNextLowerOne) {
  unsigned expected = 0;
  for (std::uint32_t number = 0; number < 40000; ++number) {
    if (expected < 255 && value8(expected + 1) <= number) ++expected;
    ASSERT_EQ(float_code<std::uint8_t>(number), expected) << number;
  }
}

TEST(FloatCode, SixteenBitsTakeTheNextLowerOneToo) {
  for (unsigned code = 0x8000; code < 0xFFFF; ++code) {
    ASSERT_EQ(float_code<std::uint16_t>(value16(code + 1) - 1), code);
  }
}

}  // namespace
}  // namespace querent::wire
