#include "observe/group_names.hpp"

#include "observe/well_known_groups.hpp"

namespace querent::observe {

GroupNames::GroupNames(const config::NameConfig& config)
    : configured_(config.by_address.begin(), config.by_address.end()) {
  for (const auto& name : config.ka9q)
    configured_.try_emplace(config::ka9q_group(name), name);
}

std::optional<std::string> GroupNames::find(Address group) const {
  const auto found = configured_.find(group);
  return found != configured_.end() ? found->second : well_known_name(group);
}

}  // namespace querent::observe
