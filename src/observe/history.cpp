#include "observe/history.hpp"

#include <algorithm>

namespace querent::observe {

History::History(State state, Instant now) : first_(number(now)), state_(state) {}

History::Kept& History::kept(Instant now) {
  const std::int64_t wanted = number(now);
  Kept& kept = kept_[static_cast<std::size_t>(wanted) % kSlots];
  if (kept.number != wanted) kept = {.number = wanted};
  return kept;
}

void History::became(State state, Instant now) {
  Kept& present = kept(now);
  if (!present.changed) present.before = state_;
  present.changed = true;
  state_ = state;
}

std::vector<Slot> History::slots(Instant now) const {
  const std::int64_t last = number(now);
  const std::int64_t first = std::max(first_, last - static_cast<std::int64_t>(kSlots) + 1);
  std::vector<Slot> slots;
  State state = state_;
  for (std::int64_t wanted = last; wanted >= first; --wanted) {
    const Kept& kept = kept_[static_cast<std::size_t>(wanted) % kSlots];
    const bool is_used = kept.number == wanted;
    slots.push_back(is_used ? kept.slot : Slot{});
    slots.back().state = state;
    if (is_used && kept.changed) state = kept.before;
  }
  std::reverse(slots.begin(), slots.end());
  return slots;
}

}  // namespace querent::observe
