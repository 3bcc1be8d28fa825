#include "observe/health.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample.hpp"

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kMissing = InterfaceStatus::State::kMissing;
constexpr auto kDown = InterfaceStatus::State::kDown;
constexpr auto kFailed = InterfaceStatus::State::kFailed;

Verdict health_of(SegmentStatus segment) {
  return health(status_of({interface_up("eth0", {std::move(segment)})}));
}

Verdict readiness_of(SegmentStatus segment) {
  return readiness(status_of({interface_up("eth0", {std::move(segment)})}));
}

// Listens, as it is configured or because it has no address.
SegmentStatus listener(State state, core::Role role) {
  auto segment = querier();
  segment.view.role = role;
  segment.view.next_query.reset();
  segment.record.state = state;
  return segment;
}

TEST(Lateness, IsToleratedForATenthOfTheIntervalOrASecond) {
  EXPECT_EQ(tolerated_lateness(60s), 6s);
  EXPECT_EQ(tolerated_lateness(10s), 1s);
  EXPECT_EQ(tolerated_lateness(10s + 10ns), 1s + 1ns);
  EXPECT_EQ(tolerated_lateness(100ms), 1s);
}

TEST(Health, IsGoodWhenAllIsWell) {
  const auto verdict = health(good_status());
  EXPECT_TRUE(verdict.good);
  EXPECT_THAT(verdict.reasons, IsEmpty());
  EXPECT_TRUE(health_of(non_querier()).good);
  EXPECT_TRUE(health(status_of({})).good);
}

TEST(Health, WhatIsNotThereIsNoFaultOfTheProcess) {
  EXPECT_TRUE(health(status_of({interface_in(kMissing, "missing")})).good);
  EXPECT_TRUE(health(status_of({interface_in(kDown, "has no carrier")})).good);
  EXPECT_TRUE(health_of(listener(State::kPassive, core::Role::kPassive)).good);
  EXPECT_TRUE(health_of(listener(State::kNoAddress, core::Role::kNoAddress)).good);
}

TEST(Health, AQueryMayBeAsLateAsIsTolerated) {
  auto segment = querier();
  segment.view.next_query = kNow - 6s;
  EXPECT_TRUE(health_of(segment).good);
  segment.view.next_query = kNow - 6s - 1ns;
  EXPECT_THAT(health_of(segment).reasons,
              ElementsAre("eth0 ipv4: the query that was due 6s ago has not been sent"));
  segment.view.values.query_interval = 5s;
  segment.view.next_query = kNow - 1s;
  EXPECT_TRUE(health_of(segment).good);
  segment.view.next_query = kNow - 1001ms;
  EXPECT_FALSE(health_of(segment).good);
}

TEST(Health, AQueryThatTheKernelDoesNotTakeIsAFaultAfterATime) {
  auto segment = querier(Family::kIPv6);
  const std::string why = "send on eth0: Network is unreachable";
  segment.record.unsent = Unsent{.due = kNow - 6s, .why = why};
  EXPECT_TRUE(health_of(segment).good);
  segment.record.unsent = Unsent{.due = kNow - 6200ms, .why = why};
  const auto verdict = health_of(segment);
  EXPECT_FALSE(verdict.good);
  EXPECT_THAT(verdict.reasons,
              ElementsAre("eth0 ipv6: the query that was due 6.2s ago could not be sent: send on "
                          "eth0: Network is unreachable"));
}

TEST(Health, SocketsThatCannotBeOpenedAreAFault) {
  auto segment = querier();
  segment.record.state = State::kFailed;
  segment.record.reason = "cannot open a packet socket: Operation not permitted (EPERM)";
  EXPECT_THAT(
      health_of(segment).reasons,
      ElementsAre("eth0 ipv4: cannot open a packet socket: Operation not permitted (EPERM)"));
}

TEST(Health, AnInterfaceOfNoUseIsToldOnce) {
  auto interface = interface_in(kFailed, "belongs to br0 (bridge): name br0 instead");
  interface.segments.push_back(interface.segments.front());
  EXPECT_THAT(health(status_of({interface})).reasons,
              ElementsAre("eth0: belongs to br0 (bridge): name br0 instead"));
}

