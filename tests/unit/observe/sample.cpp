#include "sample.hpp"

#include <memory>

namespace querent::observe::test {

using namespace std::chrono_literals;

Address address(const char* text) {
  return Address::parse(text).value();
}

WallTime wall() {
  const auto day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
  return WallTime{day} + 21h + 41min + 29s + 123ms;
}

SegmentStatus querier(Family family) {
  SegmentStatus segment;
  auto& view = segment.view;
  view.family = family;
  view.role = core::Role::kQuerier;
  view.role_since = kNow - 1h;
  view.source = address(family == Family::kIPv4 ? "192.168.1.5" : "fe80::5");
  view.next_query = kNow + 48s;
  segment.record.state = State::kQuerier;
  segment.record.state_since = kNow - 1h;
  segment.record.last_query = kNow - 12s;
  return segment;
}

SegmentStatus non_querier(Family family) {
  SegmentStatus segment = querier(family);
  auto& view = segment.view;
  view.role = core::Role::kNonQuerier;
  view.next_query.reset();
  view.elected =
      core::ElectedQuerier{.address = address(family == Family::kIPv4 ? "192.168.1.2" : "fe80::2"),
                           .mac = kMac,
                           .version = Version::k3,
                           .since = kNow - 1h,
                           .last_heard = kNow - 12s,
                           .timeout = 125s};
  view.takeover = kNow + 113s;
  segment.record.state = State::kNonQuerier;
  return segment;
}

InterfaceStatus interface_up(std::string name, std::vector<SegmentStatus> segments) {
  return {.name = std::move(name),
          .state = InterfaceStatus::State::kUp,
          .segments = std::move(segments)};
}

InterfaceStatus interface_in(InterfaceStatus::State state, std::string reason) {
  SegmentStatus segment;
  segment.record.state = state == InterfaceStatus::State::kMissing ? State::kMissing
                         : state == InterfaceStatus::State::kDown  ? State::kDown
                                                                   : State::kFailed;
  segment.record.state_since = kNow - 1h;
  return {.name = "eth0",
          .state = state,
          .reason = std::move(reason),
          .segments = {std::move(segment)}};
}

Status status_of(std::vector<InterfaceStatus> interfaces) {
  return {.at = kNow,
          .time = wall(),
          .started = wall() - 24h,
          .uptime = 24h,
          .version = "1.2.3",
          .commit = "348a48110000",
          .instance = "f3b09a12",
          .names = std::make_shared<GroupNames>(),
          .interfaces = std::move(interfaces)};
}

Status good_status() {
  return status_of({interface_up("eth0", {querier()})});
}

}  // namespace querent::observe::test
