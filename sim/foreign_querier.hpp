#pragma once

#include <optional>

#include "base/random.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "sim/node.hpp"

namespace querent::sim {

// A querier that is not ours: a switch or router with ideas of its own about when to ask.
class ForeignQuerier : public Node {
 public:
  struct Habits {
    Address address{};
    MacAddress mac{};
    Version version = Version::k2;
    Duration interval = std::chrono::seconds(125);
    double jitter = 0;         // of the interval, to either side
    bool defers = true;        // false: goes on asking whoever else does
    bool router_alert = true;  // some real ones omit it
    Duration max_response = std::chrono::seconds(10);
  };

  ForeignQuerier(const Habits& habits, Random random, Instant now)
      : habits_(habits), random_(random), next_query_(now) {}

  void receive(const FramePtr& frame, Instant now, Out& out) override;
  void wake(Instant now, Out& out) override;
  Instant deadline() const override { return next_query_; }

  const Habits& habits() const { return habits_; }
  bool is_asking(Instant now) const { return now >= silent_until_; }

 private:
  Habits habits_;
  Random random_;
  Instant next_query_;
  Instant silent_until_ = kLongAgo;
};

}  // namespace querent::sim
