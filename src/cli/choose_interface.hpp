#pragma once

#include <string>

#include "base/result.hpp"
#include "net/link_monitor.hpp"

namespace querent::cli {

// The interface of this name or index; or why there is none, naming those that there are.
Result<net::Interface, std::string> choose_interface(const std::string& name_or_index);

}  // namespace querent::cli
