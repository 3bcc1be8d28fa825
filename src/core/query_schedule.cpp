#include "core/query_schedule.hpp"

#include <algorithm>

#include "core/intervals.hpp"

namespace querent::core {

void QuerySchedule::start(const Settings& settings, Instant now) {
  startup_left_ = settings.startup_count;
  due_ = now;
}

bool QuerySchedule::take_due(const Settings& settings, Instant now) {
  if (now < due_) return false;
  const Duration gap = next_gap(settings);
  due_ = due_ + gap > now ? due_ + gap : now + gap;
  return true;
}

void QuerySchedule::shorten(const Settings& settings, Instant now) {
  if (due_ != kNever) due_ = std::min(due_, now + settings.query_interval);
}

Duration QuerySchedule::next_gap(const Settings& settings) {
  if (startup_left_ > 0) --startup_left_;
  if (startup_left_ > 0) return startup_query_interval(settings);
  const Duration longest = settings.query_interval;
  return random_.between(longest - scaled(longest, settings.jitter), longest);
}

}  // namespace querent::core
