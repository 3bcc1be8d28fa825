#include "sim/network.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

struct Heard {
  NodeId node = 0;
  Duration after{0};
  FramePtr frame;
};

// A network whose nodes only listen.
class Cables {
 public:
  explicit Cables(const Network::Layout& layout)
      : network_(layout, Random(1), [this](Instant at, Network::Arrival arrival) {
          on_the_way_.emplace_back(at, std::move(arrival));
        }) {}

  // All that comes of it, in order of time.
  std::vector<Heard> send(NodeId from, const FramePtr& frame) {
    std::vector<Heard> heard;
    network_.send(from, frame, kStart);
    while (!on_the_way_.empty()) {
      const auto next =
          std::min_element(on_the_way_.begin(), on_the_way_.end(),
                           [](const auto& a, const auto& b) { return a.first < b.first; });
      const auto [at, arrival] = *next;
      on_the_way_.erase(next);
      if (arrival.at_node) {
        heard.push_back({arrival.place, at - kStart, arrival.frame});
      } else {
        network_.arrive_at_switch(arrival, at);
      }
    }
    return heard;
  }
  std::vector<NodeId> reached(NodeId from, const FramePtr& frame) {
    std::vector<NodeId> nodes;
    for (const auto& heard : send(from, frame))
      nodes.push_back(heard.node);
    return nodes;
  }

  Network& network() { return network_; }

 private:
  std::vector<std::pair<Instant, Network::Arrival>> on_the_way_;
  Network network_;
};

// Nodes 0 and 1 on the first of three switches, 2 on the second, 3 on the third.
Network::Layout three_hubs() {
  return {.snooping = {false, false, false}, .node_switch = {0, 0, 1, 2}};
}

// Three nodes on one switch.
Network::Layout one_hub() {
  return {.snooping = {false}, .node_switch = {0, 0, 0}};
}

FramePtr question() {
  return query_frame(1, Version::k2);
}

TEST(ANetwork, CarriesAFrameToEverybodyElseOneCableAfterTheOther) {
  Cables cables(three_hubs());
  EXPECT_EQ(cables.network().switches(), 3U);
  const auto heard = cables.send(0, question());
  ASSERT_THAT(heard, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(heard[i].node, i + 1);
    EXPECT_EQ(heard[i].after, (i + 2) * 50us) << "each cable takes 50 us";
  }
  EXPECT_THAT(cables.reached(2, question()), UnorderedElementsAre(0, 1, 3));
  EXPECT_THAT(cables.reached(3, question()), UnorderedElementsAre(0, 1, 2));
}

