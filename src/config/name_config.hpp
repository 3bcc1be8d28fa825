#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "querent/address.hpp"

namespace querent::config {

// [names] of a configuration.
struct NameConfig {
  std::map<Address, std::string> by_address;  // multicast addresses alone
  std::vector<std::string> ka9q;              // names of ka9q-radio streams

  bool operator==(const NameConfig&) const = default;
};

// The group that ka9q-radio sends a stream of this name to: 239 and 24 bits of a hash of exactly
// this spelling. Never 239.0.0.x nor 239.128.0.x, whose frames look like those of 224.0.0.x.
Address ka9q_group(std::string_view name);

}  // namespace querent::config
