#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/wire_format_kit.hpp"
#include "wire/codec.hpp"

// What querent sends, as others read it: IGMP.

namespace querent::test {

namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::Not;

constexpr Address kGroup = Address::v4(239, 1, 2, 3);
constexpr Address kSsmGroup = Address::v4(232, 1, 2, 3);

class IgmpFormat : public WireFormat {
 protected:
  IgmpFormat() : WireFormat(Family::kIPv4) {}
};

TEST_F(IgmpFormat, TheJudgeSeesWhatIsWrong) {
  Mouth mouth = forger();
  Packet packet{.source = address_of(kQuerent),
                .destination = Address::v4(224, 0, 0, 1),
                .message = Query{.group = Address::unspecified(Family::kIPv4), .max_response = 1s}};
  packet.hop_limit = 2;
  mouth.say(wire::encode(packet));
  packet.hop_limit = 1;
  packet.router_alert = false;
  mouth.say(wire::encode(packet));
  packet.router_alert = true;
  auto wrong = wire::encode(packet);
  wrong[25] ^= 1U;  // the time to answer
  mouth.say(wrong);
  const auto process = querent({});
  const auto queries = judge();
  ASSERT_GE(queries.size(), 3U);
  const auto sound = is_sound("10.9.0.1", "2");
  EXPECT_THAT(std::vector(queries.begin(), queries.begin() + 3), Each(Not(sound)));
  EXPECT_NE(queries[2].expert, "");
  EXPECT_THAT(std::vector(queries.begin() + 3, queries.end()), Each(sound));
}

TEST_F(IgmpFormat, Version1) {
  const auto process = querent({"--igmp-version", "1"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "1")));
  EXPECT_GE(general(queries), 2);
  EXPECT_EQ(about_groups(queries), 0);
}

TEST_F(IgmpFormat, Version2) {
  const auto process = querent({"--igmp-version", "2", "--last-member-interval", "200ms"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  await_query(kGroup, 2);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "2")));
  EXPECT_GE(general(queries), 3);
  EXPECT_EQ(about_groups(queries), 2);
}

TEST_F(IgmpFormat, Version3) {
  const auto process = querent({"--igmp-version", "3", "--last-member-interval", "200ms"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  await_query(kGroup, 2);
  join_and_leave(kSsmGroup, "232.1.2.3:5004@10.9.0.77");
  await_query(kSsmGroup, 2, true);
  // More sources than one packet names.
  drop_sources(kSsmGroup, Address::v4(10, 0, 0, 1), 680);
  await_query(kSsmGroup, 5, true);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "3")));
  EXPECT_GE(general(queries), 3);
  EXPECT_GE(about_groups(queries), 2);
  EXPECT_GE(about_sources(queries), 5);
}

// The copy for the own host never gets here: its TTL is 0.
TEST_F(IgmpFormat, ProxyQueries) {
  for (const char* version : {"2", "3"}) {
    const auto from = ear_.heard();
    const auto process = querent({"--igmp-version", version, "--source", "0.0.0.0"});
    await_general_query(await_general_query(from));
  }
  const auto process = querent({"--igmp-version", "3", "--source", "0.0.0.0"});
  const auto queries = judge();
  EXPECT_THAT(queries, Each(AnyOf(is_sound("0.0.0.0", "2"), is_sound("0.0.0.0", "3"))));
  EXPECT_GE(general(queries), 6);
  EXPECT_TRUE(capture_.read("ip.ttl == 0", {"frame.number"}).empty());
}

}  // namespace

}  // namespace querent::test
