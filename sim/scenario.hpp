#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"
#include "sim/foreign_querier.hpp"
#include "sim/host.hpp"
#include "sim/network.hpp"
#include "sim/querier_node.hpp"

// A whole simulation as a value: who is there, and what happens to them when. Made from a seed.

namespace querent::sim {

// What happens, at a moment of the plan. One that makes no sense then (a crash of the crashed) does
// nothing.
struct Crash {
  NodeId node = 0;
};
struct Return {
  NodeId node = 0;
};
struct Unplug {
  NodeId node = 0;
};
struct PlugIn {
  NodeId node = 0;
};
// Of a querier, or of a host.
struct ChangeAddress {
  NodeId node = 0;
  Address address{};
};
struct Sleep {
  NodeId node = 0;
  Duration length{0};
};
struct SetTrunk {
  std::size_t trunk = 0;
  bool whole = true;
};
// A frame that somebody made up, sent from a node's place.
struct Forge {
  NodeId from = 0;
  FramePtr frame;
};
struct ChangeWish {
  NodeId host = 0;
  Address group{};
  Wish wish;
};
// The next datagram of the test stream.
struct SendData {
  NodeId from = 0;
  StreamData data;
};

using Happening = std::variant<Crash, Return, Unplug, PlugIn, ChangeAddress, Sleep, SetTrunk, Forge,
                               ChangeWish, SendData>;

struct Planned {
  Instant at{};
  Happening what;
};

enum class Profile : std::uint8_t {
  kStorm,    // loss, partitions, crashes, forgeries, floods: whatever, then calm
  kSettled,  // nothing but single losses, once everybody has learned the querier's rhythm
  kStream,   // a test stream, losses that the robustness is meant to survive, one querier dies
};

std::string_view name(Profile profile);

// Node ids run through queriers, hosts, foreign queriers, and last the station that sends the
// stream and forgeries.
struct Scenario {
  Profile profile = Profile::kStorm;
  std::uint64_t seed = 0;
  Network::Layout layout;
  std::vector<QuerierNode::Identity> queriers;
  std::vector<Host::Traits> hosts;
  std::vector<ForeignQuerier::Habits> foreign;
  std::vector<Planned> plan;  // in order of time
  Weather weather;            // until storm_ends
  Instant storm_ends{};
  // kSettled and kStream: from then on single losses are staged.
  Instant losses_start = kNever;
  Address stream_group{};
  Duration calm = std::chrono::minutes(2);  // at least as long after the storm
  bool all_version3 = false;  // nobody speaks anything older: sources can be compared, too

  NodeId first_host() const { return queriers.size(); }
  NodeId first_foreign() const { return queriers.size() + hosts.size(); }
  NodeId station() const { return queriers.size() + hosts.size() + foreign.size(); }
};

// What the seed does not choose.
struct Shape {
  std::size_t queriers = 10;
  std::size_t hosts = 50;
  Duration storm = std::chrono::minutes(10);
  double loss = 0.2;               // of frames from one node to another on the same switch
  std::optional<Family> family{};  // unset: the seed does choose, one half each
};

inline constexpr Instant kStart{std::chrono::hours(1)};

// What a scenario of this seed speaks, where nobody wants another.
Family family_of(std::uint64_t seed);

Scenario make_scenario(Profile profile, std::uint64_t seed, const Shape& shape = {});

}  // namespace querent::sim
