#include "observe/health.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "base/duration.hpp"

namespace querent::observe {

namespace {

std::string_view why_nobody_asks(State state) {
  switch (state) {
    case State::kPassive:
      return "nobody asks; this host listens only (passive)";
    case State::kNoAddress:
      return "nobody asks; this host has no address to ask from";
    case State::kFailed:
      return "nobody is heard; its sockets cannot be opened";
    case State::kMissing:
    case State::kDown:
    case State::kStarting:
    case State::kQuerier:
    case State::kNonQuerier:
      return "nobody asks";
  }
  return "nobody asks";
}

void complain(Verdict& verdict, std::string reason) {
  verdict.good = false;
  verdict.reasons.push_back(std::move(reason));
}

}  // namespace

Duration tolerated_lateness(Duration query_interval) {
  return std::max<Duration>(std::chrono::seconds(1), query_interval / 10);
}

std::string trouble(const SegmentStatus& segment, Instant at) {
  const auto& [view, record, groups] = segment;
  if (record.state == State::kFailed) return record.reason;
  const Duration tolerated = tolerated_lateness(view.values.query_interval);
  if (record.unsent && at - record.unsent->due > tolerated) {
    return fmt::format("the query that was due {} ago could not be sent: {}",
                       in_words(at - record.unsent->due), record.unsent->why);
  }
  if (view.next_query && at - *view.next_query > tolerated) {
    return fmt::format("the query that was due {} ago has not been sent",
                       in_words(at - *view.next_query));
  }
  return {};
}

Verdict health(const Status& status) {
  Verdict verdict;
  for (const auto& interface : status.interfaces) {
    if (interface.state == InterfaceStatus::State::kFailed) {
      complain(verdict, fmt::format("{}: {}", interface.name, interface.reason));
      continue;
    }
    for (const auto& segment : interface.segments) {
      const std::string wrong = trouble(segment, status.at);
      if (wrong.empty()) continue;
      complain(verdict, fmt::format("{} {}: {}", interface.name, name(segment.view.family), wrong));
    }
  }
  return verdict;
}

Verdict readiness(const Status& status) {
  Verdict verdict;
  bool is_one_up = false;
  for (const auto& interface : status.interfaces) {
    if (interface.state == InterfaceStatus::State::kFailed)
      complain(verdict, fmt::format("{}: {}", interface.name, interface.reason));
    if (interface.state != InterfaceStatus::State::kUp) continue;
    is_one_up = true;
    for (const auto& [view, record, groups] : interface.segments) {
      if (record.state != State::kFailed && view.querier_present()) continue;
      complain(verdict, fmt::format("{} {}: {}", interface.name, name(view.family),
                                    why_nobody_asks(record.state)));
    }
  }
  if (!is_one_up && verdict.good) {
    complain(verdict, "no interface is up");
    for (const auto& interface : status.interfaces)
      verdict.reasons.push_back(fmt::format("{}: {}", interface.name, interface.reason));
  }
  return verdict;
}

}  // namespace querent::observe
