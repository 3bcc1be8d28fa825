#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/address.hpp"

namespace querent::observe {

// [names] of a configuration.
struct NameConfig {
  std::map<Address, std::string> by_address;  // multicast addresses alone
  std::vector<std::string> ka9q;              // names of ka9q-radio streams

  bool operator==(const NameConfig&) const = default;
};

}  // namespace querent::observe
