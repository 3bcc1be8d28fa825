#pragma once

#include <string_view>

namespace querent::config {

// A name of an interface, a pattern of names (* ? [ ]), or "auto". The kernel would allow commas;
// lists of names would not.
bool is_interface_name(std::string_view text);

}  // namespace querent::config
