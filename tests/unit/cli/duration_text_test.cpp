#include "cli/duration_text.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace querent::cli {
namespace {

using namespace std::chrono_literals;

TEST(ShortDuration, HasTwoOrThreeDigitsAndAUnit) {
  EXPECT_EQ(short_duration(0s), "0");
  EXPECT_EQ(short_duration(999ns), "0");
  EXPECT_EQ(short_duration(21us), "21 us");
  EXPECT_EQ(short_duration(1440us), "1.4 ms");
  EXPECT_EQ(short_duration(101ms), "101 ms");
  EXPECT_EQ(short_duration(3200ms), "3.2 s");
  EXPECT_EQ(short_duration(125s), "2m05s");
  EXPECT_EQ(short_duration(3h + 12min), "3h12m");
}

// 59.97 s is not "60.0 s".
TEST(ShortDuration, IsNotRoundedIntoTheNextUnit) {
  EXPECT_EQ(short_duration(9999us), "9.9 ms");
  EXPECT_EQ(short_duration(59999ms), "59.9 s");
}

}  // namespace
}  // namespace querent::cli
