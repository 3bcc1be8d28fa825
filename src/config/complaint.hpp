#pragma once

#include <string>
#include <vector>

namespace querent::config {

// Something that an administrator said and that is wrong, or at least doubtful. Printed as one
// line, "querent: WHAT: WHY; ATTEMPT".
struct Complaint {
  std::string what;       // the flag, the variable, or the key with file and line
  std::string why;        // its value, and what is wrong with it
  std::string attempt{};  // what to say instead; empty: that is clear already

  bool operator==(const Complaint&) const = default;
};

using Complaints = std::vector<Complaint>;

}  // namespace querent::config
