#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "sim/look_for.hpp"
#include "wire/drop_reason.hpp"

namespace querent::sim {

// One datagram of the test stream. It is no message: only switches and hosts care.
struct StreamData {
  Address group;
  std::uint64_t number = 0;
};

// What is on a cable: an IGMP or MLD packet as octets, or a datagram of the stream. Never changes
// once made; all who see it share it.
struct Frame {
  MacAddress from{};
  Bytes packet{};
  // What decoding the octets gives; the same for everybody, so it is done once.
  Result<Packet, wire::DropReason> message = failure(wire::DropReason::kIpTruncated);
  std::optional<StreamData> data{};
  bool forged = false;   // by a forger: must not change anybody's role
  bool corrupt = false;  // damaged on the way: nobody may take it for a message
  bool damaged = false;  // corrupt, or damaged where no checksum tells

  template <class Kind>
  const Kind* get() const {
    return message ? look_for<Kind>(message->message) : nullptr;
  }
  bool is_general_query() const {
    const auto* query = get<Query>();
    return query != nullptr && query->is_general();
  }
};

using FramePtr = std::shared_ptr<const Frame>;

// Encodes, and decodes again as every receiver would.
FramePtr make_frame(MacAddress from, const Packet& packet);
FramePtr make_data_frame(MacAddress from, StreamData data);

// The same frame with one bit of its octets flipped: somewhere on the way a cable is bad. No
// checksum covers IPv6's headers: a frame with another envelope counts as forged, and a bit that
// means nothing changes nothing.
FramePtr corrupted(const Frame& frame, std::uint64_t which_bit);

}  // namespace querent::sim
