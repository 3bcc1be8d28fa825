#pragma once

#include <toml++/toml.h>

#include "config/name_config.hpp"
#include "config/toml_nodes.hpp"

namespace querent::app {

// [names] of a file. What is wrong is complained about and left out.
observe::NameConfig read_names(const toml::table& table, FileComplaints& complaints);

}  // namespace querent::app
