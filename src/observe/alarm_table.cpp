#include <array>
#include <fmt/format.h>
#include <optional>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "observe/alarms.hpp"
#include "observe/health.hpp"

namespace querent::observe {

namespace {

using Facts = AlarmRow::Facts;
using Finding = std::optional<AlarmRow::Finding>;

constexpr Duration kSnoopingTimeout = std::chrono::seconds(260);  // of most switches

constexpr std::array<std::string_view, 3> kInterface{"interface_missing", "interface_down",
                                                     "interface_failed"};

// ---- how long it must last

Duration at_once(const SegmentStatus& /*segment*/) {
  return Duration::zero();
}

Duration query_interval(const SegmentStatus& segment) {
  return segment.view.values.query_interval;
}

Duration tolerated(const SegmentStatus& segment) {
  return tolerated_lateness(query_interval(segment)) + Duration(1);
}

// ---- what is looked for

// Seen at some moment of the last minutes, and told as `text`.
Finding recent(const Facts& facts, Instant LastSeen::*when, std::string text) {
  const Instant seen = facts.segment.record.last_seen.*when;
  if (seen == kLongAgo || facts.at - seen >= kAlarmsLast) return std::nullopt;
  return AlarmRow::Finding{.text = std::move(text)};
}

Finding if_so(bool is_so, std::string text) {
  if (!is_so) return std::nullopt;
  return AlarmRow::Finding{.text = std::move(text)};
}

Finding interface_in(const Facts& facts, InterfaceStatus::State state, std::string text) {
  return if_so(facts.interface.state == state, std::move(text));
}

Finding missing(const Facts& facts) {
  return interface_in(facts, InterfaceStatus::State::kMissing,
                      fmt::format("There is no interface {}", facts.interface.name));
}

Finding down(const Facts& facts) {
  return interface_in(facts, InterfaceStatus::State::kDown,
                      fmt::format("{} {}", facts.interface.name, facts.interface.reason));
}

Finding unusable(const Facts& facts) {
  return interface_in(facts, InterfaceStatus::State::kFailed,
                      fmt::format("{} {}", facts.interface.name, facts.interface.reason));
}

Finding without_sockets(const Facts& facts) {
  const auto& record = facts.segment.record;
  return if_so(
      facts.interface.state == InterfaceStatus::State::kUp && record.state == State::kFailed,
      fmt::format("No sockets on {}: {}", facts.interface.name, record.reason));
}

Finding no_address(const Facts& facts) {
  return if_so(facts.segment.record.state == State::kNoAddress,
               "There is no address to send queries from");
}

constexpr const char* kNoQuerier =
    "No querier on this LAN: switches that snoop will forget every receiver";

Finding no_querier(const Facts& facts) {
  const auto& view = facts.segment.view;
  return if_so(!view.querier_present() && view.role != core::Role::kPassive, kNoQuerier);
}

Finding no_querier_and_passive(const Facts& facts) {
  const auto& view = facts.segment.view;
  return if_so(!view.querier_present() && view.role == core::Role::kPassive, kNoQuerier);
}

Finding send_failed(const Facts& facts) {
  const auto& unsent = facts.segment.record.unsent;
  if (!unsent) return std::nullopt;
  return AlarmRow::Finding{.text = fmt::format("A query that was due {} ago cannot be sent: {}",
                                               in_words(facts.at - unsent->due), unsent->why),
                           .since = unsent->due};
}

Finding interval_above(const Facts& facts, Duration least, Duration most) {
  const auto& view = facts.segment.view;
  const Duration interval = view.values.query_interval;
  return if_so(view.querier_present() && interval > least && interval <= most,
               fmt::format("The querier sends queries only every {}; most switches forget after {}",
                           in_words(interval), in_words(kSnoopingTimeout)));
}

Finding interval_too_long(const Facts& facts) {
  return interval_above(facts, kSnoopingTimeout, Duration::max());
}

Finding interval_long(const Facts& facts) {
  return interval_above(facts, kSnoopingTimeout / 2, kSnoopingTimeout);
}

// Not if it was elected meanwhile, or if it is another dispute than the one before our role.
Finding two_queriers(const Facts& facts) {
  const auto& view = facts.segment.view;
  const auto& other = view.last_competitor;
  const bool is_disputed = other && facts.at - other->heard < kAlarmsLast &&
                           other->since >= view.role_since &&
                           !(view.elected && view.elected->address == other->address);
  if (!is_disputed) return std::nullopt;
  const std::string who = spelled(other->address, other->mac);
  // It has lasted as long as it was heard, whatever the time is.
  return AlarmRow::Finding{
      .text =
          view.role == core::Role::kQuerier
              ? fmt::format("{} goes on sending queries although our address is lower: it does "
                            "not hear us",
                            who)
              : fmt::format("{} goes on sending queries although another querier is elected", who),
      .since = facts.at - (other->heard - other->since)};
}

Finding address_conflict(const Facts& facts) {
  const auto& source = facts.segment.view.source;
  return recent(
      facts, &LastSeen::conflict,
      fmt::format("Another machine uses our address{}", source ? ' ' + source->to_string() : ""));
}

Finding loop(const Facts& facts) {
  return recent(facts, &LastSeen::loop, "Our own queries come back to us: the network has a loop");
}

Finding version_mismatch(const Facts& facts) {
  return if_so(facts.segment.view.version_mismatch,
               "Another querier uses an older version than the configured one");
}

Finding malformed(const Facts& facts) {
  return recent(facts, &LastSeen::malformed, "Packets arrive that cannot be read");
}

Finding forged(const Facts& facts) {
  return recent(facts, &LastSeen::forged, "Queries arrive that must not be believed");
}

Finding dropped(const Facts& facts) {
  return recent(facts, &LastSeen::dropped, "Packets were lost in a flood");
}

Finding table_full(const Facts& facts) {
  return recent(facts, &LastSeen::refused,
                "The membership table is full: newcomers are not tracked");
}

constexpr std::array kTable{
    AlarmRow{"interface_missing",
             true,
             {},
             at_once,
             "Plug it in or create it, or correct the configured name; querent waits",
             missing},
    AlarmRow{"interface_down",
             true,
             {},
             at_once,
             "Check the cable and the switch, or bring the interface up; querent waits",
             down},
    AlarmRow{"interface_failed",
             true,
             {},
             at_once,
             "Configure an interface that multicast really arrives at",
             unusable},
    AlarmRow{"interface_failed",
             true,
             {},
             at_once,
             "It is tried again and again; the log says what the kernel objects to",
             without_sockets},
    AlarmRow{"no_address", false, kInterface, at_once,
             "Give the interface an address, or configure source = \"0.0.0.0\" (IPv4)", no_address},
    AlarmRow{"no_querier", true, kInterface, at_once,
             "querent will send queries as soon as it can; see its other alarms", no_querier},
    AlarmRow{"no_querier", true, kInterface, at_once,
             "querent only listens here: switch off passive, or start another querier",
             no_querier_and_passive},
    AlarmRow{"send_failed", true, kInterface, tolerated,
             "Check the interface, its routes and the firewall of this host", send_failed},
    AlarmRow{"long_interval", true, kInterface, at_once,
             "Shorten the query interval of the elected querier: streams will stop",
             interval_too_long},
    AlarmRow{"long_interval", false, kInterface, at_once,
             "Shorten the query interval of the elected querier: one lost query stops streams",
             interval_long},
    AlarmRow{"two_queriers", true, kInterface, query_interval,
             "Look for a switch or firewall between the two that does not pass 224.0.0.1 or "
             "ff02::1, or switch one querier off",
             two_queriers},
    AlarmRow{"address_conflict", true, kInterface, at_once,
             "Give one of the two another address; the log names its MAC", address_conflict},
    AlarmRow{"loop", true, kInterface, at_once,
             "Look for two cables between the same switches; enable spanning tree", loop},
    AlarmRow{"version_mismatch", false, kInterface, at_once,
             "Configure the same version of IGMP or MLD on all queriers, or follow_older_version",
             version_mismatch},
    AlarmRow{"malformed", false, kInterface, at_once,
             "The log names sender and reason; querent watch shows each", malformed},
    AlarmRow{"forged", false, kInterface, at_once,
             "The log names sender and reason; they change nothing here, but hosts may obey them",
             forged},
    AlarmRow{"frames_dropped", false, kInterface, at_once,
             "Find who floods, or raise net.core.rmem_max", dropped},
    AlarmRow{"table_full", false, kInterface, at_once,
             "Raise max_groups, max_sources or max_hosts, or find who joins that many", table_full},
};

}  // namespace

std::span<const AlarmRow> alarm_table() {
  return kTable;
}

}  // namespace querent::observe