TEST(ANetwork, ACutTrunkPartitionsIt) {
  Cables cables(three_hubs());
  Network& network = cables.network();
  const auto partitions = [&network] {
    std::vector<std::size_t> all;
    for (NodeId node = 0; node < 4; ++node)
      all.push_back(network.partition_of(node));
    return all;
  };
  EXPECT_THAT(partitions(), ElementsAre(0, 0, 0, 0));
  network.set_trunk(0, false);
  EXPECT_THAT(partitions(), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(cables.reached(0, question()), ElementsAre(1));
  EXPECT_THAT(cables.reached(3, question()), ElementsAre(2));
  network.set_trunk(1, false);
  EXPECT_THAT(partitions(), ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(cables.reached(2, question()), IsEmpty());
  network.set_trunk(0, true);
  EXPECT_THAT(partitions(), ElementsAre(0, 0, 0, 2));
  EXPECT_THAT(cables.reached(2, question()), UnorderedElementsAre(0, 1));
}

TEST(ANetwork, SwitchesLearnAcrossTrunks) {
  Cables cables({.snooping = {true, true}, .node_switch = {0, 0, 1, 1}});
  const auto join = join_frame(3, group(1));
  const auto data = data_frame(group(1), 1);
  EXPECT_THAT(cables.reached(2, join), IsEmpty()) << "nobody asked";
  cables.send(0, question());
  EXPECT_THAT(cables.reached(1, data), ElementsAre(0)) << "the querier's port, and no other";
  EXPECT_THAT(cables.reached(2, join), ElementsAre(0));
  EXPECT_THAT(cables.reached(1, data), UnorderedElementsAre(0, 2));
}

TEST(ANetwork, ALossOf1LosesEverythingAndOf0Nothing) {
  Cables cables(one_hub());
  cables.network().set_weather({.loss = 1});
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(cables.reached(0, question()), IsEmpty());
  cables.network().set_weather({.loss = 0});
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(cables.reached(0, question()), ElementsAre(1, 2));
}

TEST(ANetwork, EachCableLosesOnItsOwn) {
  Cables cables(one_hub());
  cables.network().set_weather({.loss = 0.5});
  int reached = 0;
  for (int i = 0; i < 1000; ++i)
    reached += static_cast<int>(cables.reached(0, question()).size());
  EXPECT_NEAR(reached, 500, 60) << "2 nodes, 2 cables to each";
}

TEST(ANetwork, ADuplicationOf1DoublesOnEachCable) {
  Cables cables(one_hub());
  cables.network().set_weather({.duplication = 1});
  EXPECT_THAT(cables.reached(0, question()), UnorderedElementsAre(1, 1, 1, 1, 2, 2, 2, 2));
}

TEST(ANetwork, DelaysAreDrawnSoThatFramesOvertake) {
  Cables cables(one_hub());
  cables.network().set_weather({.min_delay = 1ms, .max_delay = 20ms});
  bool first_was_first = false;
  bool second_was_first = false;
  for (int i = 0; i < 100; ++i) {
    const auto heard = cables.send(0, question());
    ASSERT_THAT(heard, SizeIs(2));
    for (const auto& each : heard) {
      EXPECT_GE(each.after, 2ms);
      EXPECT_LE(each.after, 40ms);
    }
    (heard.front().node == 1 ? first_was_first : second_was_first) = true;
  }
  EXPECT_TRUE(first_was_first);
  EXPECT_TRUE(second_was_first);
}

TEST(ANetwork, WhatItDamagesNobodyTakesForAMessage) {
  Cables cables(one_hub());
  cables.network().set_weather({.corruption = 1});
  const auto frame = question();
  for (int i = 0; i < 100; ++i) {
    const auto heard = cables.send(0, frame);
    ASSERT_THAT(heard, SizeIs(2));
    for (const auto& each : heard) {
      EXPECT_TRUE(each.frame->corrupt);
      EXPECT_FALSE(each.frame->message.has_value());
    }
  }
  EXPECT_TRUE(frame->message.has_value()) << "the frame that was sent is as it was";
  const auto heard = cables.send(0, data_frame(group(1), 7));
  ASSERT_THAT(heard, SizeIs(2));
  EXPECT_EQ(heard.front().frame->data->number, 7U) << "the stream has no octets to damage";
}

TEST(ADamagedFrame, IsDroppedWhicheverBitIsWrong) {
  const std::vector<FramePtr> frames{question(),
                                     query_frame(1, Version::k1),
                                     query_frame(1, Version::k3),
                                     join_frame(3, group(1)),
                                     join_frame(3, group(1), Version::k3),
                                     leave_frame(3, group(1))};
  for (const auto& frame : frames) {
    for (std::size_t bit = 0; bit < frame->packet.size() * 8; ++bit) {
      const auto damaged = corrupted(*frame, bit);
      EXPECT_TRUE(damaged->corrupt);
      EXPECT_FALSE(damaged->message.has_value()) << "bit " << bit;
    }
  }
}

TEST(ANetwork, ChosenLossesAreOnTheNodesOwnCable) {
  Cables cables(one_hub());
  cables.network().set_filter(
      [](NodeId node, const Frame& /*frame*/, bool to_node) { return node != 1 || !to_node; });
  EXPECT_THAT(cables.reached(0, question()), ElementsAre(2));
  EXPECT_THAT(cables.reached(1, question()), ElementsAre(0, 2));
  cables.network().set_filter(
      [](NodeId node, const Frame& /*frame*/, bool to_node) { return node != 1 || to_node; });
  EXPECT_THAT(cables.reached(0, question()), ElementsAre(1, 2));
  EXPECT_THAT(cables.reached(1, question()), IsEmpty());
}

}  // namespace
}  // namespace querent::sim::test
