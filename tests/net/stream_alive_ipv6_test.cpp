#include <fmt/core.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kit/stream_scene.hpp"

// The same of IPv6: behind switches that snoop MLD.

namespace querent::test {

namespace {

const Streams kAnySource{.all = "ff15::1:203", .own = "ff15::1:204"};

Streams source_specific() {
  const std::string at = "@" + kSenderBeyondTheLink.to_string();
  return {.all = "ff3e::1:203" + at, .own = "ff3e::1:204" + at};
}

std::vector<std::string> mld(int version) {
  return {"--igmp-version", "off", "--mld-version", fmt::format("{}", version)};
}

Scene scene(int version, const Streams& streams = kAnySource) {
  return {.arguments = mld(version), .streams = streams};
}

Scene near(int version) {
  Scene made = scene(version);
  made.switches = {3, 1};
  made.receivers = {2, 4};
  return made;
}

Scene far(int version) {
  Scene made = scene(version);
  made.switches = {2, 2};
  made.receivers = {2, 3};
  made.querent = 4;
  return made;
}

TEST(StreamAliveIpv6, OnASwitch) {
  lives_with_querent_alone(scene(2));
}

TEST(StreamAliveIpv6, OnASwitchInVersion1) {
  lives_with_querent_alone(scene(1));
}

TEST(StreamAliveIpv6, OnASwitchFromOneSource) {
  lives_with_querent_alone(scene(2, source_specific()));
}

TEST(StreamAliveIpv6, OnTwoSwitchesInARow) {
  lives_with_querent_alone(near(2));
}

TEST(LongStreamAliveIpv6, OnASwitch) {
  lives_with_querent_alone(longer(scene(2)));
}

TEST(LongStreamAliveIpv6, OnASwitchInVersion1) {
  lives_with_querent_alone(longer(scene(1)));
}

TEST(LongStreamAliveIpv6, OnASwitchFromOneSource) {
  lives_with_querent_alone(longer(scene(2, source_specific())));
}

TEST(LongStreamAliveIpv6, OnTwoSwitchesInARow) {
  lives_with_querent_alone(longer(near(2)));
}

TEST(LongStreamAliveIpv6, OnTwoSwitchesInARowInVersion1) {
  lives_with_querent_alone(longer(near(1)));
}

TEST(LongStreamAliveIpv6, BehindTheSecondSwitch) {
  lives_with_querent_alone(longer(far(2)));
}

TEST(LongStreamAliveIpv6, BehindTheSecondSwitchInVersion1) {
  lives_with_querent_alone(longer(far(1)));
}

}  // namespace

}  // namespace querent::test
