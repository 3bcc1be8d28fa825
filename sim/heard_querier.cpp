#include "sim/heard_querier.hpp"

#include <algorithm>

namespace querent::sim {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Duration kUnknownPatience = seconds(255);  // RFC 2236 8.5
constexpr Duration kMostPatience = hours(1);
constexpr Duration kRounding = microseconds(1);
constexpr Duration kEcho = milliseconds(10);  // the same query, doubled on its way

}  // namespace

void HeardQuerier::hear(const Query& query, Instant now) {
  const bool is_first = last_heard_ == kLongAgo;
  last_heard_ = now;
  last_query_ = query;
  if (!is_first && now - last_beat_ < kEcho) return;
  if (!is_first) {
    std::rotate(gaps_.begin(), gaps_.begin() + 1, gaps_.end());
    std::rotate(gap_began_.begin(), gap_began_.begin() + 1, gap_began_.end());
    gaps_.back() = now - last_beat_;
    gap_began_.back() = last_beat_;
    if (const auto here = beat()) shortest_beat_ = std::min(*here, shortest_beat_.value_or(*here));
  }
  last_beat_ = now;
}

std::optional<Duration> HeardQuerier::beat() const {
  const auto [shortest, longest] = std::minmax_element(gaps_.begin(), gaps_.end());
  const bool alike = *shortest > Duration::zero() && *longest - *shortest <= *shortest / 3;
  return alike ? std::optional(*longest) : std::nullopt;
}

int HeardQuerier::robustness(const core::Settings& settings) const {
  return last_query_.robustness != 0 ? last_query_.robustness : settings.robustness;
}

Duration HeardQuerier::query_interval(const core::Settings& settings) const {
  const Duration said = last_query_.query_interval;
  return said != Duration::zero() ? said : settings.query_interval;
}

Duration HeardQuerier::patience_behind(Duration gap, const core::Settings& settings) const {
  return robustness(settings) * gap * 4 / 3 + last_query_.max_response / 2;
}

Duration HeardQuerier::least_patience(const core::Settings& settings) const {
  if (settings.timeout) return *settings.timeout;
  Duration least = kUnknownPatience;
  if (last_query_.version == Version::k3) {
    least = robustness(settings) * query_interval(settings) + last_query_.max_response / 2;
  } else if (shortest_beat_) {
    least = std::min(least, patience_behind(*shortest_beat_, settings));
  }
  return std::min<Duration>(least, kMostPatience) - kRounding;
}

std::optional<Duration> HeardQuerier::most_patience(const core::Settings& settings,
                                                    Instant elected) const {
  if (settings.timeout) return *settings.timeout;
  if (was_deposed_) return std::nullopt;
  Duration most = kUnknownPatience;
  if (last_query_.version == Version::k3) {
    most = robustness(settings) * query_interval(settings) + last_query_.max_response / 2;
  } else if (const auto here = beat()) {
    if (gap_began_.front() < elected) return std::nullopt;
    most = patience_behind(*here, settings);
  } else {
    return std::nullopt;
  }
  return std::min<Duration>(most, kMostPatience) + kRounding;
}

}  // namespace querent::sim
