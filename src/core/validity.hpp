#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/family_rules.hpp"
#include "core/local_interface.hpp"
#include "core/settings.hpp"
#include "querent/message.hpp"

// Whether a message that could be read may be believed. What can be told from the bytes alone is
// the codec's to judge; here stands what needs to know the interface.

namespace querent::core {

enum class Rejection : std::uint8_t {
  kHopLimit,
  kNoRouterAlert,
  kSourceUnspecified,
  kSourceMulticast,
  kSourceLoopback,
  kSourceBroadcast,
  kSourceSubnet,
  kSourceNotLinkLocal,
  kSourceOffSubnet,
  kDestinationUnicast,
  kDestination,
  kSourcesWithoutGroup,  // RFC 9776 4.1.8: hosts do not answer it, so it must not win either
};

inline constexpr std::size_t kRejections = 12;

// The metric label: "hop_limit", "source_off_subnet", ...
std::string_view name(Rejection rejection);

// RFC 4541 2.1.1: a query from 0.0.0.0 is a snooping switch's. It asks, and never elects. (MLD
// has no such thing: :: is rejected.)
bool is_proxy_query(const Packet& packet);

// What a message is judged by.
struct Standards {
  const LocalInterface& link;
  const Settings& settings;
  const FamilyRules& rules;
};

// For a query other than a proxy query: nothing when it is valid, else the first reason not to
// be. Section 9.1 of RFC 9776: a forged query may silence a querier, so everything is looked at.
// `query` is the packet's.
std::optional<Rejection> judge_query(const Packet& packet, const Query& query,
                                     const Standards& standards);

// For a report or a leave.
std::optional<Rejection> judge_report(const Packet& packet, const FamilyRules& rules);

}  // namespace querent::core
