#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/settings.hpp"
#include "querent/time.hpp"

namespace querent::core {

// Account that all groups of a segment share: the limits of the table, and the budget of specific
// queries. Groups book what they add and free; a refusal is counted here.
struct Ledger {
  Ledger() = default;
  explicit Ledger(const Bounds& within) : bounds(within) {}

  Bounds bounds;
  std::size_t sources = 0;
  std::size_t hosts = 0;
  std::uint64_t refused_groups = 0;
  std::uint64_t refused_sources = 0;
  std::uint64_t refused_hosts = 0;
  std::uint64_t refused_questions = 0;

  // How many more a group may take that has `held` of them.
  std::size_t room_for_sources(std::size_t held) const {
    return std::min(left(bounds.sources, sources), left(bounds.sources_per_group, held));
  }
  std::size_t room_for_hosts(std::size_t held) const {
    return std::min(left(bounds.hosts, hosts), left(bounds.hosts_per_group, held));
  }

  // Leave storms: at most 256 specific queries a second in the long run, 1,024 at once. A leave
  // whose question is refused is as good as lost: the membership ends by its timer.
  bool allow_question(std::size_t queries, Instant now) {
    constexpr Duration kEach = Duration(std::chrono::seconds(1)) / 256;
    constexpr Duration kBurst = 1023 * kEach;
    if (queries_paid_until_ > now + kBurst) {
      ++refused_questions;
      return false;
    }
    queries_paid_until_ = std::max(queries_paid_until_, now) + queries * kEach;
    return true;
  }

 private:
  static std::size_t left(std::size_t bound, std::size_t used) {
    return bound > used ? bound - used : 0;
  }

  Instant queries_paid_until_ = kLongAgo;
};

}  // namespace querent::core
