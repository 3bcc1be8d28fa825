#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "core/segment.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"
#include "sim/node.hpp"

namespace querent::sim {

// A querent: the real Segment, with frames for a network card.
class QuerierNode : public Node {
 public:
  struct Identity {
    MacAddress mac{};
    Address address{};
    Prefix subnet{Address{}, 0};
    core::Settings settings{};
  };
  // A busy machine: its loop wakes up to so much later than it asked to.
  static constexpr Duration kMaxLateness = std::chrono::milliseconds(20);

  // Told of every step, after it.
  using Watch = std::function<void(const QuerierNode& node, const core::Event& event,
                                   const std::vector<core::Action>& actions, Instant now)>;

  QuerierNode(const Identity& identity, Random random, Watch watch);

  void plug_in(Instant now, Out& out);
  void unplug(Instant now, Out& out);
  void change_address(Address address, Instant now, Out& out);
  // Nothing runs until `until`; frames wait in the socket, some hundred of them.
  void sleep(Instant until) { asleep_until_ = until; }

  void receive(const FramePtr& frame, Instant now, Out& out) override;
  void wake(Instant now, Out& out) override;
  Instant deadline() const override;

  const core::Segment& segment() const { return segment_; }
  const Identity& identity() const { return identity_; }
  bool is_plugged_in() const { return plugged_in_; }
  bool is_awake() const { return !asleep_until_; }

 private:
  core::LocalInterface link() const;
  Duration lateness(Instant due) const;
  void hear(const Frame& frame, Instant now, Out& out);
  void step(const core::Event& event, Instant now, Out& out);

  Identity identity_;
  core::Segment segment_;
  Watch watch_;
  bool plugged_in_ = false;
  std::optional<Instant> asleep_until_;
  std::vector<FramePtr> socket_buffer_;
};

}  // namespace querent::sim
