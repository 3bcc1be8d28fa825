#include <chrono>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/float_code.hpp"
#include "wire/mld.hpp"

namespace querent::wire {
namespace {

using namespace std::chrono_literals;

const Address kGroup = Address::v6(0xFF1E000000000000, 0x123);
const Address kSource = Address::v6(0x20010DB800000000, 7);
constexpr std::size_t kIpHeader = 48;

Packet packet_of(Message message) {
  return {.source = Address::v6(0xFE80000000000000, 1),
          .destination = kGroup,
          .message = std::move(message)};
}
Bytes message_of(const Packet& packet) {
  const Bytes bytes = encode_mld(packet);
  return {bytes.begin() + kIpHeader, bytes.end()};
}
unsigned response_code(Version version, Duration max_response) {
  const Query query{.version = version, .max_response = max_response};
  return load16(message_of(packet_of(query)), 4);
}
Bytes v2_query(Query query) {
  query.version = Version::k3;
  query.group = kGroup;
  return message_of(packet_of(query));
}

TEST(MldEncode, EveryVectorToTheOctet) {
  for (const auto& vector : test::mld_vectors()) {
    EXPECT_EQ(encode_mld(vector.value), vector.packet) << vector.name;
  }
}

TEST(MldEncode, TheEnvelopeIsThePackets) {
  Packet packet = test::vector("query_v1", test::mld_vectors()).value;
  packet.source = kSource;
  packet.destination = kSource;
  packet.hop_limit = 0;
  packet.router_alert = false;
  const Bytes bytes = encode_mld(packet);
  ASSERT_EQ(bytes.size(), 64U);
  EXPECT_EQ(bytes[6], 58);
  EXPECT_EQ(bytes[7], 0);
  EXPECT_EQ(decode_mld(bytes), packet);
}

TEST(MldEncode, MaxResponseOfV1InMilliseconds) {
  EXPECT_EQ(response_code(Version::k2, -1s), 0U);
  EXPECT_EQ(response_code(Version::k2, 0s), 0U);
  EXPECT_EQ(response_code(Version::k2, 1ns), 1U);
  EXPECT_EQ(response_code(Version::k2, 1999us), 1U);
  EXPECT_EQ(response_code(Version::k2, 10s), 10000U);
  EXPECT_EQ(response_code(Version::k2, 40s), 40000U);
  EXPECT_EQ(response_code(Version::k2, 65535ms), 65535U);
  EXPECT_EQ(response_code(Version::k2, 65536ms), 65535U);
  EXPECT_EQ(response_code(Version::k2, Duration::max()), 65535U);
  EXPECT_EQ(response_code(Version::k2, Duration::min()), 0U);
}

TEST(MldEncode, MaxResponseOfV2AsFloatAndZeroOnlyWhenZero) {
  EXPECT_EQ(response_code(Version::k3, -1s), 0U);
  EXPECT_EQ(response_code(Version::k3, 0s), 0U);
  EXPECT_EQ(response_code(Version::k3, 1ns), 1U);
  EXPECT_EQ(response_code(Version::k3, 10s), 10000U);
  EXPECT_EQ(response_code(Version::k3, 32767ms), 0x7FFFU);
  EXPECT_EQ(response_code(Version::k3, 32768ms), 0x8000U);
  EXPECT_EQ(response_code(Version::k3, 32775ms), 0x8000U);
  EXPECT_EQ(response_code(Version::k3, 32776ms), 0x8001U);
  EXPECT_EQ(response_code(Version::k3, 8387583ms), 0xFFFEU);
  EXPECT_EQ(response_code(Version::k3, 8387584ms), 0xFFFFU);
  EXPECT_EQ(response_code(Version::k3, Duration::max()), 0xFFFFU);
}

TEST(MldEncode, EveryResponseCodeOfV2) {
  for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
    const auto number = float_value(static_cast<std::uint16_t>(code));
    ASSERT_EQ(response_code(Version::k3, number * 1ms), code);
    ASSERT_EQ(response_code(Version::k3, number * 1ms + 999us), code == 0 ? 1 : code);
  }
}

TEST(MldEncode, QueryIntervalInSeconds) {
  EXPECT_EQ(v2_query({.query_interval = -1s})[25], 0);
  EXPECT_EQ(v2_query({.query_interval = 999ms})[25], 0);
  EXPECT_EQ(v2_query({.query_interval = 125s})[25], 125);
  EXPECT_EQ(v2_query({.query_interval = 135s})[25], 0x80);
  EXPECT_EQ(v2_query({.query_interval = Duration::max()})[25], 0xFF);
}

TEST(MldEncode, RobustnessAboveSevenIsNotSaid) {
  EXPECT_EQ(v2_query({.robustness = 7})[24], 0x07);
  EXPECT_EQ(v2_query({.robustness = 8})[24], 0x00);
  EXPECT_EQ(v2_query({.suppress = true, .robustness = 255})[24], 0x08);
}

TEST(MldEncode, AVersionThatMldDoesNotHaveIsMldV1) {
  const Packet older = packet_of(Query{.version = Version::k1, .group = kGroup});
  EXPECT_EQ(encode_mld(older),
            encode_mld(packet_of(Query{.version = Version::k2, .group = kGroup})));
  const std::vector<Record> records{{.group = kGroup}};
  EXPECT_EQ(encode_mld(packet_of(Report{.version = Version::k1, .records = records})),
            encode_mld(packet_of(Report{.version = Version::k2, .records = records})));
}

TEST(MldEncode, OldQueriesAreTwentyFourOctetsWhateverElseIsSaid) {
  const Packet plain =
      packet_of(Query{.version = Version::k2, .group = kGroup, .max_response = 1s});
  EXPECT_EQ(encode_mld(packet_of(Query{.version = Version::k2,
                                       .group = kGroup,
                                       .max_response = 1s,
                                       .suppress = true,
                                       .robustness = 2,
                                       .query_interval = 60s,
                                       .sources = {kSource}})),
            encode_mld(plain));
  EXPECT_EQ(message_of(plain).size(), 24U);
}

TEST(MldEncode, SmallReportsNameTheirFirstGroup) {
  const Record first{.group = kGroup};
  const Record second{.group = Address::v6(0xFF1E000000000000, 0x999)};
  EXPECT_EQ(encode_mld(packet_of(Report{.version = Version::k2, .records = {first, second}})),
            encode_mld(packet_of(Report{.version = Version::k2, .records = {first}})));
  const Bytes none = message_of(packet_of(Report{.version = Version::k2}));
  EXPECT_EQ(Bytes(none.begin() + 8, none.end()), Bytes(16));
}

TEST(MldEncode, SourcesPerQueryFillTheMtu) {
  EXPECT_EQ(max_mld_query_sources(1500), 89U);  // RFC 9777 5.1.10
  EXPECT_EQ(max_mld_query_sources(1280), 75U);
  EXPECT_EQ(max_mld_query_sources(0), 0U);
  EXPECT_EQ(max_mld_query_sources(75), 0U);
  EXPECT_EQ(max_mld_query_sources(76), 0U);
  EXPECT_EQ(max_mld_query_sources(91), 0U);
  EXPECT_EQ(max_mld_query_sources(92), 1U);
  EXPECT_EQ(max_mld_query_sources(65575), max_mld_query_sources(1U << 20U));
  for (const std::size_t mtu :
       {std::size_t{1280}, std::size_t{1500}, std::size_t{9000}, std::size_t{65575}}) {
    Query query{.version = Version::k3, .group = kGroup};
    query.sources.assign(max_mld_query_sources(mtu), kSource);
    const Bytes bytes = encode_mld(packet_of(query));
    EXPECT_LE(bytes.size(), mtu);
    EXPECT_GT(bytes.size() + 16, mtu);
  }
}

TEST(MldEncode, SourcesThatDoNotFitAreLeftOut) {
  Packet packet = packet_of(Query{.version = Version::k3, .group = kGroup});
  auto& sources = std::get<Query>(packet.message).sources;
  for (std::uint32_t i = 0; i < 100000; ++i)
    sources.push_back(Address::v6(kSource.high64(), i));
  const Bytes bytes = encode_mld(packet);
  EXPECT_LE(bytes.size(), 65575U);
  sources.resize(max_mld_query_sources(65575));
  EXPECT_EQ(decode_mld(bytes), packet);
}

TEST(MldEncode, RecordsThatDoNotFitAreLeftOut) {
  // (65,535 - 8 - 8) / 20 = 3,275 records have room, with 19 octets to spare.
  Packet packet = packet_of(Report{.version = Version::k3});
  auto& records = std::get<Report>(packet.message).records;
  records.assign(70000, Record{.type = RecordType::kToExclude, .group = kGroup});
  const Bytes bytes = encode_mld(packet);
  EXPECT_EQ(bytes.size(), 65575U - 19);
  records.resize(3275);
  EXPECT_EQ(decode_mld(bytes), packet);
}

TEST(MldEncode, SourcesOfARecordThatDoNotFitAreLeftOut) {
  // (65,535 - 8 - 8 - 20 - 20) / 16 = 4,092 sources have room after a record without any.
  Packet packet = packet_of(Report{.version = Version::k3});
  auto& records = std::get<Report>(packet.message).records;
  records.push_back({.type = RecordType::kToExclude, .group = kGroup});
  records.push_back({.type = RecordType::kAllow, .group = kGroup});
  records.push_back({.type = RecordType::kToExclude, .group = kGroup});
  records[1].sources.assign(70000, kSource);
  const Bytes bytes = encode_mld(packet);
  EXPECT_LE(bytes.size(), 65575U);
  records[1].sources.resize(4092);
  records.resize(2);
  EXPECT_EQ(decode_mld(bytes), packet);
}

}  // namespace
}  // namespace querent::wire
