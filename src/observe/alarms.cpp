#include "observe/alarms.hpp"

#include <algorithm>
#include <utility>

namespace querent::observe {

std::vector<Alarm> alarms(const InterfaceStatus& interface, const SegmentStatus& segment,
                          Instant at) {
  std::vector<Alarm> raised;
  const auto is_raised = [&](std::string_view id) {
    return std::any_of(raised.begin(), raised.end(),
                       [id](const Alarm& alarm) { return alarm.id == id; });
  };
  for (const auto& row : alarm_table()) {
    if (std::any_of(row.depends_on.begin(), row.depends_on.end(), is_raised)) continue;
    auto finding = row.find({interface, segment, at});
    if (!finding) continue;
    if (finding->since != kLongAgo && at - finding->since < row.visible_after(segment)) continue;
    raised.push_back({row.id, row.is_error, std::move(finding->text), row.advice});
  }
  return raised;
}

}  // namespace querent::observe
