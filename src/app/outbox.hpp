#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::app {

// Packets that the kernel did not take, and when each is tried again: after 100 ms, then after
// twice as long, 10 s at most. It is told the time and sends nothing itself.
class Outbox {
 public:
  // How long a packet is worth sending.
  enum class Worth : std::uint8_t {
    kUntilReplaced,  // there is at most one of these; the next one takes its place
    kForASecond,
  };

  struct Entry {
    Packet packet;
    Worth worth = Worth::kForASecond;
    Instant since{};                                  // when it was due
    std::string why{};                                // the latest refusal
    Duration pause = std::chrono::milliseconds{100};  // before the next try
    Instant next_try{};
  };

  static constexpr std::size_t kMost = 64;  // more than these: the oldest is forgotten

  // A packet of that worth, due since then, is about to be sent: since when it is owed, with what
  // it replaces.
  Instant owed(Worth worth, Instant since);

  // It was tried, for the first time or again, and not taken.
  void refused(Entry entry, std::string why, Instant now);

  // Those whose time has come. They are gone from here.
  std::vector<Entry> take_due(Instant now);
  // kNever: nothing waits.
  Instant next_try() const;

  void forget(Worth worth);
  void forget_all() { entries_.clear(); }

  // The one that waits to be replaced; nullptr: there is none.
  const Entry* owed_one() const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace querent::app
