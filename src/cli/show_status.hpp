#pragma once

#include <string>

#include "client/json_value.hpp"

namespace querent::cli {

struct StatusLook {
  std::string interface;  // only this one; empty: all
  bool colour = false;
};

// What /api/v1/status answers, for a person: a line about the appliance, a table with a row for
// each segment, what is wrong, and what to do about it.
std::string show_status(client::JsonValue status, const StatusLook& look);

}  // namespace querent::cli
