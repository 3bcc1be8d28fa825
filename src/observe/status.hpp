#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/wall_time.hpp"
#include "core/view.hpp"
#include "observe/group_names.hpp"
#include "observe/histogram.hpp"
#include "observe/history.hpp"
#include "observe/state.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

// What the loop hands out when it is asked: values, copied at one moment. Whoever has one may do
// with it what takes its time, in any thread.

namespace querent::observe {

// Counts by names of ours, which live as long as the process; what never occurred is left out.
using Tally = std::vector<std::pair<std::string_view, std::uint64_t>>;

// When something that should not happen was last seen; kLongAgo: never.
struct LastSeen {
  Instant conflict = kLongAgo;
  Instant loop = kLongAgo;
  Instant malformed = kLongAgo;
  Instant forged = kLongAgo;   // a query was rejected
  Instant dropped = kLongAgo;  // by the kernel
  Instant refused = kLongAgo;  // by a limit of the membership table
};

// A general query that was due and that the kernel has not taken since.
struct Unsent {
  Instant due{};
  std::string why;
};

// What happened to a segment's packets outside of core, from its creation on.
struct SegmentRecord {
  State state = State::kMissing;
  Instant state_since{};
  std::string reason;             // why it has failed; empty: it has not
  Instant last_query = kLongAgo;  // anybody's general one
  std::optional<Unsent> unsent{};
  Tally malformed{};
  Tally send_errors{};
  std::uint64_t socket_recoveries = 0;
  std::uint64_t frames_dropped = 0;
  std::uint64_t link_changes = 0;
  Histogram query_lateness{kLatenessBounds};
  Histogram report_delay{kReportDelayBounds};
  LastSeen last_seen{};
  std::vector<Slot> history{};
};

struct SegmentStatus {
  core::SegmentView view;
  SegmentRecord record;
  std::vector<core::GroupSummary> oldest_groups{};  // where they were asked for
};

struct InterfaceStatus {
  enum class State : std::uint8_t { kMissing, kDown, kFailed, kUp };

  std::string name;
  State state = State::kMissing;
  std::string reason;  // why it is not up
  std::vector<SegmentStatus> segments;
};

// "missing", "down", "failed", "up"
std::string_view name(InterfaceStatus::State state);

struct Status {
  Instant at{};        // the moment of all this
  WallTime time{};     // the same, by the clock on the wall
  WallTime started{};  // as it was then: the clock may have been set since
  Duration uptime{0};
  std::string_view version;
  std::string_view commit;
  std::string instance;  // another one after each start
  std::uint64_t reloads_done = 0;
  std::uint64_t reloads_failed = 0;
  std::uint64_t log_dropped = 0;
  std::shared_ptr<const GroupNames> names;  // never null
  std::vector<InterfaceStatus> interfaces;
};

// ---- groups

struct GroupCursor {
  std::string interface;
  Family family = Family::kIPv4;
  Address group;

  bool operator==(const GroupCursor&) const = default;
};

struct GroupQuestion {
  std::optional<std::string> interface {};
  std::optional<Family> family{};
  std::optional<GroupCursor> after{};
  std::size_t limit = 1000;
};

struct GroupRow {
  std::string interface;
  Family family = Family::kIPv4;
  core::GroupView view;
  std::size_t sources = 0;  // in all: the view may list fewer
  std::size_t hosts = 0;
};

struct GroupPage {
  std::vector<GroupRow> rows;
  std::size_t total = 0;  // on all pages
  bool more = false;
  std::shared_ptr<const GroupNames> names;  // never null
};

// ---- events

struct Event {
  std::uint64_t id = 0;  // from 1 on
  WallTime time{};
  std::string_view level;
  std::string_view event;
  std::string interface {};
  std::optional<Family> family{};
  std::string text;
};

struct EventQuestion {
  std::uint64_t since = 0;
  std::size_t limit = 1000;
};

struct EventPage {
  std::string instance;
  std::vector<Event> events;  // the oldest first
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

}  // namespace querent::observe
