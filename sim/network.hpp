#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/random.hpp"
#include "querent/time.hpp"
#include "sim/frame.hpp"
#include "sim/node.hpp"
#include "sim/snooping_switch.hpp"

namespace querent::sim {

// What every cable does to every frame.
struct Weather {
  double loss = 0;
  double duplication = 0;
  double corruption = 0;
  Duration min_delay = std::chrono::microseconds(50);
  Duration max_delay = std::chrono::microseconds(50);  // frames overtake when it is larger
};

// Switches in a row, joined by trunks; every node hangs on one of them. A cut trunk partitions
// the network.
class Network {
 public:
  // A frame on its way: it reaches a node, or a switch by one of its ports.
  struct Arrival {
    FramePtr frame;
    bool at_node = false;
    std::size_t place = 0;  // the node's id, or the switch's number
    std::size_t port = 0;   // of the switch
  };
  using Post = std::function<void(Instant at, Arrival arrival)>;
  // For losses that are chosen, not drawn: false loses the frame on the node's own cable.
  using Lets = std::function<bool(NodeId node, const Frame& frame, bool to_node)>;

  struct Layout {
    std::vector<bool> snooping;            // a switch each
    std::vector<std::size_t> node_switch;  // a node each: where it hangs
  };

  Network(const Layout& layout, Random random, Post post);

  void set_weather(const Weather& weather) { weather_ = weather; }
  void set_filter(Lets lets) { lets_ = std::move(lets); }
  void set_trunk(std::size_t trunk, bool whole) { trunk_whole_[trunk] = whole; }

  void send(NodeId from, const FramePtr& frame, Instant now);
  void arrive_at_switch(const Arrival& arrival, Instant now);

  // Nodes of the same partition can hear each other.
  std::size_t partition_of(NodeId node) const;
  std::size_t switches() const { return switches_.size(); }

 private:
  struct Socket {
    std::size_t at = 0;
    std::size_t port = 0;
  };

  void carry(const FramePtr& frame, Arrival arrival, Instant now);

  std::vector<SnoopingSwitch> switches_;
  std::vector<Socket> sockets_;               // a node each
  std::vector<std::vector<NodeId>> plugged_;  // by switch and port, behind the trunk ports
  std::vector<bool> trunk_whole_;             // trunk i joins switch i and i + 1
  Weather weather_;
  Lets lets_;
  Random random_;
  Post post_;
};

}  // namespace querent::sim
