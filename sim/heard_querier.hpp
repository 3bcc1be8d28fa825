#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>

#include "core/settings.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "sim/dialect.hpp"

namespace querent::sim {

// What is known of a querier from nothing but its general queries, since the listener's election
// last started anew. A second opinion on core's Election and Rhythm.
class HeardQuerier {
 public:
  void hear(const Query& query, Instant now);
  void vanish() { was_deposed_ = true; }

  Instant last_heard() const { return last_heard_; }

  // Nobody may take over from it after a shorter silence than that (docs/design/protocol.md 3.4).
  // Not tight.
  Duration least_patience(const core::Settings& settings) const;

  // Nobody may wait for it longer than that. Nothing: that cannot be told from outside.
  // `elected`: since when the listener follows it.
  std::optional<Duration> most_patience(const core::Settings& settings, Instant elected) const;

  // What it announces, or where it does not, the settings' own value.
  int robustness(const core::Settings& settings) const;
  Duration query_interval(const core::Settings& settings) const;
  const Query& last_query() const { return last_query_; }

 private:
  static constexpr std::size_t kGaps = 4;

  Duration patience_behind(Duration gap, const core::Settings& settings) const;
  std::optional<Duration> beat() const;  // the longest of four gaps that are alike

  Instant last_heard_ = kLongAgo;
  Instant last_beat_ = kLongAgo;  // the same, without echoes
  Query last_query_;
  std::array<Duration, kGaps> gaps_{};  // the newest last; zero: none
  std::array<Instant, kGaps> gap_began_{};
  std::optional<Duration> shortest_beat_;  // ever
  bool was_deposed_ = false;  // the listener once waited too short, and may wait longer
};

// The one that should ask comes first.
using Hearsay = std::map<Address, HeardQuerier, BySuccession>;

}  // namespace querent::sim
