#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "config/name_config.hpp"
#include "querent/address.hpp"

// What people call a group.

namespace querent::observe {

// The names of groups: configured ones win over those of ka9q-radio, which win over well-known
// ones. Of two streams that ka9q-radio sends to the same group, the first gives the name.
class GroupNames {
 public:
  // Well-known names alone.
  GroupNames() = default;
  explicit GroupNames(const config::NameConfig& config);

  // Nothing: the group has no name. Does not depend on how many names there are.
  std::optional<std::string> find(Address group) const;

 private:
  std::unordered_map<Address, std::string, AddressHash> configured_;
};

}  // namespace querent::observe
