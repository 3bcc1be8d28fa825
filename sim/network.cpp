#include "sim/network.hpp"

#include <utility>

namespace querent::sim {

namespace {

// The first ports of every switch lead to its neighbours.
constexpr std::size_t kTrunkDown = 0;  // to the switch before
constexpr std::size_t kTrunkUp = 1;    // to the next
constexpr std::size_t kFirstNodePort = 2;

}  // namespace

Network::Network(const Layout& layout, Random random, Post post)
    : plugged_(layout.snooping.size()),
      trunk_whole_(layout.snooping.size(), true),
      random_(random),
      post_(std::move(post)) {
  for (NodeId node = 0; node < layout.node_switch.size(); ++node) {
    const std::size_t at = layout.node_switch[node];
    sockets_.push_back({.at = at, .port = kFirstNodePort + plugged_[at].size()});
    plugged_[at].push_back(node);
  }
  for (std::size_t i = 0; i < layout.snooping.size(); ++i) {
    switches_.emplace_back(kFirstNodePort + plugged_[i].size(), layout.snooping[i]);
  }
}

void Network::send(NodeId from, const FramePtr& frame, Instant now) {
  if (lets_ && !lets_(from, *frame, false)) return;
  const Socket& socket = sockets_[from];
  carry(frame, {.frame = {}, .at_node = false, .place = socket.at, .port = socket.port}, now);
}

void Network::arrive_at_switch(const Arrival& arrival, Instant now) {
  const std::size_t here = arrival.place;
  for (const auto port : switches_[here].forward(*arrival.frame, arrival.port, now)) {
    if (port >= kFirstNodePort) {
      const NodeId node = plugged_[here][port - kFirstNodePort];
      if (lets_ && !lets_(node, *arrival.frame, true)) continue;
      carry(arrival.frame, {.frame = {}, .at_node = true, .place = node, .port = 0}, now);
    } else if (port == kTrunkUp && here + 1 < switches_.size() && trunk_whole_[here]) {
      carry(arrival.frame, {.frame = {}, .place = here + 1, .port = kTrunkDown}, now);
    } else if (port == kTrunkDown && here > 0 && trunk_whole_[here - 1]) {
      carry(arrival.frame, {.frame = {}, .place = here - 1, .port = kTrunkUp}, now);
    }
  }
}

void Network::carry(const FramePtr& frame, Arrival arrival, Instant now) {
  const int copies = random_.chance(weather_.duplication) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (random_.chance(weather_.loss)) continue;
    // Two flipped bits can cancel out in a checksum; one cannot.
    const bool damage = random_.chance(weather_.corruption) && !frame->damaged;
    arrival.frame = damage ? corrupted(*frame, random_.next()) : frame;
    post_(now + random_.between(weather_.min_delay, weather_.max_delay), arrival);
  }
}

std::size_t Network::partition_of(NodeId node) const {
  std::size_t first = sockets_[node].at;
  while (first > 0 && trunk_whole_[first - 1])
    --first;
  return first;
}

}  // namespace querent::sim
