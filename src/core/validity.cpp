#include "core/validity.hpp"

namespace querent::core {

namespace {

// /31 and /32 have neither a subnet nor a broadcast address (RFC 3021).
constexpr unsigned kLongestSubnetWithBroadcast = 30;

std::optional<Rejection> judge_subnets(Address source, const LocalInterface& link,
                                       const Settings& settings) {
  bool on_subnet = false;
  for (const auto& own : link.addresses) {
    if (!own.subnet.contains(source)) continue;
    on_subnet = true;
    if (own.subnet.length() > kLongestSubnetWithBroadcast) continue;
    if (source == own.subnet.last()) return Rejection::kSourceBroadcast;
    if (source == own.subnet.first()) return Rejection::kSourceSubnet;
  }
  // An interface without an address knows no subnets to judge by.
  const bool anything_goes = settings.accept_off_subnet || link.addresses.empty();
  if (!on_subnet && !anything_goes) return Rejection::kSourceOffSubnet;
  return std::nullopt;
}

std::optional<Rejection> judge_source(Address source) {
  if (source.is_multicast()) return Rejection::kSourceMulticast;
  if (source.is_loopback()) return Rejection::kSourceLoopback;
  if (source.is_limited_broadcast()) return Rejection::kSourceBroadcast;
  return std::nullopt;
}

std::optional<Rejection> judge_strict_envelope(const Packet& packet) {
  if (packet.hop_limit != 1) return Rejection::kHopLimit;
  if (!packet.router_alert) return Rejection::kNoRouterAlert;
  if (packet.source.is_unspecified()) return Rejection::kSourceUnspecified;
  if (const auto bad = judge_source(packet.source)) return bad;
  if (!packet.source.is_link_local()) return Rejection::kSourceNotLinkLocal;
  return std::nullopt;
}

std::optional<Rejection> judge_destination(const Packet& packet, const Query& query,
                                           const LocalInterface& link, const FamilyRules& rules) {
  const Address right = query.is_general() ? rules.all_systems : query.group;
  if (packet.destination == right) return std::nullopt;
  if (!link.owns(packet.destination)) return Rejection::kDestination;
  if (query.is_general()) return Rejection::kDestinationUnicast;
  return std::nullopt;
}

}  // namespace

std::string_view name(Rejection rejection) {
  switch (rejection) {
    case Rejection::kHopLimit:
      return "hop_limit";
    case Rejection::kNoRouterAlert:
      return "no_router_alert";
    case Rejection::kSourceUnspecified:
      return "source_unspecified";
    case Rejection::kSourceMulticast:
      return "source_multicast";
    case Rejection::kSourceLoopback:
      return "source_loopback";
    case Rejection::kSourceBroadcast:
      return "source_broadcast";
    case Rejection::kSourceSubnet:
      return "source_subnet";
    case Rejection::kSourceNotLinkLocal:
      return "source_not_link_local";
    case Rejection::kSourceOffSubnet:
      return "source_off_subnet";
    case Rejection::kDestinationUnicast:
      return "destination_unicast";
    case Rejection::kDestination:
      return "destination";
    case Rejection::kSourcesWithoutGroup:
      return "sources_without_group";
  }
  return "unknown";
}

bool is_proxy_query(const Packet& packet) {
  return packet.source.is_unspecified() && family_rules(packet.source.family()).proxy_queries;
}

std::optional<Rejection> judge_query(const Packet& packet, const Query& query,
                                     const Standards& standards) {
  const auto& [link, settings, rules] = standards;
  if (rules.strict_envelope) {
    if (const auto bad = judge_strict_envelope(packet)) return bad;
  } else {
    if (packet.hop_limit != 1) return Rejection::kHopLimit;
    if (settings.require_router_alert && !packet.router_alert) return Rejection::kNoRouterAlert;
    if (packet.source.is_unspecified()) return Rejection::kSourceUnspecified;
    if (const auto bad = judge_source(packet.source)) return bad;
    if (const auto bad = judge_subnets(packet.source, link, settings)) return bad;
  }
  if (query.is_general() && !query.sources.empty()) return Rejection::kSourcesWithoutGroup;
  return judge_destination(packet, query, link, rules);
}

std::optional<Rejection> judge_report(const Packet& packet, const FamilyRules& rules) {
  return rules.strict_envelope ? judge_strict_envelope(packet) : judge_source(packet.source);
}

}  // namespace querent::core
