#include "sim/batch.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace querent::sim {

namespace {

constexpr std::uint64_t kPlayedTwice = 16;

Outcome play(const Batch& batch, std::uint64_t seed) {
  Outcome outcome = simulate(batch.profile, seed, batch.shape);
  if (seed % kPlayedTwice == 0) {
    check_same_trace(outcome, simulate(batch.profile, seed, batch.shape), outcome.violations);
  }
  return outcome;
}

}  // namespace

BatchResult simulate_batch(const Batch& batch) {
  BatchResult result;
  std::mutex merging;
  std::atomic<std::uint64_t> next{batch.first};
  const auto work = [&] {
    for (std::uint64_t seed = next++; seed < batch.first + batch.count; seed = next++) {
      Outcome outcome = play(batch, seed);
      const std::lock_guard lock(merging);
      ++result.seeds;
      result.events += outcome.events;
      result.simulated += outcome.simulated;
      if (outcome.violations.empty()) continue;
      result.failures.push_back({seed, std::move(outcome.violations)});
      if (batch.stop_early) next = batch.first + batch.count;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
    threads.emplace_back(work);
  work();
  for (auto& thread : threads)
    thread.join();
  std::sort(result.failures.begin(), result.failures.end(),
            [](const auto& a, const auto& b) { return a.seed < b.seed; });
  if (batch.stop_early && result.failures.size() > 1) result.failures.resize(1);
  return result;
}

}  // namespace querent::sim