TEST(Health, TellsOfEverySegmentThatIsNotWell) {
  auto late = querier();
  late.view.next_query = kNow - 20s;
  auto late6 = querier(Family::kIPv6);
  late6.view.next_query = kNow - 30s;
  EXPECT_THAT(health(status_of({interface_up("eth0", {late, late6}),
                                interface_up("eth1", {querier()}), interface_up("eth2", {late})}))
                  .reasons,
              ElementsAre("eth0 ipv4: the query that was due 20s ago has not been sent",
                          "eth0 ipv6: the query that was due 30s ago has not been sent",
                          "eth2 ipv4: the query that was due 20s ago has not been sent"));
}

TEST(Trouble, IsThatOfOneSegmentWithoutItsName) {
  EXPECT_EQ(trouble(querier(), kNow), "");
  EXPECT_EQ(trouble(querier(), kNow + 48s + 7s), "the query that was due 7s ago has not been sent");
}

TEST(Readiness, IsThatSomebodyAsks) {
  EXPECT_TRUE(readiness(good_status()).good);
  EXPECT_THAT(readiness(good_status()).reasons, IsEmpty());
  EXPECT_TRUE(readiness_of(non_querier()).good);
  auto heard = listener(State::kPassive, core::Role::kPassive);
  heard.view.elected = non_querier().view.elected;
  EXPECT_TRUE(readiness_of(heard).good);
  EXPECT_TRUE(readiness(status_of({interface_up("eth0", {})})).good) << "nothing to ask about";
}

TEST(Readiness, TellsWhyNobodyAsks) {
  EXPECT_THAT(readiness_of(listener(State::kPassive, core::Role::kPassive)).reasons,
              ElementsAre("eth0 ipv4: nobody asks; this host listens only (passive)"));
  EXPECT_THAT(readiness_of(listener(State::kNoAddress, core::Role::kNoAddress)).reasons,
              ElementsAre("eth0 ipv4: nobody asks; this host has no address to ask from"));
  EXPECT_THAT(readiness_of(listener(State::kDown, core::Role::kDown)).reasons,
              ElementsAre("eth0 ipv4: nobody asks"));
}

TEST(Readiness, WithoutSocketsNobodyIsHeardWhateverWasElected) {
  auto segment = non_querier();
  segment.record.state = State::kFailed;
  EXPECT_THAT(readiness_of(segment).reasons,
              ElementsAre("eth0 ipv4: nobody is heard; its sockets cannot be opened"));
}

TEST(Readiness, NeedsAnInterfaceThatIsUp) {
  EXPECT_THAT(readiness(status_of({})).reasons, ElementsAre("no interface is up"));
  const auto verdict = readiness(status_of({interface_in(kMissing, "missing")}));
  EXPECT_FALSE(verdict.good);
  EXPECT_THAT(verdict.reasons, ElementsAre("no interface is up", "eth0: missing"));
}

TEST(Readiness, AnInterfaceThatIsDownDoesNotMatterBesideOneThatIsUp) {
  EXPECT_TRUE(readiness(status_of({interface_in(kDown, "has no carrier"),
                                   interface_up("eth1", {querier()})}))
                  .good);
}

TEST(Readiness, AnInterfaceOfNoUseAlwaysMatters) {
  EXPECT_THAT(readiness(status_of({interface_in(kFailed, "is a loopback interface"),
                                   interface_up("eth1", {querier()})}))
                  .reasons,
              ElementsAre("eth0: is a loopback interface"));
}

TEST(Readiness, IsLostByOneSegmentOfMany) {
  EXPECT_THAT(readiness(status_of({interface_up(
                            "eth0", {querier(), listener(State::kPassive, core::Role::kPassive)})}))
                  .reasons,
              ElementsAre("eth0 ipv4: nobody asks; this host listens only (passive)"));
}

}  // namespace
}  // namespace querent::observe::test
