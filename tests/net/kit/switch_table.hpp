#pragma once

#include <string>

#include "lab/cheap_switch.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::test {

// Who gets a group, or is to get none of it.
struct Wish {
  std::string port;
  Address group;
  bool listed = true;
};

// Whether the switch's table is as wished, within that time; it is looked at when it changes.
bool await_table(lab::CheapSwitch& at, const Wish& wish, Duration patience);

}  // namespace querent::test
