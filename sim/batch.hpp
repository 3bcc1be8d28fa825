#pragma once

#include <cstdint>
#include <vector>

#include "sim/simulation.hpp"

namespace querent::sim {

struct Batch {
  Profile profile = Profile::kStorm;
  std::uint64_t first = 0;
  std::uint64_t count = 1;
  Shape shape;
  bool stop_early = false;  // at the lowest seed that fails
};

struct BatchResult {
  struct Failure {
    std::uint64_t seed = 0;
    Violations violations;
  };
  std::vector<Failure> failures;  // by seed
  std::uint64_t seeds = 0;        // that were played
  std::uint64_t events = 0;
  Duration simulated{0};
};

// Seeds `first` to `first + count - 1`, on as many threads as there are processors. Every sixteenth
// is played twice: the same seed must give the same trace.
BatchResult simulate_batch(const Batch& batch);

}  // namespace querent::sim
