#pragma once

#include "core/segment.hpp"
#include "step.hpp"

namespace querent::fuzz {

// All that must hold after any one step, whatever happened before. A CHECK fails where not.
void check_state(const Step& step);

// What is asked of the segment itself rather than of its views: pages of groups, and that a tick
// that nobody needs does nothing.
void check_pages(const core::Segment& segment, const Step& step);
void check_idle_tick(core::Segment& segment, const Step& step);

}  // namespace querent::fuzz
