#include "base/wall_time.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace querent {
namespace {

using namespace std::chrono_literals;

TEST(WallTime, IsToldInUtc) {
  EXPECT_EQ(utc(WallTime{} + 1795297289123ms), "2026-11-21T21:41:29.123Z");
  EXPECT_EQ(utc(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc(WallTime{} + 999'999us), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(utc(WallTime{} - 1ms), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace querent
