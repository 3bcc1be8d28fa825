#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/validity.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"

namespace querent::core {

enum class QueryKind : std::uint8_t { kGeneral, kGroup, kGroupSource };
inline constexpr std::size_t kQueryKinds = 3;

inline QueryKind kind_of(const Query& query) {
  if (query.is_general()) return QueryKind::kGeneral;
  return query.sources.empty() ? QueryKind::kGroup : QueryKind::kGroupSource;
}

// Everything a segment counts, from its creation on: links come and go, counts stay.
struct Counters {
  template <std::size_t Kinds>
  using ByVersion = std::array<std::array<std::uint64_t, Kinds>, 3>;  // [version - 1][kind]

  // What reports_received counts: of v3 each record by its type; a v1 or v2 report, and a v3
  // report without any record, as one plain report.
  static constexpr std::size_t kReportKinds = 7;
  static constexpr std::size_t kPlainReport = 0;
  // Addresses that are counted one by one; more of them share competitors_other.
  static constexpr std::size_t kCompetitors = 16;

  ByVersion<kQueryKinds> queries_sent{};
  ByVersion<kQueryKinds> queries_received{};  // valid ones
  std::array<std::uint64_t, kRejections> queries_rejected{};
  std::array<std::uint64_t, kRejections> reports_rejected{};
  ByVersion<kReportKinds> reports_received{};
  std::uint64_t leaves_received = 0;
  std::uint64_t proxy_queries = 0;
  std::uint64_t without_router_alert = 0;  // valid queries all the same
  std::uint64_t version_mismatches = 0;
  std::uint64_t elections_won = 0;
  std::uint64_t elections_lost = 0;
  std::uint64_t address_conflicts = 0;
  std::uint64_t loops = 0;
  std::uint64_t address_changes = 0;
  std::uint64_t sleeps = 0;  // found that more than a query interval was slept through
  std::uint64_t ssm_violations = 0;
  std::uint64_t untracked_records = 0;  // of groups that nobody tracks
  std::uint64_t skipped_records = 0;    // of unknown type, or for a group that is none
  std::vector<std::pair<Address, std::uint64_t>> competitor_queries;
  std::uint64_t competitors_other = 0;

  void count_competitor(Address address);
};

// The counter of a version and a kind (an enum, or its number).
template <class Counts, class Kind>
constexpr auto& by_version(Counts& counts, Version version, Kind kind) {
  return counts[static_cast<std::size_t>(version) - 1][static_cast<std::size_t>(kind)];
}

}  // namespace querent::core
