#include "observe/event_log.hpp"

#include <algorithm>

namespace querent::observe {

EventPage EventLog::page(const EventQuestion& question) const {
  EventPage page{.first = events_.empty() ? 0 : events_.front().id, .last = last_};
  const auto first = std::find_if(events_.begin(), events_.end(),
                                  [&](const Event& event) { return event.id > question.since; });
  const auto news = events_.end() - first;
  const auto count = std::min(news, static_cast<std::ptrdiff_t>(question.limit));
  page.events.assign(events_.end() - count, events_.end());
  return page;
}

}  // namespace querent::observe
