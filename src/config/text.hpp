#pragma once

#include <string>

#include "config/config.hpp"

namespace querent::config {

// What is in force, as TOML that reads as the same configuration again. What has no key in a file
// is said in comments.
std::string to_toml(const Config& config);

}  // namespace querent::config
