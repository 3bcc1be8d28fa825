#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/frame_sender.hpp"
#include "kit/stream_scene.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// What querent is for: behind switches that snoop, a stream dies without it and lives with it.

namespace querent::test {

namespace {

using lab::Lan;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kProxy{"--source", "0.0.0.0", "--igmp-version", "3"};
const Scene kQuerentNear{.switches = {3, 1}, .receivers = {2, 4}};
const Scene kQuerentFar{.switches = {2, 2}, .receivers = {2, 3}, .querent = 4};

// Hosts of the version that is the default.
Scene longer_v2(Scene scene) {
  scene.arguments = {"--igmp-version", "2"};
  return longer(std::move(scene));
}

TEST(StreamAlive, OnASwitch) {
  lives_with_querent_alone({});
}

TEST(StreamAlive, OnTwoSwitchesInARow) {
  lives_with_querent_alone(kQuerentNear);
}

TEST(StreamAlive, WithABridgeOnTopOfTheCable) {
  lives_with_querent_alone({.device = Device::kBridge});
}

TEST(StreamAlive, WithAMacvlanOnTopOfTheCable) {
  lives_with_querent_alone({.device = Device::kMacvlan});
}

TEST(StreamAlive, WithProxyQueries) {
  lives_with_querent_alone({.arguments = kProxy});
}

TEST(LongStreamAlive, OnASwitch) {
  lives_with_querent_alone(longer_v2({}));
}

TEST(LongStreamAlive, OnASwitchInVersion3) {
  lives_with_querent_alone(longer({}));
}

// Its hosts take up to 10 s to answer.
TEST(LongStreamAlive, OnASwitchInVersion1) {
  lives_with_querent_alone({.arguments = {"--igmp-version", "1"}, .window = 20s, .windows = 3});
}

TEST(LongStreamAlive, OnTwoSwitchesInARow) {
  lives_with_querent_alone(longer_v2(kQuerentNear));
}

TEST(LongStreamAlive, BehindTheSecondSwitch) {
  lives_with_querent_alone(longer_v2(kQuerentFar));
}

TEST(LongStreamAlive, WithABridgeOnTopOfTheCable) {
  lives_with_querent_alone(
      longer_v2({.device = Device::kBridge, .own_reports_leave_the_host = false}));
}

TEST(LongStreamAlive, WithABridgeOnTopOfTheCableInVersion3) {
  lives_with_querent_alone(longer({.device = Device::kBridge}));
}

TEST(LongStreamAlive, WithAMacvlanOnTopOfTheCable) {
  lives_with_querent_alone(longer_v2({.device = Device::kMacvlan}));
}

TEST(LongStreamAlive, WithProxyQueries) {
  lives_with_querent_alone(longer({.arguments = kProxy}));
}

// ---- VLANs

Bytes general_query_frame(int host) {
  const Address everybody = Address::v4(224, 0, 0, 1);
  const auto packet = wire::encode(
      {.source = Lan::address_of(host),
       .destination = everybody,
       .message = Query{.group = Address::unspecified(Family::kIPv4), .max_response = 1s}});
  return wire::ethernet_frame(Lan::mac_of(host), everybody, packet);
}

TEST(StreamAlive, QueriesOfAnotherVlanAreNotHeard) {
  auto lan = make_lan({.hosts = {4}});
  auto querent = start_querent(lan.host(4), {"-v"});
  ASSERT_TRUE(querent.wait_for_errors("querier as 10.9.0.4", kPatience)) << querent.errors();
  const FrameSender first(lan.host(1));
  for (const int vlan : {1, 7, 4094})
    first.send(tagged(general_query_frame(1), static_cast<std::uint16_t>(vlan)));
  // A tag that names no VLAN is heard; and by then the others would have been.
  const FrameSender third(lan.host(3));
  third.send(tagged(general_query_frame(3), 0));
  EXPECT_TRUE(querent.wait_for_errors("election lost to 10.9.0.3", kPatience)) << querent.errors();
  const FrameSender second(lan.host(2));
  second.send(general_query_frame(2));
  EXPECT_TRUE(querent.wait_for_errors("querier is 10.9.0.2", kPatience)) << querent.errors();
  EXPECT_THAT(querent.errors(), Not(HasSubstr("10.9.0.1 ")));
  EXPECT_THAT(querent.errors(), Not(HasSubstr("02:00:00:00:00:01")));
}

}  // namespace

}  // namespace querent::test
