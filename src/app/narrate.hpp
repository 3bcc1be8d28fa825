#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/action.hpp"
#include "core/view.hpp"
#include "log/log.hpp"
#include "observe/group_names.hpp"

// What happened to a segment, in words.

namespace querent::app {

// Whose actions are told.
struct Subject {
  std::string interface;
  Family family = Family::kIPv4;
  bool in_detail = false;  // also what is worth telling at level debug only
};

// What one step did, a line for each thing worth telling: actions that explain each other (a role
// lost and who took it) become one. `view` is the segment after the step, `names` those
// of groups.
std::vector<log::LogLine> narrate(std::span<const core::Action> actions, const Subject& subject,
                                  const core::SegmentView& view,
                                  const observe::GroupNames& names = {});

}  // namespace querent::app
