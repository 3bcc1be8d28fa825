#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/wire_format_kit.hpp"
#include "wire/codec.hpp"

// What querent sends, as others read it: MLD.

namespace querent::test {

namespace {

using ::testing::Each;
using ::testing::Not;

const Address kGroup = Address::parse("ff15::1:203").value();
const Address kSsmGroup = Address::parse("ff3e::1:203").value();
const Address kAllNodes = Address::parse("ff02::1").value();
const Address kFirstSource = Address::parse("2001:db8::1").value();
// RFC 9777 5.1: so many fit into a packet of 1500 octets.
constexpr int kMostSources = (1500 - 48 - 28) / 16;

class MldFormat : public WireFormat {
 protected:
  MldFormat() : WireFormat(Family::kIPv6) {}

  lab::Process querent(const std::string& version) {
    return WireFormat::querent(
        {"--igmp-version", "off", "--mld-version", version, "--last-member-interval", "200ms"});
  }
};

Packet general_query(Address source) {
  return {.source = source,
          .destination = kAllNodes,
          .message = Query{.group = Address::unspecified(Family::kIPv6), .max_response = 1s}};
}

// A sound query, each time with one thing wrong.
std::vector<Packet> forgeries(Address source) {
  std::vector<Packet> all(5, general_query(source));
  all[0].hop_limit = 2;
  all[1].router_alert = false;
  all[2].source = kFirstSource;
  all[3].destination = kGroup;  // a general one
  std::get<Query>(all[4].message).group = kGroup;
  return all;
}

TEST_F(MldFormat, TheJudgeSeesWhatIsWrong) {
  Mouth mouth = forger();
  const auto wrong = forgeries(address_of(kQuerent));
  for (const auto& packet : wrong)
    mouth.say(wire::encode(packet), packet.destination);
  const auto sound = wire::encode(general_query(address_of(kQuerent)));
  auto with_traffic_class = sound;
  with_traffic_class[0] |= 0x0CU;
  mouth.say(with_traffic_class);
  auto with_other_checksum = sound;
  with_other_checksum[53] ^= 1U;  // the time to answer
  mouth.say(with_other_checksum);
  mouth.say(sound, kGroup);  // the right address, but the frame goes elsewhere
  const std::size_t forged = wrong.size() + 3;

  const auto process = querent("1");
  const auto queries = judge();
  ASSERT_GE(queries.size(), forged);
  const auto ours = is_sound("fe80::1", "1");
  const auto end = queries.begin() + static_cast<std::ptrdiff_t>(forged);
  EXPECT_THAT(std::vector(queries.begin(), end), Each(Not(ours)));
  EXPECT_NE(queries[forged - 2].expert, "");
  EXPECT_THAT(std::vector(end, queries.end()), Each(ours));
}

TEST_F(MldFormat, Version1) {
  const auto process = querent("1");
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "ff15::1:203");
  await_query(kGroup, 2);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("fe80::1", "1")));
  EXPECT_GE(general(queries), 3);
  EXPECT_EQ(about_groups(queries), 2);
  EXPECT_EQ(about_sources(queries), 0);
}

TEST_F(MldFormat, Version2) {
  const auto process = querent("2");
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "ff15::1:203");
  await_query(kGroup, 2);
  join_and_leave(kSsmGroup, "[ff3e::1:203]:5004@2001:db8::77");
  await_query(kSsmGroup, 2, true);
  // More sources than one packet names.
  drop_sources(kSsmGroup, kFirstSource, 160);
  await_query(kSsmGroup, 5, true);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("fe80::1", "2")));
  EXPECT_GE(general(queries), 3);
  EXPECT_GE(about_groups(queries), 2);
  EXPECT_GE(about_sources(queries), 5);
  EXPECT_EQ(most_sources(queries), kMostSources);
}

}  // namespace

}  // namespace querent::test
