#pragma once

#include <vector>

#include "sim/frame.hpp"
#include "sim/scenario_parts.hpp"

// Frames and addresses that tests write by hand.

namespace querent::sim {

inline constexpr Address kGroup = Address::v4(239, 1, 2, 3);
inline constexpr Address kOtherGroup = Address::v4(239, 4, 5, 6);
inline constexpr Address kSource1 = Address::v4(10, 9, 8, 1);
inline constexpr Address kSource2 = Address::v4(10, 9, 8, 2);
inline constexpr Address kLowest = Address::v4(192, 0, 2, 1);
inline constexpr Address kMiddle = Address::v4(192, 0, 2, 2);
inline constexpr Address kHighest = Address::v4(192, 0, 2, 3);
inline constexpr Address kHostAddress = Address::v4(192, 0, 2, 100);

inline FramePtr general_query(Address from, Version version) {
  return make_frame(mac_of(50), plain_query(from, version));
}

inline FramePtr group_query(Address from, Version version, Address group,
                            std::vector<Address> sources = {}) {
  auto packet = plain_query(from, version);
  packet.destination = group;
  auto& query = std::get<Query>(packet.message);
  query.group = group;
  query.max_response = std::chrono::seconds(1);
  query.sources = std::move(sources);
  return make_frame(mac_of(50), packet);
}

inline FramePtr report(Address from, Version version, std::vector<Record> records) {
  const Address to = version == Version::k3 ? Address::v4(224, 0, 0, 22) : records.front().group;
  return make_frame(mac_of(60),
                    {.source = from,
                     .destination = to,
                     .hop_limit = 1,
                     .router_alert = true,
                     .message = Report{.version = version, .records = std::move(records)}});
}

inline Record join(Address group) {
  return {.type = RecordType::kIsExclude, .group = group, .sources = {}};
}

inline FramePtr leave(Address from, Address group) {
  return make_frame(mac_of(60), {.source = from,
                                 .destination = Address::v4(224, 0, 0, 2),
                                 .hop_limit = 1,
                                 .router_alert = true,
                                 .message = Leave{group}});
}

}  // namespace querent::sim
