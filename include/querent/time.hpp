#pragma once

#include <chrono>
#include <cstdint>

namespace querent {

using Duration = std::chrono::nanoseconds;

// The clock all instants are counted on (CLOCK_BOOTTIME in the running program, virtual time in
// tests). It has no now(): only the event loop can read a clock, everyone else is told the time.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
};

using Instant = Clock::time_point;

// Later than every instant that occurs. Compared with, never added to.
inline constexpr Instant kNever = Instant::max();

// Before every instant that occurs; "not running" for timers that are only compared with now.
inline constexpr Instant kLongAgo = Instant::min();

// For intervals scaled by a real factor (jitter, ratios); rounds towards zero.
constexpr Duration scaled(Duration interval, double factor) {
  return Duration{static_cast<Duration::rep>(static_cast<double>(interval.count()) * factor)};
}

}  // namespace querent
