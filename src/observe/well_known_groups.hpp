#pragma once

#include <optional>
#include <string>

#include "querent/address.hpp"

namespace querent::observe {

// What a group is for where every network uses it for the same: "mDNS", "sACN universe 7".
std::optional<std::string> well_known_name(Address group);

}  // namespace querent::observe
