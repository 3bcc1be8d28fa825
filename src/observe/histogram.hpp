#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "querent/time.hpp"

namespace querent::observe {

inline constexpr std::size_t kHistogramBounds = 8;
using HistogramBounds = std::array<Duration, kHistogramBounds>;

// How late a due query was: a good one is in the first two.
inline constexpr HistogramBounds kLatenessBounds{
    std::chrono::microseconds(100), std::chrono::milliseconds(1),  std::chrono::milliseconds(5),
    std::chrono::milliseconds(10),  std::chrono::milliseconds(50), std::chrono::milliseconds(100),
    std::chrono::seconds(1),        std::chrono::seconds(10)};

// How long after a general query a report came: hosts wait for as long as the query lets them.
inline constexpr HistogramBounds kReportDelayBounds{
    std::chrono::milliseconds(100),  std::chrono::milliseconds(250),
    std::chrono::milliseconds(500),  std::chrono::milliseconds(1000),
    std::chrono::milliseconds(2500), std::chrono::seconds(5),
    std::chrono::seconds(10),        std::chrono::seconds(25)};

// Durations, counted by size.
class Histogram {
 public:
  explicit Histogram(const HistogramBounds& bounds) : bounds_(bounds) {}

  void observe(Duration duration) {
    std::size_t at = 0;
    while (at < kHistogramBounds && duration > bounds_[at])
      ++at;
    ++counts_[at];
    sum_ += duration;
  }

  const HistogramBounds& bounds() const { return bounds_; }
  // counts()[i]: above bounds()[i - 1], at most bounds()[i]; the last one: above all bounds.
  const std::array<std::uint64_t, kHistogramBounds + 1>& counts() const { return counts_; }
  Duration sum() const { return sum_; }

 private:
  HistogramBounds bounds_;
  std::array<std::uint64_t, kHistogramBounds + 1> counts_{};
  Duration sum_{0};
};

}  // namespace querent::observe
