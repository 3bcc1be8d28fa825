#include "sim/frame.hpp"

#include <utility>

#include "wire/codec.hpp"

namespace querent::sim {

namespace {

using Reading = Result<Packet, wire::DropReason>;

// But for the parts of the envelope that only IPv4 has a checksum for.
bool says_the_same(const Reading& damaged, const Reading& sent) {
  if (!damaged || !sent || damaged->destination.is_v4()) return false;
  Packet packet = *damaged;
  packet.hop_limit = sent->hop_limit;
  packet.router_alert = sent->router_alert;
  return packet == *sent;
}

}  // namespace

FramePtr make_frame(MacAddress from, const Packet& packet) {
  Frame frame{.from = from, .packet = wire::encode(packet)};
  frame.message = wire::decode(packet.destination.family(), frame.packet);
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr make_data_frame(MacAddress from, StreamData data) {
  return std::make_shared<const Frame>(Frame{.from = from, .data = data});
}

FramePtr corrupted(const Frame& frame, std::uint64_t which_bit) {
  Frame damaged = frame;
  if (damaged.packet.empty()) return std::make_shared<const Frame>(std::move(damaged));
  const std::uint64_t bit = which_bit % (damaged.packet.size() * 8);
  damaged.packet[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  const Family family = frame.message ? frame.message->destination.family() : Family::kIPv4;
  damaged.message = wire::decode(family, damaged.packet);
  damaged.damaged = true;
  const bool is_same = says_the_same(damaged.message, frame.message);
  damaged.corrupt = !is_same;
  damaged.forged = frame.forged || (is_same && *damaged.message != *frame.message);
  return std::make_shared<const Frame>(std::move(damaged));
}

}  // namespace querent::sim
