#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "base/random.hpp"
#include "querent/time.hpp"
#include "sim/checkers.hpp"
#include "sim/network.hpp"
#include "sim/node.hpp"
#include "sim/scenario.hpp"
#include "sim/trace.hpp"
#include "sim/witness.hpp"

namespace querent::sim {

// Plays one scenario, watched by the checkers.
class Simulation {
 public:
  explicit Simulation(Scenario scenario, Trace::Listener listener = {});

  // Once. Ends when the scenario has, or at the first violations.
  Outcome run();

  // For a look in between, instead of run(): plays up to `end`.
  void play_until(Instant end);
  // None: switched off, or not such a node.
  QuerierNode* querier(NodeId id) const;
  Host* host(NodeId id) const;

 private:
  // What is due when: an arrival, a node's deadline, the next of the plan.
  struct Due {
    Instant at{};
    std::uint64_t order = 0;  // of equals, the first posted comes first
    enum class Kind : std::uint8_t { kArrival, kWake, kPlan, kAudit } kind{};
    Network::Arrival arrival;

    bool operator>(const Due& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void post(Instant at, Due::Kind kind, Network::Arrival arrival = {});
  void handle(const Due& due);
  void deliver(NodeId to, const FramePtr& frame);
  void wake(NodeId node);
  void flush(NodeId from);  // what a node put into out_ leaves, and its next deadline is noted

  void happen(const Crash& crash);
  void happen(const Return& back);
  void happen(const Unplug& unplug);
  void happen(const PlugIn& plug);
  void happen(const ChangeAddress& change);
  void happen(const Sleep& sleep);
  void happen(const SetTrunk& trunk);
  void happen(const Forge& forge);
  void happen(const ChangeWish& change);
  void happen(const SendData& data);

  void stepped(NodeId id, const QuerierNode& node, const core::Event& event,
               const std::vector<core::Action>& actions);
  void audit();
  bool lets(NodeId node, const Frame& frame, bool to_node);

  void calm_down();
  void settle();
  std::optional<Instant> excuse() const;
  std::map<std::size_t, Neighbourhood> neighbourhoods() const;
  void check_the_end();

  Scenario scenario_;
  Random random_;
  Trace trace_;
  Network network_;
  std::vector<std::unique_ptr<Node>> nodes_;  // none: switched off
  std::vector<Instant> woken_at_;             // the earliest posted wake of each
  std::map<NodeId, Witness> witnesses_;
  // Where single losses are staged: what becomes of the queries to a node and of its reports.
  struct Round {
    Instant until = kLongAgo;
    bool is_lost = false;
    bool on_the_way_back = false;
  };
  std::map<NodeId, Round> rounds_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::uint64_t order_ = 0;
  std::size_t next_of_plan_ = 0;
  std::uint64_t last_datagram_ = 0;
  Instant now_ = kStart;
  Node::Out out_;
  Outcome outcome_;
};

// One seed from beginning to end.
Outcome simulate(Profile profile, std::uint64_t seed, const Shape& shape = {},
                 Trace::Listener listener = {});

}  // namespace querent::sim
