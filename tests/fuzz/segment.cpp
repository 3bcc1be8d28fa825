// Any events in any order leave a segment in a state that makes sense.

#include "core/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "script.hpp"
#include "sending_checks.hpp"
#include "shadow_table.hpp"
#include "state_checks.hpp"
#include "step.hpp"

namespace {

using namespace querent;
using namespace querent::fuzz;

constexpr int kMostSteps = 3000;  // of one input, so that each is short
constexpr int kMostTicks = 100;   // of one run
constexpr std::size_t kAllGroups = 1000000;

// A segment under watch: whatever it is made to do, everything is checked afterwards.
class Watched {
 public:
  Watched(const core::Settings& settings, Family family)
      : segment_(settings, family, Random(1)), shadow_(family, settings.bounds) {
    state_.settings = settings;
    look();
  }

  void step(const core::Event& event, Duration passed = {}) {
    ++steps_;
    now_ += passed;
    const State before = state_;
    const auto actions = segment_.step(event, now_);
    note(event);
    look();
    const Step step{event, now_, actions, before, state_};
    check_state(step);
    sending_.watch(step);
    shadow_.follow(step);
    check_pages(segment_, step);
    check_idle_tick(segment_, step);
  }

  // Time passes as in the running program: with a tick at each deadline.
  void run(Duration passed) {
    const Instant end = now_ + passed;
    for (int i = 0; i < kMostTicks && state_.deadline && *state_.deadline <= end; ++i)
      tick();
    step(core::Tick{}, end - now_);
  }

  void tick() {
    if (state_.deadline) step(core::Tick{}, *state_.deadline - now_);
  }

  // Without a link nobody reports, and without reports everything ends.
  void end() {
    step(core::LinkDown{});
    step(core::Tick{}, std::chrono::hours(24 * 30));
    CHECK(state_.groups.empty() && state_.view.ledger.sources == 0);
    CHECK(state_.view.ledger.hosts == 0 && !state_.deadline);
  }

  bool exhausted() const { return steps_ >= kMostSteps; }

 private:
  void look() {
    state_.view = segment_.view(now_);
    state_.groups = segment_.groups(std::nullopt, kAllGroups, now_);
    state_.deadline = segment_.deadline();
  }

  void note(const core::Event& event) {
    if (const auto* up = std::get_if<core::LinkUp>(&event)) state_.link = up->link;
    const auto* changed = std::get_if<core::LinkChanged>(&event);
    if (changed != nullptr && state_.link) state_.link = changed->link;
    if (std::holds_alternative<core::LinkDown>(event)) state_.link.reset();
    const auto* reconfigured = std::get_if<core::Reconfigured>(&event);
    if (reconfigured != nullptr) state_.settings = reconfigured->settings;
  }

  core::Segment segment_;
  Instant now_{};
  State state_;
  SendingChecks sending_;
  ShadowTable shadow_;
  int steps_ = 0;
};

// The last event, and the one before.
struct Recent {
  core::Event last = core::Tick{};
  core::Event before = core::Tick{};
};

void repeat(Script& script, Watched& watched, const Recent& recent) {
  const Duration apart = script.pause();
  for (std::size_t i = script.repeats(); i > 0; --i) {
    watched.step(recent.before, apart);
    watched.step(recent.last, apart);
  }
}

void take_turn(Script& script, Watched& watched, Recent& recent) {
  switch (script.turn()) {
    case Script::Turn::kEvent:
      recent.before = std::exchange(recent.last, script.event());
      watched.step(recent.last);
      break;
    case Script::Turn::kDeadline:
      for (std::size_t i = script.repeats(); i > 0; --i)
        watched.tick();
      break;
    case Script::Turn::kRun:
      watched.run(script.pause());
      break;
    case Script::Turn::kJump:
      watched.step(core::Tick{}, script.pause());
      break;
    case Script::Turn::kRepeat:
      repeat(script, watched, recent);
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Script script({data, size});
  const core::Settings settings = script.settings();
  Watched watched(settings, script.family());
  Recent recent;
  while (!script.ended() && !watched.exhausted()) {
    take_turn(script, watched, recent);
  }
  watched.end();
  return 0;
}
