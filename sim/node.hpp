#pragma once

#include <cstddef>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"
#include "sim/frame.hpp"

namespace querent::sim {

using NodeId = std::size_t;

// Whatever hangs on a switch port. It is told what happens to it and puts what it sends into
// `out`, which leaves at once.
class Node {
 public:
  using Out = std::vector<FramePtr>;

  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  virtual void receive(const FramePtr& frame, Instant now, Out& out) = 0;
  virtual void wake(Instant now, Out& out) = 0;
  virtual Instant deadline() const = 0;  // when to wake it; kNever
};

}  // namespace querent::sim
