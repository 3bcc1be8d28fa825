#pragma once

#include <cstdint>

#include "querent/time.hpp"

namespace querent {

// A small seeded generator (splitmix64): the same seed gives the same numbers on every machine.
// A value: a copy continues on its own. Not for secrets.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return mixed(state_);
  }

  // Uniform in [0, bound); 0 when bound is 0.
  constexpr std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

  // Uniform in [low, high]; low when high is not above it.
  constexpr Duration between(Duration low, Duration high) {
    if (high <= low) return low;
    const auto width = static_cast<std::uint64_t>((high - low).count());
    return low + Duration{static_cast<Duration::rep>(below(width + 1))};
  }

  // True with the given probability (0 never, 1 always).
  constexpr bool chance(double probability) {
    constexpr double kTwoTo53 = 9007199254740992.0;
    return static_cast<double>(next() >> 11U) < probability * kTwoTo53;
  }

  // A generator of its own, for a part that must not be disturbed by draws elsewhere.
  constexpr Random fork() { return Random(next()); }

  // One well-mixed value from another (also the finalizer of our hash functions).
  static constexpr std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace querent
