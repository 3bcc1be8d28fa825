#pragma once

#include "base/random.hpp"
#include "core/settings.hpp"
#include "querent/time.hpp"

namespace querent::core {

// When a querier's general queries are due: the startup burst, then jittered intervals. Each is
// due relative to when the one before was due, so lateness never adds up.
class QuerySchedule {
 public:
  explicit QuerySchedule(Random random) : random_(random) {}

  // A startup burst from now on: its first query is due at once.
  void start(const Settings& settings, Instant now);
  void stop() { due_ = kNever; }

  // True when a query is due; the next one is scheduled then. Of several missed ones, one is sent.
  bool take_due(const Settings& settings, Instant now);

  // After a change of settings: no query may be later than the interval now allows.
  void shorten(const Settings& settings, Instant now);

  Instant due() const { return due_; }  // kNever: stopped
  // Queries of the startup burst are yet to be sent.
  bool is_starting() const { return due_ != kNever && startup_left_ > 0; }

 private:
  Duration next_gap(const Settings& settings);

  Random random_;
  Instant due_ = kNever;
  int startup_left_ = 0;
};

}  // namespace querent::core
