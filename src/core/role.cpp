#include "core/role.hpp"

namespace querent::core {

std::string_view name(Role role) {
  switch (role) {
    case Role::kDown:
      return "down";
    case Role::kNoAddress:
      return "no_address";
    case Role::kPassive:
      return "passive";
    case Role::kQuerier:
      return "querier";
    case Role::kNonQuerier:
      return "non_querier";
  }
  return "unknown";
}

}  // namespace querent::core
