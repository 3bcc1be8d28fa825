#include "app/configured_interface.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace querent::app {

namespace {

using State = ConfiguredInterface::State;

struct Verdict {
  State state;
  std::string reason;
};

// A member of one of these hears and says nothing by itself. (A VRF leaves its members alone.)
bool takes_traffic(const std::string& master_kind) {
  return !master_kind.empty() && master_kind != "vrf";
}

Verdict judge(const net::Interface& interface) {
  if (interface.loopback)
    return {State::kFailed, "is the loopback interface: nobody else hears it"};
  if (takes_traffic(interface.master_kind)) {
    return {State::kFailed, fmt::format("belongs to {0} ({1}): name {0} instead", interface.master,
                                        interface.master_kind)};
  }
  if (!interface.up) return {State::kDown, "is down"};
  if (!interface.carrier) return {State::kDown, "has no carrier"};
  return {State::kUp, {}};
}

observe::State as_segments_tell(State state) {
  switch (state) {
    case State::kMissing:
      return observe::State::kMissing;
    case State::kDown:
      return observe::State::kDown;
    case State::kFailed:
    case State::kUp:
      return observe::State::kFailed;
  }
  std::abort();
}

std::string_view label(State state) {
  switch (state) {
    case State::kMissing:
      return "interface_missing";
    case State::kDown:
      return "interface_down";
    case State::kFailed:
      return "interface_failed";
    case State::kUp:
      return "interface_up";
  }
  std::abort();
}

}  // namespace

ConfiguredInterface::ConfiguredInterface(std::string name, config::InterfaceConfig config,
                                         Runtime& runtime)
    : name_(std::move(name)), config_(std::move(config)), runtime_(runtime) {
  set_up_segment(Family::kIPv4, config_.ipv4);
  set_up_segment(Family::kIPv6, config_.ipv6);
}

void ConfiguredInterface::present(const net::Interface& interface) {
  interface_ = interface;
  auto [state, reason] = judge(interface);
  become(state, reason);
  for (auto& runner : segments_) {
    if (state == State::kUp) {
      runner.carry(interface);
    } else {
      runner.drop(as_segments_tell(state));
    }
  }
}

void ConfiguredInterface::gone() {
  interface_ = {};
  become(State::kMissing, "missing");
  for (auto& runner : segments_)
    runner.drop(observe::State::kMissing);
}

void ConfiguredInterface::reconfigure(const config::InterfaceConfig& config) {
  const config::InterfaceConfig before = std::exchange(config_, config);
  if (before.ipv4 == config.ipv4 && before.ipv6 == config.ipv6) return;
  runtime_.log.write(
      {.event = "reconfigured", .interface = name_, .text = "its settings have changed"});
  if (config.ipv4 != before.ipv4) set_up_segment(Family::kIPv4, config.ipv4);
  if (config.ipv6 != before.ipv6) set_up_segment(Family::kIPv6, config.ipv6);
}

void ConfiguredInterface::set_up_segment(Family family,
                                         const std::optional<core::Settings>& settings) {
  const auto link =
      std::find_if(segments_.begin(), segments_.end(),
                   [family](const SegmentRunner& one) { return one.subject().family == family; });
  if (!settings) {
    if (link == segments_.end()) return;
    segments_.erase(link);
    runtime_.log.write(
        {.event = "family_removed", .interface = name_, .family = family, .text = "left alone"});
  } else if (link != segments_.end()) {
    link->reconfigure(*settings);
  } else {
    // IPv4 comes first, whichever was there before.
    const auto place = family == Family::kIPv4 ? segments_.begin() : segments_.end();
    SegmentRunner& made = *segments_.emplace(place, Subject{name_, family}, *settings, runtime_);
    if (state_ == State::kUp) {
      made.carry(interface_);
    } else {
      made.drop(as_segments_tell(state_));
    }
  }
}

observe::InterfaceStatus ConfiguredInterface::status(Instant now) const {
  observe::InterfaceStatus status{.name = name_, .state = state_, .reason = reason_};
  for (const auto& runner : segments_) {
    status.segments.push_back(runner.status(now));
    if (state_ == State::kFailed) status.segments.back().record.reason = reason_;
  }
  return status;
}

void ConfiguredInterface::become(State state, const std::string& reason) {
  if (state_ == state && reason_ == reason) return;
  state_ = state;
  reason_ = reason;
  runtime_.news = true;
  if (state == State::kUp) {
    runtime_.log.write(
        {.event = "interface_up",
         .interface = name_,
         .text = fmt::format("up, {}, MTU {}", interface_.mac.to_string(), interface_.mtu)});
    return;
  }
  runtime_.log.write({.level = config::LogLevel::kWarn,
                      .event = label(state),
                      .interface = name_,
                      .text = reason});
}

}  // namespace querent::app
