#include "sending_checks.hpp"

#include <algorithm>
#include <variant>

#include "base/check.hpp"
#include "core/counters.hpp"
#include "core/family_rules.hpp"
#include "core/intervals.hpp"
#include "wire/codec.hpp"

namespace querent::fuzz {

namespace {

using core::Role;

const core::FamilyRules& rules_of(const Step& step) {
  return core::family_rules(step.after.view.family);
}

void check_envelope(const Step& step, const core::SendQuery& send) {
  const Packet packet = core::packet_of(send);
  const Query& query = send.query;
  CHECK(packet.source == step.before.view.source || packet.source == step.after.view.source);
  CHECK(packet.hop_limit == 1 && packet.router_alert);
  CHECK(packet.destination == (query.is_general() ? rules_of(step).all_systems : query.group));
}

void check_query(const Step& step, const Query& query) {
  CHECK(query.version <= std::max(step.before.settings.version, step.after.settings.version));
  CHECK(query.version == Version::k3 || (!query.suppress && query.sources.empty()));
  CHECK(query.max_response >= core::kMinQueryResponse);
  if (query.is_general()) {
    CHECK(!query.suppress && query.sources.empty());
    return;
  }
  CHECK(query.version != Version::k1);
  CHECK(rules_of(step).tracks(query.group));
  CHECK(!rules_of(step).link_local_groups.matches(query.group));
  const std::size_t before = step.before.link ? step.before.link->max_query_sources : 0;
  const std::size_t after = step.after.link ? step.after.link->max_query_sources : 0;
  CHECK(query.sources.size() <= std::max(before, after));
}

// What fields cannot hold is rounded down the first time; what was read is sent the same.
void check_spelling(const core::SendQuery& send) {
  const Packet packet = core::packet_of(send);
  const Bytes octets = wire::encode(packet);
  auto read = wire::decode(packet.destination.family(), octets);
  CHECK(read);
  CHECK(wire::encode(*read) == octets);
  const Query& sent = send.query;
  auto& heard = std::get<Query>(read->message);
  CHECK(heard.max_response <= sent.max_response);
  CHECK(heard.query_interval <= sent.query_interval);
  heard.max_response = sent.max_response;
  heard.query_interval = sent.query_interval;
  CHECK(*read == packet);
}

bool has_restarted(const Step& step) {
  if (std::holds_alternative<core::LinkUp>(step.event)) return true;
  return std::any_of(step.actions.begin(), step.actions.end(), [](const core::Action& action) {
    const auto* changed = std::get_if<core::RoleChanged>(&action);
    return std::holds_alternative<core::Slept>(action) ||
           std::holds_alternative<core::SourceChanged>(action) ||
           (changed != nullptr && changed->to == Role::kQuerier);
  });
}

GeneralBudget budget_of(const core::Settings& settings, Instant now) {
  const Duration longest = settings.query_interval;
  return {.start = now,
          .startup_count = settings.startup_count,
          .startup_gap = core::startup_query_interval(settings),
          .regular_gap = longest - scaled(longest, settings.jitter)};
}

std::uint64_t total_sent(const core::SegmentView& view) {
  std::uint64_t total = 0;
  for (const auto& row : view.counters.queries_sent) {
    for (const auto count : row)
      total += count;
  }
  return total;
}

}  // namespace

std::uint64_t GeneralBudget::allowed(Instant now) const {
  const Duration burst = (startup_count - 1) * startup_gap;
  const Duration elapsed = now - start;
  if (elapsed < burst) return 1 + static_cast<std::uint64_t>(elapsed / startup_gap);
  return static_cast<std::uint64_t>(startup_count + (elapsed - burst) / regular_gap);
}

void SendingChecks::watch(const Step& step) {
  // Only a querier that hears something begins new questions.
  if (role_ == Role::kQuerier && std::holds_alternative<core::Received>(step.event)) {
    rounds_.clear();
  }
  most_robust_ = std::max(most_robust_, step.after.settings.robustness);
  sent_ = 0;
  general_sent_ = 0;
  for (const auto& action : step.actions) {
    if (const auto* changed = std::get_if<core::RoleChanged>(&action)) {
      CHECK(changed->from == role_ && changed->to != role_);
      role_ = changed->to;
      rounds_.clear();
    } else if (const auto* send = std::get_if<core::SendQuery>(&action)) {
      check_envelope(step, *send);
      check_spelling(*send);
      watch_query(step, send->query);
    }
  }
  CHECK(role_ == step.after.view.role);
  CHECK(total_sent(step.after.view) - total_sent(step.before.view) == sent_);
  check_general(step);
  check_questions(step);
}

void SendingChecks::watch_query(const Step& step, const Query& query) {
  ++sent_;
  check_query(step, query);
  if (query.is_general()) {
    ++general_sent_;
    CHECK(role_ == Role::kQuerier);
    return;
  }
  CHECK(role_ == Role::kQuerier || role_ == Role::kNonQuerier);
  if (query.sources.empty()) ++questions_sent_;
  auto& rounds = rounds_[query.group];
  if (rounds.last != step.now) ++rounds.count;
  rounds.last = step.now;
  // A non-querier finishes what it began as querier: its first round has been.
  const int allowed = role_ == Role::kQuerier ? most_robust_ : most_robust_ - 1;
  CHECK(rounds.count <= allowed);
}

void SendingChecks::check_general(const Step& step) {
  const bool reconfigured = std::holds_alternative<core::Reconfigured>(step.event);
  if (has_restarted(step)) {
    // One that was due before the event, one that begins the new burst.
    CHECK(general_sent_ <= 2);
    general_ = budget_of(step.after.settings, step.now);
    // New settings may have kept the old burst, whose next query then counts as the first.
    general_.sent = reconfigured ? 0 : std::min<std::uint64_t>(general_sent_, 1);
    return;
  }
  general_.sent += general_sent_;
  CHECK(general_.sent == 0 || general_.sent <= general_.allowed(step.now));
  if (!reconfigured) return;
  // What is left of the old burst goes on with the new gaps, and may be less than a whole one.
  const int burst = std::max(general_.startup_count, step.after.settings.startup_count);
  general_ = budget_of(step.after.settings, step.now);
  general_.startup_count = burst;
  general_.startup_gap = std::min(general_.startup_gap, general_.regular_gap);
}

// 1,024 questions at once and 256 a second, each put to its group as often as robustness says.
// (Sources are asked for beside that.) Time begins at 0.
void SendingChecks::check_questions(const Step& step) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(step.now.time_since_epoch());
  const auto questions = 1024 + 256 * static_cast<std::uint64_t>(seconds.count());
  CHECK(questions_sent_ <= questions * static_cast<std::uint64_t>(most_robust_));
}

}  // namespace querent::fuzz
