#include "core/local_interface.hpp"

#include <algorithm>

#include "core/family_rules.hpp"

namespace querent::core {

namespace {

bool better_source(Address a, Address b, const FamilyRules& rules) {
  const auto is_last_resort = [&rules](Address address) {
    return rules.last_resort && rules.last_resort->matches(address);
  };
  if (is_last_resort(a) != is_last_resort(b)) return is_last_resort(b);
  const bool wins = wins_over(a, b);
  return wins != wins_over(b, a) ? wins : a < b;
}

}  // namespace

bool LocalInterface::owns(Address address) const {
  return std::any_of(addresses.begin(), addresses.end(),
                     [address](const InterfaceAddress& own) { return own.address == address; });
}

std::optional<Address> source_in_force(const LocalInterface& link, const Settings& settings,
                                       Family family) {
  const FamilyRules& rules = family_rules(family);
  if (settings.source) {
    const bool is_proxy = rules.proxy_queries && *settings.source == Address::unspecified(family);
    return is_proxy || link.owns(*settings.source) ? settings.source : std::nullopt;
  }
  const auto best = std::min_element(link.addresses.begin(), link.addresses.end(),
                                     [&rules](const auto& a, const auto& b) {
                                       return better_source(a.address, b.address, rules);
                                     });
  return best == link.addresses.end() ? std::nullopt : std::optional(best->address);
}

}  // namespace querent::core
