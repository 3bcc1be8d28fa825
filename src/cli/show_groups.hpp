#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/json_value.hpp"

namespace querent::cli {

// The pages of /api/v1/groups, put together. It keeps the text of each group alone, not the page.
class GroupsView {
 public:
  // A page; what to ask for the next one with, nothing after the last.
  std::optional<std::string> add(client::JsonValue page);

  // A table with a row for each group, in the order in which they came.
  std::string table() const;
  // One object with all groups, a group a line: {"groups": [...], "total": 2}.
  std::string json() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::string objects_;
};

// A line for each segment (of that interface alone; empty: of all) of an appliance with this
// /api/v1/status that may not know all groups; empty: none.
std::string doubtful_segments(client::JsonValue status, const std::string& interface);

}  // namespace querent::cli
