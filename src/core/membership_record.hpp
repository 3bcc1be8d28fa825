#pragma once

#include <cstdint>
#include <vector>

#include "querent/address.hpp"

namespace querent::core {

enum class FilterMode : std::uint8_t { kInclude, kExclude };

// Membership record of one group on one segment (RFC 4605 4.1): what all its members together
// want. INCLUDE without sources means no membership.
struct MembershipRecord {
  Address group{};
  FilterMode mode = FilterMode::kInclude;
  std::vector<Address>
      sources{};  // ascending; INCLUDE: the wanted ones, EXCLUDE: the unwanted ones

  bool operator==(const MembershipRecord&) const = default;
};

}  // namespace querent::core
