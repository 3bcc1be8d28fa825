#pragma once

#include <toml++/toml.h>

#include "config/name_config.hpp"
#include "config/toml_nodes.hpp"

namespace querent::config {

// [names] of a file. What is wrong is complained about and left out.
NameConfig read_names(const toml::table& table, FileComplaints& complaints);

}  // namespace querent::config
