#include "core/link.hpp"

#include <algorithm>

namespace querent::core {

namespace {

bool better_source(const InterfaceAddress& a, const InterfaceAddress& b) {
  const bool a_is_fallback = a.address.is_v4() && a.address.is_link_local();
  const bool b_is_fallback = b.address.is_v4() && b.address.is_link_local();
  if (a_is_fallback != b_is_fallback) return b_is_fallback;
  return a.address < b.address;
}

}  // namespace

bool Link::owns(Address address) const {
  return std::any_of(addresses.begin(), addresses.end(),
                     [address](const InterfaceAddress& own) { return own.address == address; });
}

std::optional<Address> source_in_force(const Link& link, const Settings& settings, Family family) {
  if (settings.source) {
    // Proxy queries are IGMP's alone; MLD has no query from an unspecified address.
    const bool is_proxy =
        family == Family::kIPv4 && *settings.source == Address::unspecified(family);
    return is_proxy || link.owns(*settings.source) ? settings.source : std::nullopt;
  }
  const auto best = std::min_element(link.addresses.begin(), link.addresses.end(), better_source);
  return best == link.addresses.end() ? std::nullopt : std::optional(best->address);
}

}  // namespace querent::core
