#pragma once

#include <cstdint>
#include <deque>

#include "observe/status.hpp"

namespace querent::observe {

// The latest events, numbered.
class EventLog {
 public:
  static constexpr std::size_t kMost = 1000;

  // Gives it its number.
  void add(Event event) {
    event.id = ++last_;
    events_.push_back(std::move(event));
    if (events_.size() > kMost) events_.pop_front();
  }

  // Without the instance.
  EventPage page(const EventQuestion& question) const;

 private:
  std::deque<Event> events_;
  std::uint64_t last_ = 0;
};

}  // namespace querent::observe
