// The part of Segment that listens.

#include <variant>

#include "base/overloaded.hpp"
#include "core/segment.hpp"

namespace querent::core {

namespace {

// A competitor that was silent for so long begins anew.
constexpr Duration kCompetitorMemory = std::chrono::minutes(5);

}  // namespace

bool Segment::RateLimit::passes(Instant now) {
  if (now < until) return false;
  until = now + pause;
  return true;
}

void Segment::handle(const Received& received, Instant now, Actions& actions) {
  if (!link_) return;
  look_for_ourselves(received, now, actions);
  std::visit(Overloaded{[&](const Query& query) { receive(received, query, now, actions); },
                        [&](const Report& report) { receive(received, report, now, actions); },
                        [&](const Leave& leave) { receive(received, leave, now, actions); }},
             received.packet.message);
}

void Segment::look_for_ourselves(const Received& received, Instant now, Actions& actions) {
  if (received.origin == Origin::kOwnHost || !received.mac.is_known()) return;
  const bool our_mac = received.mac == link_->mac;
  if (our_mac && as_query(received.packet.message) != nullptr) {
    ++counters_.loops;
    if (loop_limit_.passes(now)) actions.emplace_back(LoopDetected{});
  }
  if (!our_mac && link_->owns(received.packet.source)) {
    ++counters_.address_conflicts;
    if (!conflict_limit_.passes(now)) return;
    actions.emplace_back(AddressConflict{received.packet.source, received.mac});
  }
}

bool Segment::is_ours(const Received& received) const {
  return received.origin == Origin::kOwnHost || link_->owns(received.packet.source) ||
         (received.mac.is_known() && received.mac == link_->mac);
}

void Segment::receive(const Received& received, const Query& query, Instant now, Actions& actions) {
  if (is_ours(received)) return;
  const auto& packet = received.packet;
  if (is_proxy_query(packet)) {
    ++counters_.proxy_queries;
    return;
  }
  if (const auto reason = judge_query(packet, query, {*link_, settings_, *rules_})) {
    ++counters_.queries_rejected[static_cast<std::size_t>(*reason)];
    actions.emplace_back(QueryRejected{*reason, packet.source, received.mac});
    return;
  }
  ++by_version(counters_.queries_received, query.version, kind_of(query));
  if (!packet.router_alert) ++counters_.without_router_alert;
  actions.emplace_back(QueryHeard{packet.source, received.mac, query});
  note_older_version(packet.source, query, now, actions);
  if (query.is_general()) {
    hear_candidate({packet.source, received.mac, query}, now, actions);
    warn_of_short_timeout(now, actions);
  } else if (role_ != Role::kQuerier) {
    membership_.heard_query(query, terms(now));
  }
}

void Segment::note_older_version(Address source, const Query& query, Instant now,
                                 Actions& actions) {
  if (query.version >= settings_.version) return;
  ++counters_.version_mismatches;
  if (mismatch_limit_.passes(now))
    actions.emplace_back(VersionMismatch{source, query.version, settings_.version});
  if (!query.is_general()) return;
  const Values values = own_values(settings_, settings_.version);
  older_version_until_[static_cast<std::size_t>(query.version) - 1] =
      now + older_version_querier_present_interval(values);
}

void Segment::hear_candidate(const Candidacy& candidacy, Instant now, Actions& actions) {
  switch (election_.hear(candidacy, settings_, now)) {
    case Election::Heard::kRefreshed:
      break;
    case Election::Heard::kCompetitor:
      counters_.count_competitor(candidacy.address);
      note_competitor(candidacy, now);
      break;
    case Election::Heard::kElected:
    case Election::Heard::kReplaced:
      actions.emplace_back(
          QuerierElected{candidacy.address, candidacy.mac, candidacy.query.version});
      if (role_ != Role::kQuerier) break;
      ++counters_.elections_lost;
      schedule_.stop();
      become(Role::kNonQuerier, now, actions);
      break;
  }
}

void Segment::note_competitor(const Candidacy& candidacy, Instant now) {
  const bool again = last_competitor_ && last_competitor_->address == candidacy.address &&
                     last_competitor_->since >= role_since_ &&
                     now - last_competitor_->heard < kCompetitorMemory;
  const Instant since = again ? last_competitor_->since : now;
  last_competitor_ = LastCompetitor{candidacy.address, candidacy.mac, since, now};
}

void Segment::warn_of_short_timeout(Instant now, Actions& actions) {
  const auto& elected = election_.elected();
  if (!settings_.timeout || !elected) return;
  const auto interval = Election::interval(*elected);
  if (!interval || 2 * *interval <= *settings_.timeout || !timeout_limit_.passes(now)) return;
  actions.emplace_back(TimeoutTooShort{elected->address, *interval, *settings_.timeout});
}

bool Segment::is_credible(const Received& received, Actions& actions) {
  const auto reason = judge_report(received.packet, *rules_);
  if (!reason) return true;
  ++counters_.reports_rejected[static_cast<std::size_t>(*reason)];
  actions.emplace_back(ReportRejected{*reason, received.packet.source, received.mac});
  return false;
}

void Segment::receive(const Received& received, const Report& report, Instant now,
                      Actions& actions) {
  if (!is_credible(received, actions)) return;
  counters_.skipped_records += report.skipped_records;
  if (report.version != Version::k3 || report.records.empty()) {
    ++by_version(counters_.reports_received, report.version, Counters::kPlainReport);
  } else {
    for (const auto& record : report.records) {
      ++by_version(counters_.reports_received, report.version, record.type);
    }
  }
  membership_.report(report, {received.packet.source, received.mac, report.version}, terms(now),
                     changes_);
}

void Segment::receive(const Received& received, const Leave& leave, Instant now, Actions& actions) {
  if (!is_credible(received, actions)) return;
  ++counters_.leaves_received;
  membership_.leave(leave, terms(now), changes_);
}

}  // namespace querent::core
