#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"
#include "sim/frame.hpp"

namespace querent::sim {

// A cheap managed switch (RFC 4541 without a querier): reports go to router ports only, a stream
// goes where somebody asked for it within the last 260 seconds, and nowhere else. Without snooping
// it is a hub.
class SnoopingSwitch {
 public:
  using Port = std::size_t;

  static constexpr Duration kMembershipExpiry = std::chrono::seconds(260);
  static constexpr Duration kRouterPortExpiry = std::chrono::seconds(255);

  SnoopingSwitch(std::size_t ports, bool snoops)
      : router_until_(ports, kLongAgo), snoops_(snoops) {}

  // Learns from a frame that came in at `in`, and says where it goes out.
  std::vector<Port> forward(const Frame& frame, Port in, Instant now);

  // Whether a stream to `group` leaves at `port`.
  bool passes(Address group, Port port, Instant now) const;

 private:
  void learn(const Report& report, Port in, Instant now);
  std::vector<Port> all_but(Port in) const;

  std::vector<Instant> router_until_;  // by port
  std::map<std::pair<Address, Port>, Instant> member_until_;
  bool snoops_;
};

}  // namespace querent::sim
