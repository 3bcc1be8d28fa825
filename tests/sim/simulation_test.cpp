#include "sim/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"

// That the checkers are asked: a hand-made scenario in which all is well, and the same with one
// thing that must be noticed.

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::IsEmpty;

using Names = std::vector<std::string_view>;

constexpr NodeId kQuerier = 0;
constexpr NodeId kReceiver = 1;
constexpr NodeId kStation = 2;

// A querier, a receiver, and ten minutes of a stream.
class AScenario : public testing::Test {
 protected:
  AScenario() {
    story_.layout = {.snooping = {true}, .node_switch = {0, 0, 0}};
    story_.queriers = {
        {.mac = mac(10), .address = machine(10), .subnet = Prefix(machine(0), 24), .settings = {}}};
    story_.hosts = {{.address = machine(50), .mac = mac(50)}};
    story_.storm_ends = kStart + 10min;
    story_.stream_group = group(1);
    plan(0s, Return{kQuerier});
    plan(0s, Return{kReceiver});
    plan(0s, ChangeWish{kReceiver, group(1), {.excludes = true, .sources = {}}});
  }

  void plan(Duration at, Happening what) { story_.plan.push_back({kStart + at, std::move(what)}); }
  void plan_stream() {
    std::uint64_t number = 0;
    for (Duration at = 1s; at < 10min; at += 1s)
      plan(at, SendData{kStation, {group(1), ++number}});
  }

  // What was complained about.
  Names played() {
    std::stable_sort(story_.plan.begin(), story_.plan.end(),
                     [](const Planned& a, const Planned& b) { return a.at < b.at; });
    Names names;
    for (const auto& violation : Simulation(story_).run().violations)
      names.push_back(violation.checker);
    return names;
  }

  // A query that wins the election, sent by the station.
  static FramePtr rival(bool forged, bool corrupt) {
    Frame frame = *query_frame(5, Version::k2);
    frame.forged = forged;
    frame.corrupt = corrupt;
    return std::make_shared<const Frame>(std::move(frame));
  }

  Scenario story_;
};

TEST_F(AScenario, InWhichAllIsWellRaisesNoComplaint) {
  for (const auto profile : {Profile::kStorm, Profile::kSettled, Profile::kStream}) {
    SCOPED_TRACE(name(profile));
    const Scenario before = story_;
    story_.profile = profile;
    if (profile == Profile::kStream) {
      plan_stream();
    } else {
      plan(5min, Forge{kStation, rival(false, false)});
    }
    EXPECT_THAT(played(), IsEmpty());
    story_ = before;
  }
}

TEST_F(AScenario, InWhichADamagedFrameIsTakenForAMessage) {
  plan(5min, Forge{kStation, rival(false, true)});
  EXPECT_THAT(played(), Contains("corruption_dropped"));
}

TEST_F(AScenario, InWhichAForgeryIsBelieved) {
  plan(5min, Forge{kStation, rival(true, false)});
  EXPECT_THAT(played(), Contains("forgery_harmless"));
}

TEST_F(AScenario, InWhichARoleChangesWhenNothingButSingleLossesHappens) {
  story_.profile = Profile::kSettled;
  story_.losses_start = kStart + 4min;
  plan(5min, Forge{kStation, rival(false, false)});
  EXPECT_THAT(played(), Each("steady_roles"));
  EXPECT_THAT(played(), Contains("steady_roles"));
}

TEST_F(AScenario, InWhichTheStreamDiesForWantOfAQuerier) {
  story_.profile = Profile::kStream;
  story_.plan.erase(story_.plan.begin());
  plan_stream();
  EXPECT_THAT(played(), Contains("stream_unbroken"));
}

TEST_F(AScenario, WhoIsSwitchedOffIsNeitherAQuerierNorAHost) {
  plan(5min, Crash{kQuerier});
  plan(6min, Crash{kReceiver});
  std::stable_sort(story_.plan.begin(), story_.plan.end(),
                   [](const Planned& a, const Planned& b) { return a.at < b.at; });
  Simulation lan(story_);
  EXPECT_EQ(lan.querier(kQuerier), nullptr) << "nothing has happened yet";
  lan.play_until(kStart + 5min - 1ns);
  ASSERT_NE(lan.querier(kQuerier), nullptr);
  EXPECT_EQ(lan.host(kQuerier), nullptr);
  EXPECT_EQ(lan.querier(kQuerier)->segment().view(kStart + 5min).groups, 1U);
  lan.play_until(kStart + 5min);
  EXPECT_EQ(lan.querier(kQuerier), nullptr);
  ASSERT_NE(lan.host(kReceiver), nullptr);
  EXPECT_TRUE(lan.host(kReceiver)->is_member(group(1)));
  lan.play_until(kStart + 6min);
  EXPECT_EQ(lan.host(kReceiver), nullptr);
}

}  // namespace
}  // namespace querent::sim::test
