#pragma once

#include <string_view>

// What this binary was built from.

namespace querent::app {

std::string_view version();    // "0.1.0"
std::string_view commit();     // short hash; "unknown" when it was built outside a repository
std::string_view homepage();   // address of the project; empty unless the builder set one
std::string_view compiler();   // "GNU 12.2.0"
std::string_view libraries();  // "CLI11 2.1.2, fmt 9.1.0, ..."

}  // namespace querent::app
