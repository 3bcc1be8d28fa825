#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::core {

// When which group next needs attention. An entry may come up early, or twice; never late. So a
// timer that moves later, as every report does, costs nothing here.
class Agenda {
 public:
  void add(Instant when, Address group) {
    entries_.emplace_back(when, group);
    std::push_heap(entries_.begin(), entries_.end(), std::greater<>());
  }

  Instant next() const { return entries_.empty() ? kNever : entries_.front().first; }

  // The group of the entry that is next(). The caller has seen that there is one.
  Address take() {
    std::pop_heap(entries_.begin(), entries_.end(), std::greater<>());
    const Address group = entries_.back().second;
    entries_.pop_back();
    return group;
  }

  std::size_t size() const { return entries_.size(); }
  void clear() { entries_.clear(); }

 private:
  std::vector<std::pair<Instant, Address>> entries_;  // a heap, earliest first
};

}  // namespace querent::core
