#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "querent/time.hpp"

namespace querent::core {

// Learns the query interval of a querier that does not announce it (IGMPv1, v2, MLDv1), from the
// gaps between its general queries.
class QueryGaps {
 public:
  // A query within 10 ms of the one before is the same one, doubled on its way.
  void hear(Instant now);

  // The longest of the last four gaps, as of when these last lay within a third of each other.
  // A startup burst of up to four queries does not look like that; a lost query leaves
  // what was learned before. So does a rhythm that slows down by more than half: every other query
  // being lost looks the same, and must not make us wait twice as long. Nothing: not learned yet.
  std::optional<Duration> longest_gap() const { return learned_; }

 private:
  static constexpr std::size_t kGaps = 4;

  std::optional<Instant> last_;
  std::array<Duration, kGaps> gaps_{};  // a ring; zero: not seen yet
  std::size_t next_ = 0;
  std::optional<Duration> learned_;
};

}  // namespace querent::core
