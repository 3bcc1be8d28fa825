#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

#include "core/action.hpp"
#include "observe/history.hpp"
#include "observe/status.hpp"
#include "os/sys_error.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "wire/drop_reason.hpp"

namespace querent::app {

// What is remembered of a link for those who look: its core forgets what it does not need. Counted
// from the link's creation on, whatever comes and goes.
class SegmentRecorder {
 public:
  explicit SegmentRecorder(Instant now) : state_since_(now), history_(state_, now) {}

  // What the link is now; only a change is one.
  void became(observe::State state, Instant now);

  // A general query of ours was sent; and how late it was.
  void sent(const Query& query, Instant now);
  void late(Duration lateness) { query_lateness_.observe(lateness); }
  void reported(Instant now);
  // What the segment did in one step.
  void done(std::span<const core::Action> actions, Instant now);

  void malformed(wire::DropReason reason, Instant now);
  void send_failed(const os::SysError& error, Instant now);
  void sockets_failed(Instant now) { history_.failed(now); }
  void recovered() { ++socket_recoveries_; }
  void dropped(std::uint64_t frames, Instant now);
  void link_changed() { ++link_changes_; }

  // What only the link knows (the reason, the query that waits) is left out.
  observe::SegmentRecord view(Instant now) const;

 private:
  void heard(const Query& query, Instant now);

  observe::State state_ = observe::State::kMissing;
  Instant state_since_;
  Instant last_query_ = kLongAgo;
  Instant answers_until_ = kLongAgo;  // reports until then answer that query
  std::array<std::uint64_t, wire::kDropReasonCount> malformed_{};
  std::map<std::string_view, std::uint64_t> send_errors_;  // by lasting_name()
  std::uint64_t socket_recoveries_ = 0;
  std::uint64_t frames_dropped_ = 0;
  std::uint64_t link_changes_ = 0;
  observe::Histogram query_lateness_{observe::kLatenessBounds};
  observe::Histogram report_delay_{observe::kReportDelayBounds};
  observe::LastSeen last_seen_;
  observe::History history_;
};

// "ENOBUFS": the C library's, which lives as long as the process.
std::string_view lasting_name(int error);

}  // namespace querent::app
