#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent {
namespace {

TEST(Bytes, NumbersAreInNetworkOrder) {
  const Bytes bytes{0x00, 0x12, 0x34, 0xF6, 0x78};
  EXPECT_EQ(load16(bytes, 1), 0x1234);
  EXPECT_EQ(load16(bytes, 3), 0xF678);
  EXPECT_EQ(load32(bytes, 1), 0x1234F678U);
  EXPECT_EQ(load32(bytes, 0), 0x001234F6U);
}

TEST(Bytes, StoresWhereItIsTold) {
  Bytes bytes(6, 0xEE);
  store16(bytes, 1, 0x1234);
  EXPECT_EQ(bytes, (Bytes{0xEE, 0x12, 0x34, 0xEE, 0xEE, 0xEE}));
  store32(bytes, 2, 0xFEDCBA98);
  EXPECT_EQ(bytes, (Bytes{0xEE, 0x12, 0xFE, 0xDC, 0xBA, 0x98}));
}

RC_GTEST_PROP(Bytes, WhatIsStoredIsLoaded, (std::uint16_t small, std::uint32_t large)) {
  Bytes bytes(6);
  store16(bytes, 0, small);
  store32(bytes, 2, large);
  RC_ASSERT(load16(bytes, 0) == small);
  RC_ASSERT(load32(bytes, 2) == large);
}

}  // namespace
}  // namespace querent
