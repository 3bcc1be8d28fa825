#include "observe/histogram.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace querent::observe {

namespace {

using namespace std::chrono_literals;

TEST(Histogram, CountsABoundWithWhatLiesBelowIt) {
  Histogram histogram(kLatenessBounds);
  histogram.observe(0s);
  histogram.observe(100us);
  histogram.observe(100us + 1ns);
  histogram.observe(10s);
  histogram.observe(1h);
  EXPECT_EQ(histogram.counts()[0], 2U);
  EXPECT_EQ(histogram.counts()[1], 1U);
  EXPECT_EQ(histogram.counts()[kHistogramBounds - 1], 1U);
  EXPECT_EQ(histogram.counts()[kHistogramBounds], 1U);
  EXPECT_EQ(histogram.sum(), 1h + 10s + 200us + 1ns);
}

}  // namespace

}  // namespace querent::observe
