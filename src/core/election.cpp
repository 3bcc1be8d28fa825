#include "core/election.hpp"

#include <algorithm>
#include <utility>

#include "core/family_rules.hpp"

namespace querent::core {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

// RFC 2236 8.5 with the RFC's default values: what a querier that announces nothing is given
// until its rhythm is known.
constexpr Duration kUnknownTimeout = seconds(255);

constexpr Duration kLongestTimeout = hours(1);

// A gap from the short end of a jittered interval may be followed by one from its long end.
Duration timeout_behind(Duration longest_gap, const Values& values) {
  Values stretched = values;
  stretched.query_interval = longest_gap / 3 * 4;
  return other_querier_present_interval(stretched);
}

Values announced_values(const Query& query, const Settings& settings) {
  Values values = own_values(settings, query.version);
  values.query_response = query.max_response;
  if (query.robustness != 0) values.robustness = query.robustness;
  if (query.query_interval != Duration::zero()) values.query_interval = query.query_interval;
  return values;
}

bool announces_interval(Version version) {
  return version == Version::k3;
}

// It asks as often as it announces, give or take an eighth.
bool keeps_its_word(const OtherQuerier& querier) {
  const Duration announced = querier.announced.query_interval;
  return announces_interval(querier.version) &&
         *querier.gaps.longest_gap() <= announced + announced / 8;
}

}  // namespace

void Election::restart(std::optional<Address> own) {
  *this = Election{};
  own_ = own;
}

Duration Election::timeout(const OtherQuerier& querier, const Settings& settings) {
  return settings.timeout.value_or(learned_timeout(querier));
}

Duration Election::learned_timeout(const OtherQuerier& querier) {
  const auto learned = querier.gaps.longest_gap();
  Duration wait = kUnknownTimeout;
  if (announces_interval(querier.version)) {
    wait = other_querier_present_interval(querier.announced);
  } else if (learned) {
    wait = timeout_behind(*learned, querier.announced);
  }
  return std::min<Duration>(std::max(wait, querier.patience), kLongestTimeout);
}

std::optional<Duration> Election::interval(const OtherQuerier& querier) {
  if (announces_interval(querier.version)) return querier.announced.query_interval;
  return querier.gaps.longest_gap();
}

Instant Election::deadline(const Settings& settings) const {
  return elected_ ? elected_->last_heard + timeout(*elected_, settings) : kNever;
}

Election::Heard Election::hear(const Candidacy& candidacy, const Settings& settings, Instant now) {
  if (elected_ && candidacy.address == elected_->address) {
    heard_again(*elected_, candidacy, settings, now);
    successor_.reset();
    return Heard::kRefreshed;
  }
  const bool beats_us = !own_ || wins_over(candidacy.address, *own_);
  if (!beats_us) return Heard::kCompetitor;
  if (elected_ && !wins_over(candidacy.address, elected_->address)) {
    note_successor(candidacy, settings, now);
    return Heard::kCompetitor;
  }
  const auto outcome = elected_ ? Heard::kReplaced : Heard::kElected;
  elected_ = first_heard(candidacy, settings, now);
  successor_.reset();
  return outcome;
}

Election::Expired Election::expire(const Settings& settings, Instant now) {
  if (now < deadline(settings)) return Expired::kNothing;
  deposed_ = std::exchange(elected_, std::exchange(successor_, std::nullopt));
  if (elected_ && deadline(settings) <= now) elected_.reset();
  return elected_ ? Expired::kSucceeded : Expired::kVacant;
}

Values Election::values(const Settings& settings, Version version) const {
  if (!elected_) return own_values(settings, version);
  Values values = elected_->announced;
  // One that does not say how often it asks, or asks more seldom than it says.
  const Duration observed = query_interval_behind(learned_timeout(*elected_), values);
  if (!announces_interval(elected_->version) || elected_->patience > Duration::zero()) {
    values.query_interval = std::max(values.query_interval, observed);
  }
  return values;
}

OtherQuerier Election::first_heard(const Candidacy& candidacy, const Settings& settings,
                                   Instant now) const {
  OtherQuerier querier{.address = candidacy.address, .since = now};
  if (deposed_ && deposed_->address == candidacy.address) {
    querier.patience = settings.robustness * (now - deposed_->last_heard);
  }
  heard_again(querier, candidacy, settings, now);
  return querier;
}

void Election::heard_again(OtherQuerier& querier, const Candidacy& candidacy,
                           const Settings& settings, Instant now) {
  querier.mac = candidacy.mac;
  querier.version = candidacy.query.version;
  querier.last_heard = now;
  querier.announced = announced_values(candidacy.query, settings);
  querier.gaps.hear(now);
  // The silence that deceived us is replaced by what the querier is seen to do since.
  const auto learned = querier.gaps.longest_gap();
  if (querier.patience > Duration::zero() && learned) {
    querier.patience =
        keeps_its_word(querier) ? Duration::zero() : timeout_behind(*learned, querier.announced);
  }
}

void Election::note_successor(const Candidacy& candidacy, const Settings& settings, Instant now) {
  if (successor_ && successor_->address == candidacy.address) {
    heard_again(*successor_, candidacy, settings, now);
    return;
  }
  const bool still_there =
      successor_ && successor_->last_heard + timeout(*successor_, settings) > now;
  if (still_there && !wins_over(candidacy.address, successor_->address)) return;
  successor_ = first_heard(candidacy, settings, now);
}

}  // namespace querent::core
