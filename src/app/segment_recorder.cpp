#include "app/segment_recorder.hpp"

#include <algorithm>
#include <cstring>
#include <variant>

#include "base/overloaded.hpp"

namespace querent::app {

namespace {

using core::Role;

bool is_election(const core::RoleChanged& changed) {
  return (changed.from == Role::kQuerier && changed.to == Role::kNonQuerier) ||
         (changed.from == Role::kNonQuerier && changed.to == Role::kQuerier);
}

}  // namespace

void SegmentRecorder::became(observe::State state, Instant now) {
  if (state == state_) return;
  state_ = state;
  state_since_ = now;
  history_.became(state, now);
}

void SegmentRecorder::sent(const Query& query, Instant now) {
  history_.sent(now);
  last_query_ = now;
  answers_until_ = now + query.max_response;
}

void SegmentRecorder::heard(const Query& query, Instant now) {
  if (!query.is_general()) return;
  history_.heard(now);
  last_query_ = now;
  answers_until_ = now + query.max_response;
}

void SegmentRecorder::reported(Instant now) {
  if (now <= answers_until_) report_delay_.observe(std::max(now - last_query_, Duration::zero()));
}

void SegmentRecorder::done(std::span<const core::Action> actions, Instant now) {
  const Overloaded record{
      [&](const core::AddressConflict&) { last_seen_.conflict = now; },
      [&](const core::LoopDetected&) { last_seen_.loop = now; },
      [&](const core::QueryHeard& heard) { this->heard(heard.query, now); },
      [&](const core::QueryRejected&) {
        last_seen_.forged = now;
        history_.failed(now);
      },
      [&](const core::Refused&) { last_seen_.refused = now; },
      [&](const core::RoleChanged& changed) {
        if (is_election(changed)) history_.elected(now);
      },
      [](const auto& /*of no lasting interest*/) {},
  };
  for (const auto& action : actions)
    std::visit(record, action);
}

void SegmentRecorder::malformed(wire::DropReason reason, Instant now) {
  ++malformed_[static_cast<std::size_t>(reason)];
  last_seen_.malformed = now;
  history_.failed(now);
}

void SegmentRecorder::send_failed(const os::SysError& error, Instant now) {
  ++send_errors_[lasting_name(error.number)];
  history_.failed(now);
}

void SegmentRecorder::dropped(std::uint64_t frames, Instant now) {
  frames_dropped_ += frames;
  last_seen_.dropped = now;
}

observe::SegmentRecord SegmentRecorder::view(Instant now) const {
  observe::SegmentRecord record{.state = state_,
                                .state_since = state_since_,
                                .last_query = last_query_,
                                .socket_recoveries = socket_recoveries_,
                                .frames_dropped = frames_dropped_,
                                .link_changes = link_changes_,
                                .query_lateness = query_lateness_,
                                .report_delay = report_delay_,
                                .last_seen = last_seen_,
                                .history = history_.slots(now)};
  for (const auto reason : wire::kDropReasons) {
    if (const auto count = malformed_[static_cast<std::size_t>(reason)]; count > 0)
      record.malformed.emplace_back(wire::name(reason), count);
  }
  for (const auto& [error, count] : send_errors_)
    record.send_errors.emplace_back(error, count);
  return record;
}

std::string_view lasting_name(int error) {
  const char* const name = strerrorname_np(error);
  return name == nullptr ? "unnamed" : name;
}

}  // namespace querent::app
