#pragma once

#include <cstdint>
#include <variant>

#include "core/local_interface.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"

// What can happen to a segment. Events carry values, so that a list of them is a test case.

namespace querent::core {

// The link can send: it appeared, its carrier came, it was recreated. Also when it was up before.
struct LinkUp {
  LocalInterface link;
};

// The addresses (or the MTU, or the MAC) changed while the link stayed up.
struct LinkChanged {
  LocalInterface link;
};

struct LinkDown {};

enum class Origin : std::uint8_t {
  kWire,
  kOwnHost,  // looped back by our own kernel: our host's own reports, our own queries
};

struct Received {
  Packet packet;
  MacAddress mac;
  Origin origin = Origin::kWire;
};

struct Reconfigured {
  Settings settings;
};

// Time passed. Never needed before Segment::deadline(), and never harmful.
struct Tick {};

using Event = std::variant<Tick, Received, LinkUp, LinkChanged, LinkDown, Reconfigured>;

}  // namespace querent::core
