#pragma once

#include <optional>
#include <vector>

#include "core/action.hpp"
#include "core/event.hpp"
#include "core/local_interface.hpp"
#include "core/settings.hpp"
#include "core/view.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::fuzz {

// What can be seen of a segment from outside at one instant, and what it was told before.
struct State {
  core::Settings settings{};
  std::optional<core::LocalInterface> link{};
  core::SegmentView view{};
  std::vector<core::GroupView> groups{};
  std::optional<Instant> deadline{};
};

// One event and what came of it.
struct Step {
  const core::Event& event;
  Instant now;
  const std::vector<core::Action>& actions;
  const State& before;
  const State& after;
};

}  // namespace querent::fuzz
