#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "observe/state.hpp"
#include "querent/time.hpp"

namespace querent::observe {

// What happened to a segment in one slot of time.
struct Slot {
  State state = State::kMissing;  // at its end
  std::uint32_t sent = 0;         // general queries, ours
  std::uint32_t heard = 0;        // and others'
  std::uint32_t elections = 0;    // won and lost
  std::uint32_t failures = 0;     // sends that failed, sockets lost, packets rejected

  bool operator==(const Slot&) const = default;
};

// The last hour of a segment, in slots: as large when nothing happens as in a flood.
class History {
 public:
  static constexpr Duration kSlot = std::chrono::seconds(30);
  static constexpr std::size_t kSlots = 120;

  // Begins at `now`, in that state.
  History(State state, Instant now);

  void became(State state, Instant now);
  void sent(Instant now) { ++at(now).sent; }
  void heard(Instant now) { ++at(now).heard; }
  void elected(Instant now) { ++at(now).elections; }
  void failed(Instant now) { ++at(now).failures; }

  // The oldest first, the present one last; none from before the beginning.
  std::vector<Slot> slots(Instant now) const;

 private:
  struct Kept {
    std::int64_t number = -1;  // of the slot since time began; -1: not used yet
    State before = State::kMissing;
    bool changed = false;  // the state was another one when the slot began: `before`
    Slot slot;
  };

  static std::int64_t number(Instant now) { return now.time_since_epoch() / kSlot; }
  Kept& kept(Instant now);
  Slot& at(Instant now) { return kept(now).slot; }

  std::array<Kept, kSlots> kept_{};
  std::int64_t first_;
  State state_;
};

}  // namespace querent::observe
