#pragma once

#include <set>
#include <utility>
#include <vector>

#include "querent/time.hpp"

namespace querent::app {

// What has something to do at a time of its own, whatever machine it drives.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  virtual void run_due(Instant now) = 0;

 protected:
  Sleeper() = default;
  Sleeper(const Sleeper&) = default;
  Sleeper& operator=(const Sleeper&) = default;
};

// Who is due when, in order: with hundreds of sleepers a look at the next costs as much as with
// one.
class Wakeups {
 public:
  // The sleeper's alarm moves from one instant to another; kNever is none.
  void move(Sleeper& sleeper, Instant from, Instant to) {
    if (from == to) return;
    entries_.erase({from, &sleeper});
    if (to != kNever) entries_.emplace(to, &sleeper);
  }

  Instant next() const { return entries_.empty() ? kNever : entries_.begin()->first; }

  // All whose alarm has come. They keep it until they move it.
  std::vector<Sleeper*> due(Instant now) const {
    std::vector<Sleeper*> all;
    for (auto entry = entries_.begin(); entry != entries_.end() && entry->first <= now; ++entry)
      all.push_back(entry->second);
    return all;
  }

 private:
  std::set<std::pair<Instant, Sleeper*>> entries_;
};

}  // namespace querent::app
