#pragma once

#include <span>
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
  std::string_view advice;
};

// One situation that is an alarm. Several may share an id: they differ in severity or advice.
struct AlarmRow {
  std::string_view id;
  bool is_error = true;
  // Ids of alarms that explain this one: while one of them is raised, this is not.
  std::span<const std::string_view> depends_on;
  // How long the situation must last, of a segment's own settings.
  Duration (*visible_after)(const SegmentStatus& segment);
  std::string_view advice;
  // What it depends on and since when that is so; nothing: it is not. `text` says what is wrong.
  struct Finding {
    std::string text;
    Instant since = kLongAgo;
  };
  struct Facts {
    const InterfaceStatus& interface;
    const SegmentStatus& segment;
    Instant at;
  };
  std::optional<Finding> (*find)(const Facts& facts);
};

// In the order in which alarms are told: what explains others comes first.
std::span<const AlarmRow> alarm_table();

// What was last seen longer ago is over.
inline constexpr Duration kAlarmsLast = std::chrono::minutes(5);

// Those of one segment of that interface, at that moment.
std::vector<Alarm> alarms(const InterfaceStatus& interface, const SegmentStatus& segment,
                          Instant at);

}  // namespace querent::observe
