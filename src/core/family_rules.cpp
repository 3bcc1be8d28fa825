#include "core/family_rules.hpp"

#include <algorithm>

namespace querent::core {

namespace {

constexpr AddressPattern pattern(Prefix prefix) {
  // The bits in which a prefix's first and last address differ are those it leaves open.
  return {prefix.first(), Address::v6(~(prefix.first().high64() ^ prefix.last().high64()),
                                      ~(prefix.first().low64() ^ prefix.last().low64()))};
}

constexpr AddressPattern pattern_v6(std::uint64_t high_value, std::uint64_t high_mask) {
  return {Address::v6(high_value, 0), Address::v6(high_mask, 0)};
}

}  // namespace

bool FamilyRules::tracks(Address group) const {
  return std::none_of(untracked.begin(), untracked.end(),
                      [group](const AddressPattern& set) { return set.matches(group); });
}

const FamilyRules& family_rules(Family family) {
  static const FamilyRules kIpv4{
      .family = Family::kIPv4,
      .all_systems = Address::v4(224, 0, 0, 1),
      .untracked = {pattern(Prefix(Address::v4(224, 0, 0, 1), 32))},
      .link_local_groups = pattern(Prefix(Address::v4(224, 0, 0, 0), 24)),
      .ssm_groups = pattern(Prefix(Address::v4(232, 0, 0, 0), 8)),
      .last_resort = pattern(Prefix(Address::v4(169, 254, 0, 0), 16)),
      .proxy_queries = true,
      .strict_envelope = false,
  };
  constexpr auto kAllNodes = Address::v6(0xFF02000000000000, 1);
  static const FamilyRules kIpv6{
      .family = Family::kIPv6,
      .all_systems = kAllNodes,
      .untracked = {pattern(Prefix(kAllNodes, 128)),
                    pattern_v6(0xFF00000000000000, 0xFF0F000000000000),   // scope 0: reserved
                    pattern_v6(0xFF01000000000000, 0xFF0F000000000000)},  // scope 1: the node
      .link_local_groups = pattern(Prefix(Address::v6(0xFF02000000000000, 0), 16)),
      .ssm_groups = pattern_v6(0xFF30000000000000, 0xFFF0FFFF00000000),
      .last_resort = {},
      .proxy_queries = false,
      .strict_envelope = true,
  };
  return family == Family::kIPv4 ? kIpv4 : kIpv6;
}

bool wins_over(Address a, Address b) {
  if (a.is_unspecified() || b.is_unspecified()) return !a.is_unspecified();
  return a.low64() < b.low64();
}

}  // namespace querent::core
