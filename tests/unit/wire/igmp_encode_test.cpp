#include <chrono>
#include <utility>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/igmp.hpp"

namespace querent::wire {
namespace {

using namespace std::chrono_literals;

const Address kGroup = Address::v4(239, 1, 2, 3);
constexpr std::size_t kIpHeader = 24;

Packet packet_of(Message message) {
  return {
      .source = Address::v4(192, 0, 2, 1), .destination = kGroup, .message = std::move(message)};
}
Bytes message_of(const Packet& packet) {
  const Bytes bytes = encode_igmp(packet);
  return {bytes.begin() + kIpHeader, bytes.end()};
}
unsigned response_code(Version version, Duration max_response) {
  return message_of(packet_of(
      Query{.version = version, .group = Address::v4(0), .max_response = max_response}))[1];
}
Bytes v3_query(Query query) {
  query.version = Version::k3;
  query.group = kGroup;
  return message_of(packet_of(query));
}

TEST(IgmpEncode, EveryVectorToTheOctet) {
  for (const auto& vector : test::vectors()) {
    EXPECT_EQ(encode_igmp(vector.value), vector.packet) << vector.name;
  }
}

TEST(IgmpEncode, TheEnvelopeIsThePackets) {
  Packet packet = test::vector("query_v2").value;
  packet.hop_limit = 0;
  packet.router_alert = false;
  const Bytes bytes = encode_igmp(packet);
  ASSERT_EQ(bytes.size(), 28U);
  EXPECT_EQ(bytes[0], 0x45);
  EXPECT_EQ(bytes[8], 0);
  EXPECT_EQ(decode_igmp(bytes), packet);
}

TEST(IgmpEncode, MaxResponseOfV1IsNotSaid) {
  EXPECT_EQ(response_code(Version::k1, 10s), 0U);
  EXPECT_EQ(response_code(Version::k1, 1s), 0U);
}

TEST(IgmpEncode, MaxResponseOfV2InTenthsNeverZero) {
  EXPECT_EQ(response_code(Version::k2, -1s), 1U);
  EXPECT_EQ(response_code(Version::k2, 0s), 1U);
  EXPECT_EQ(response_code(Version::k2, 99ms), 1U);
  EXPECT_EQ(response_code(Version::k2, 199ms), 1U);
  EXPECT_EQ(response_code(Version::k2, 200ms), 2U);
  EXPECT_EQ(response_code(Version::k2, 10s), 100U);
  EXPECT_EQ(response_code(Version::k2, 12900ms), 129U);
  EXPECT_EQ(response_code(Version::k2, 25500ms), 255U);
  EXPECT_EQ(response_code(Version::k2, 1h), 255U);
  EXPECT_EQ(response_code(Version::k2, Duration::max()), 255U);
  EXPECT_EQ(response_code(Version::k2, Duration::min()), 1U);
}

TEST(IgmpEncode, MaxResponseOfV3AsFloatAndZeroOnlyWhenZero) {
  EXPECT_EQ(response_code(Version::k3, -1s), 0U);
  EXPECT_EQ(response_code(Version::k3, 0s), 0U);
  EXPECT_EQ(response_code(Version::k3, 1ns), 1U);
  EXPECT_EQ(response_code(Version::k3, 99ms), 1U);
  EXPECT_EQ(response_code(Version::k3, 10s), 100U);
  EXPECT_EQ(response_code(Version::k3, 12799ms), 127U);
  EXPECT_EQ(response_code(Version::k3, 12800ms), 0x80U);
  EXPECT_EQ(response_code(Version::k3, 13599ms), 0x80U);
  EXPECT_EQ(response_code(Version::k3, 13600ms), 0x81U);
  EXPECT_EQ(response_code(Version::k3, 3174400ms), 0xFFU);
  EXPECT_EQ(response_code(Version::k3, Duration::max()), 0xFFU);
}

TEST(IgmpEncode, QueryIntervalInSeconds) {
  EXPECT_EQ(v3_query({.query_interval = -1s})[9], 0);
  EXPECT_EQ(v3_query({.query_interval = 999ms})[9], 0);
  EXPECT_EQ(v3_query({.query_interval = 1999ms})[9], 1);
  EXPECT_EQ(v3_query({.query_interval = 125s})[9], 125);
  EXPECT_EQ(v3_query({.query_interval = 135s})[9], 0x80);
  EXPECT_EQ(v3_query({.query_interval = 31744s})[9], 0xFF);
  EXPECT_EQ(v3_query({.query_interval = Duration::max()})[9], 0xFF);
}

TEST(IgmpEncode, RobustnessAboveSevenIsNotSaid) {
  EXPECT_EQ(v3_query({.robustness = 0})[8], 0x00);
  EXPECT_EQ(v3_query({.robustness = 7})[8], 0x07);
  EXPECT_EQ(v3_query({.robustness = 8})[8], 0x00);
  EXPECT_EQ(v3_query({.robustness = 255})[8], 0x00);
  EXPECT_EQ(v3_query({.suppress = true, .robustness = 8})[8], 0x08);
}

TEST(IgmpEncode, AV1QueryHasNoGroup) {
  const Bytes message = message_of(packet_of(Query{.version = Version::k1, .group = kGroup}));
  EXPECT_EQ(load32(message, 4), 0U);
}

TEST(IgmpEncode, OldQueriesAreEightOctetsWhateverElseIsSaid) {
  const Bytes message = message_of(packet_of(Query{.version = Version::k2,
                                                   .group = kGroup,
                                                   .max_response = 1s,
                                                   .suppress = true,
                                                   .robustness = 2,
                                                   .query_interval = 60s,
                                                   .sources = {Address::v4(198, 51, 100, 7)}}));
  EXPECT_EQ(message, test::octets("110afdf0ef010203"));
}

TEST(IgmpEncode, SmallReportsNameTheirFirstGroup) {
  const Record first{.group = kGroup};
  const Record second{.group = Address::v4(239, 9, 9, 9)};
  EXPECT_EQ(message_of(packet_of(Report{.version = Version::k2, .records = {first, second}})),
            test::octets("1600f8faef010203"));
  EXPECT_EQ(message_of(packet_of(Report{.version = Version::k1})),
            test::octets("1200edff00000000"));
}

TEST(IgmpEncode, SourcesPerQueryFillTheMtu) {
  EXPECT_EQ(max_igmp_query_sources(1500), 366U);  // RFC 9776 4.1.8
  EXPECT_EQ(max_igmp_query_sources(576), 135U);
  EXPECT_EQ(max_igmp_query_sources(0), 0U);
  EXPECT_EQ(max_igmp_query_sources(35), 0U);
  EXPECT_EQ(max_igmp_query_sources(36), 0U);
  EXPECT_EQ(max_igmp_query_sources(39), 0U);
  EXPECT_EQ(max_igmp_query_sources(40), 1U);
  EXPECT_EQ(max_igmp_query_sources(65535), max_igmp_query_sources(1U << 20U));
  for (const std::size_t mtu : {std::size_t{68}, std::size_t{1280}, std::size_t{1500},
                                std::size_t{9000}, std::size_t{65535}}) {
    Query query{.version = Version::k3, .group = kGroup};
    query.sources.assign(max_igmp_query_sources(mtu), Address::v4(10, 0, 0, 1));
    const Bytes bytes = encode_igmp(packet_of(query));
    EXPECT_LE(bytes.size(), mtu);
    EXPECT_GT(bytes.size() + 4, mtu);
  }
}

TEST(IgmpEncode, SourcesThatDoNotFitAreLeftOut) {
  Packet packet = packet_of(Query{.version = Version::k3, .group = kGroup});
  auto& sources = std::get<Query>(packet.message).sources;
  for (std::uint32_t i = 0; i < 100000; ++i)
    sources.push_back(Address::v4(i));
  const Bytes bytes = encode_igmp(packet);
  EXPECT_LE(bytes.size(), 65535U);
  sources.resize(max_igmp_query_sources(65535));
  EXPECT_EQ(decode_igmp(bytes), packet);
}

TEST(IgmpEncode, RecordsThatDoNotFitAreLeftOut) {
  // (65,535 - 24 - 8) / 8 = 8,187 records have room, with 7 octets to spare.
  Packet packet = packet_of(Report{.version = Version::k3});
  auto& records = std::get<Report>(packet.message).records;
  records.assign(70000, Record{.type = RecordType::kToExclude, .group = kGroup});
  const Bytes bytes = encode_igmp(packet);
  EXPECT_LE(bytes.size(), 65535U);
  records.resize(8187);
  EXPECT_EQ(decode_igmp(bytes), packet);
}

TEST(IgmpEncode, SourcesOfARecordThatDoNotFitAreLeftOut) {
  // (65,535 - 24 - 8 - 8 - 8) / 4 = 16,371 sources have room after a record without any.
  Packet packet = packet_of(Report{.version = Version::k3});
  auto& records = std::get<Report>(packet.message).records;
  records.push_back({.type = RecordType::kToExclude, .group = kGroup});
  records.push_back({.type = RecordType::kAllow, .group = kGroup});
  records.push_back({.type = RecordType::kToExclude, .group = kGroup});
  records[1].sources.assign(70000, Address::v4(10, 0, 0, 1));
  const Bytes bytes = encode_igmp(packet);
  EXPECT_LE(bytes.size(), 65535U);
  records[1].sources.resize(16371);
  records.resize(2);
  EXPECT_EQ(decode_igmp(bytes), packet);
}

}  // namespace
}  // namespace querent::wire
