#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "wire/drop_reason.hpp"
#include "wire/frame.hpp"

namespace querent::wire::test {

// Frames that are wrong in one way, and what that is called.
struct Malformed {
  const char* what;
  DropReason reason;
  LinkType type;
  Bytes octets;
};

// Frames, IPv4 packets and IGMP messages.
std::vector<Malformed> malformed_igmp();
// IPv6 packets and MLD messages.
std::vector<Malformed> malformed_mld();

}  // namespace querent::wire::test
