#include "core/query_gaps.hpp"

#include <algorithm>

namespace querent::core {

namespace {

// The same query, doubled on its way.
constexpr Duration kEcho = std::chrono::milliseconds(10);

}  // namespace

void QueryGaps::hear(Instant now) {
  if (last_ && now - *last_ < kEcho) return;
  if (last_) {
    gaps_[next_] = now - *last_;
    next_ = (next_ + 1) % kGaps;
    const auto [shortest, longest] = std::minmax_element(gaps_.begin(), gaps_.end());
    const bool full = *shortest > Duration::zero();
    const bool regular = full && *longest - *shortest <= *shortest / 3;
    const bool credible = !learned_ || *longest <= *learned_ / 2 * 3;
    if (regular && credible) learned_ = *longest;
  }
  last_ = now;
}

}  // namespace querent::core
