#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "observe/status.hpp"

namespace querent::observe {

// Something that somebody should do something about.
struct Alarm {
  std::string_view id;  // "two_queriers": docs/api.md lists them
  bool is_error = true;
  std::string text;
  std::string advice;
};

// What was last seen longer ago is over.
inline constexpr Duration kAlarmsLast = std::chrono::minutes(5);

// Those of one segment of that interface, at that moment.
std::vector<Alarm> alarms(const InterfaceStatus& interface, const SegmentStatus& segment,
                          Instant at);

}  // namespace querent::observe
