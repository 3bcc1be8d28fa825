#include "probe/describe.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../wire/vectors.hpp"
#include "probe/describe_json.hpp"
#include "probe/observation.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

namespace querent::probe {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
constexpr Address kRouter = Address::v4(10, 0, 0, 2);
constexpr Address kHost = Address::v4(10, 0, 0, 7);
constexpr Address kNobody = Address::v4(0);
constexpr Address kAll = Address::v4(224, 0, 0, 1);
constexpr Address kAllRouters = Address::v4(224, 0, 0, 2);
constexpr Address kAllV3Routers = Address::v4(224, 0, 0, 22);
constexpr Address kGroup = Address::v4(239, 1, 2, 3);
constexpr Address kSsm = Address::v4(232, 1, 1, 1);
constexpr Address kSender = Address::v4(10, 0, 0, 5);

Observation seen(ByteView packet, const Observer& observer = {}) {
  const auto observation =
      look(wire::LinkType::kEthernet, wire::ethernet_frame(kMac, kAll, packet), observer);
  EXPECT_TRUE(observation);
  return observation.value_or(Observation{});
}

std::string said(const Packet& packet, const Observer& observer = {}) {
  return describe(seen(wire::encode(packet), observer));
}

Packet general(Version version = Version::k2) {
  return {.source = kRouter,
          .destination = kAll,
          .message = Query{.version = version, .group = kNobody, .max_response = 10s}};
}

Packet report(std::vector<Record> records, Version version = Version::k3) {
  const Address destination = version == Version::k3 ? kAllV3Routers : records.at(0).group;
  return {.source = kHost,
          .destination = destination,
          .message = Report{.version = version, .records = std::move(records)}};
}

std::string one_record(RecordType type, std::vector<Address> sources) {
  return said(report({{.type = type, .group = kSsm, .sources = std::move(sources)}}));
}

TEST(Describe, GeneralQueries) {
  EXPECT_EQ(said(general()),
            "10.0.0.2 (52:54:00:12:34:56) asks everybody: who wants what? "
            "(IGMPv2 query, answer within 10 s)");
  EXPECT_EQ(said(general(Version::k1)),
            "10.0.0.2 (52:54:00:12:34:56) asks everybody: who wants what? "
            "(IGMPv1 query, answer within 10 s)");
  Packet packet = general(Version::k3);
  packet.message = Query{.version = Version::k3,
                         .group = kNobody,
                         .max_response = 500ms,
                         .suppress = true,
                         .robustness = 2,
                         .query_interval = 60s};
  EXPECT_EQ(said(packet),
            "10.0.0.2 (52:54:00:12:34:56) asks everybody: who wants what? (IGMPv3 query, answer "
            "within 0.5 s, S: routers keep their timers, QRV 2, QQIC 60 s)");
}

TEST(Describe, GroupQueries) {
  Packet packet{.source = kRouter, .destination = kGroup};
  packet.message = Query{.group = kGroup, .max_response = 1s};
  EXPECT_EQ(said(packet),
            "10.0.0.2 (52:54:00:12:34:56) asks: who wants 239.1.2.3? "
            "(IGMPv2 group query, answer within 1 s)");
  packet.message = Query{
      .version = Version::k3, .group = kGroup, .max_response = 1s, .sources = {kSender, kRouter}};
  EXPECT_EQ(said(packet),
            "10.0.0.2 (52:54:00:12:34:56) asks: who wants 239.1.2.3 from 10.0.0.5, 10.0.0.2? "
            "(IGMPv3 group-and-source query, answer within 1 s)");
}

TEST(Describe, AProxyQueryIsNoQueriers) {
  Packet packet = general();
  packet.source = kNobody;
  EXPECT_EQ(said(packet),
            "0.0.0.0 (52:54:00:12:34:56) asks everybody: who wants what? (IGMPv2 query, answer "
            "within 10 s, a switch's, without an address: asks, but is no querier)");
}

TEST(Describe, ReportsAndLeavesOfTheOldVersions) {
  EXPECT_EQ(said(report({{.group = kGroup}}, Version::k1)), "10.0.0.7 wants 239.1.2.3 (v1 report)");
  EXPECT_EQ(said(report({{.group = kGroup}}, Version::k2)), "10.0.0.7 wants 239.1.2.3 (v2 report)");
  EXPECT_EQ(said({.source = kHost, .destination = kAllRouters, .message = Leave{kGroup}}),
            "10.0.0.7 leaves 239.1.2.3 (v2)");
}

TEST(Describe, AHostWithoutAnAddressHasItsMac) {
  Packet packet = report({{.group = kGroup}}, Version::k2);
  packet.source = kNobody;
  EXPECT_EQ(said(packet), "0.0.0.0 (52:54:00:12:34:56) wants 239.1.2.3 (v2 report)");
}

TEST(Describe, EveryTypeOfRecord) {
  using enum RecordType;
  EXPECT_EQ(one_record(kIsInclude, {}), "10.0.0.7 does not want 232.1.1.1 (v3 IS_IN)");
  EXPECT_EQ(one_record(kIsInclude, {kSender}),
            "10.0.0.7 wants 232.1.1.1 from 10.0.0.5 alone (v3 IS_IN)");
  EXPECT_EQ(one_record(kIsExclude, {}), "10.0.0.7 wants 232.1.1.1 (v3 IS_EX)");
  EXPECT_EQ(one_record(kIsExclude, {kSender}),
            "10.0.0.7 wants 232.1.1.1 from all but 10.0.0.5 (v3 IS_EX)");
  EXPECT_EQ(one_record(kToInclude, {}), "10.0.0.7 leaves 232.1.1.1 (v3 TO_IN)");
  EXPECT_EQ(one_record(kToInclude, {kSender}),
            "10.0.0.7 from now on wants 232.1.1.1 from 10.0.0.5 alone (v3 TO_IN)");
  EXPECT_EQ(one_record(kToExclude, {}), "10.0.0.7 from now on wants 232.1.1.1 (v3 TO_EX)");
  EXPECT_EQ(one_record(kToExclude, {kSender}),
            "10.0.0.7 from now on wants 232.1.1.1 from all but 10.0.0.5 (v3 TO_EX)");
  EXPECT_EQ(one_record(kAllow, {}), "10.0.0.7 adds no source to 232.1.1.1 (v3 ALLOW)");
  EXPECT_EQ(one_record(kAllow, {kSender}),
            "10.0.0.7 also wants 232.1.1.1 from 10.0.0.5 (v3 ALLOW)");
  EXPECT_EQ(one_record(kBlock, {}), "10.0.0.7 gives up no source of 232.1.1.1 (v3 BLOCK)");
  EXPECT_EQ(one_record(kBlock, {kSender}),
            "10.0.0.7 no longer wants 232.1.1.1 from 10.0.0.5 (v3 BLOCK)");
}

TEST(Describe, SeveralRecords) {
  EXPECT_EQ(said(report({{.group = kGroup},
                         {.type = RecordType::kAllow, .group = kSsm, .sources = {kSender}}})),
            "10.0.0.7 wants 239.1.2.3 [IS_EX], also wants 232.1.1.1 from 10.0.0.5 [ALLOW] "
            "(v3 report)");
  EXPECT_EQ(said(report({})), "10.0.0.7 reports about no group (v3 report)");
}

TEST(Describe, TheLineIsBounded) {
  std::vector<Record> records;
  std::vector<Address> sources;
  for (std::uint8_t i = 1; i <= 41; ++i) {
    records.push_back({.group = Address::v4(239, 0, 0, i)});
    sources.push_back(Address::v4(10, 0, 1, i));
  }
  EXPECT_EQ(said(report(records)),
            "10.0.0.7 wants 239.0.0.1 [IS_EX], wants 239.0.0.2 [IS_EX], wants 239.0.0.3 [IS_EX], "
            "wants 239.0.0.4 [IS_EX] and 37 more (v3 report)");
  EXPECT_EQ(one_record(RecordType::kAllow, sources),
            "10.0.0.7 also wants 232.1.1.1 from 10.0.1.1, 10.0.1.2, 10.0.1.3, 10.0.1.4 and 37 more "
            "(v3 ALLOW)");
  for (Record& record : records)
    record.sources = sources;
  EXPECT_THAT(said(report(records)), SizeIs(testing::Lt(600U)));
}

TEST(Describe, RecordsThatMeanNothing) {
  // A record of type 7, and one for a group that is none.
  const auto packet = wire::test::around(
      wire::test::octets("2200 0000 0000 0003 07000000 ef010203 04000000 0a000001 04000000 "
                         "ef010204"));
  EXPECT_EQ(describe(seen(packet)),
            "192.0.2.9 from now on wants 239.1.2.4 (v3 TO_EX, 2 meaningless records skipped)");
}

TEST(Describe, WhatIsUnusualButNotWrong) {
  Packet packet = general();
  packet.router_alert = false;
  EXPECT_THAT(said(packet), EndsWith("answer within 10 s, no Router Alert)"));
  packet = general(Version::k1);
  packet.router_alert = false;
  EXPECT_THAT(said(packet), Not(HasSubstr("Alert"))) << "IGMPv1 does not have it";
  packet = report({{.group = kGroup}}, Version::k2);
  packet.destination = kAll;
  packet.hop_limit = 7;
  EXPECT_EQ(said(packet), "10.0.0.7 wants 239.1.2.3 (v2 report, sent to 224.0.0.1, TTL 7)");
}

TEST(Describe, Vlans) {
  Bytes frame = wire::ethernet_frame(kMac, kAll, wire::encode(general()));
  const auto tag = [&frame](std::uint16_t type, std::uint8_t vlan) {
    const Bytes octets = {static_cast<std::uint8_t>(type >> 8U), static_cast<std::uint8_t>(type), 0,
                          vlan};
    frame.insert(frame.begin() + 12, octets.begin(), octets.end());
    return describe(look(wire::LinkType::kEthernet, frame, {}).value_or(Observation{}));
  };
  EXPECT_THAT(tag(0x8100, 7), EndsWith("10 s, VLAN 7)"));
  EXPECT_THAT(tag(0x88A8, 100), EndsWith("10 s, VLAN 7 in VLAN 100)"));
}

TEST(Describe, ThisHost) {
  EXPECT_THAT(said(general(), {.mac = kMac}), StartsWith("10.0.0.2 (this host) asks everybody"));
}

TEST(Describe, AQueryThatIsRejected) {
  Packet packet = general();
  packet.hop_limit = 64;
  EXPECT_EQ(said(packet),
            "10.0.0.2 (52:54:00:12:34:56) asks everybody: who wants what? (IGMPv2 query, answer "
            "within 10 s, TTL 64); rejected: the TTL is not 1, so it may come from another network "
            "(hop_limit)");
}

TEST(Describe, SubnetsAreJudgedWhereTheyAreKnown) {
  const Observer at_home{.ipv4 = {.addresses = {{Address::v4(10, 0, 0, 1), 24}}}};
  const Observer elsewhere{.ipv4 = {.addresses = {{Address::v4(192, 0, 2, 1), 24}}}};
  EXPECT_THAT(said(general()), Not(HasSubstr("rejected")));
  EXPECT_THAT(said(general(), at_home), Not(HasSubstr("rejected")));
  EXPECT_THAT(said(general(), elsewhere),
              EndsWith("; rejected: its source is in no subnet of this interface "
                       "(source_off_subnet)"));
}

TEST(Describe, AReportThatIsRejected) {
  Packet packet = report({{.group = kGroup}}, Version::k2);
  packet.source = Address::v4(127, 0, 0, 1);
  EXPECT_EQ(said(packet),
            "127.0.0.1 (52:54:00:12:34:56) wants 239.1.2.3 (v2 report); rejected: it claims to "
            "come from a loopback address (source_loopback)");
}

TEST(Describe, BrokenPackets) {
  Bytes packet = wire::encode(general());
  packet[packet.size() - 5] ^= 0xFFU;
  EXPECT_EQ(describe(seen(packet)),
            "10.0.0.2 (52:54:00:12:34:56) sends a broken query (to 224.0.0.1); rejected: the IGMP "
            "checksum is wrong (message_checksum)");
  EXPECT_EQ(describe(seen(ByteView(packet).first(26))),
            "10.0.0.2 (52:54:00:12:34:56) sends a broken query (to 224.0.0.1); rejected: the "
            "packet is cut off, on its way or by the capture (ip_truncated)");
  EXPECT_EQ(describe(seen(ByteView(packet).first(12))),
            "0.0.0.0 (52:54:00:12:34:56) sends a broken IGMP packet (to 0.0.0.0); rejected: the "
            "packet is cut off, on its way or by the capture (ip_truncated)");
}

TEST(Describe, OtherProtocolsInIgmp) {
  EXPECT_EQ(describe(seen(wire::test::around(wire::test::octets("1301 0000 00000000")))),
            "192.0.2.9 (52:54:00:12:34:56) sends a DVMRP message (to 224.0.0.22); rejected: not a "
            "message of IGMPv1, v2 or v3 (message_type)");
  EXPECT_THAT(describe(seen(wire::test::around(wire::test::octets("9901 0000 00000000")))),
              HasSubstr("sends a message of IGMP type 0x99 (to"));
}

TEST(Describe, EveryReasonHasWordsOfItsOwn) {
  std::vector<std::string> words;
  for (const Family family : {Family::kIPv4, Family::kIPv6}) {
    words.clear();
    for (const auto reason : wire::kDropReasons)
      words.emplace_back(explain(reason, family));
    for (std::size_t i = 0; i < core::kRejections; ++i) {
      words.emplace_back(explain(static_cast<core::Rejection>(i), family));
    }
    EXPECT_THAT(words, testing::Each(AllOf(Not("unknown"), Not(EndsWith(".")))));
    std::sort(words.begin(), words.end());
    EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  }
  EXPECT_THAT(words, testing::Each(Not(testing::AnyOf(HasSubstr("IGMP"), HasSubstr("TTL")))));
}

TEST(Observation, OnlyIgmpIsSeen) {
  const Bytes query = wire::encode(general());
  const auto sees = [](ByteView packet) {
    return look(wire::LinkType::kEthernet, wire::ethernet_frame(kMac, kAll, packet), {})
        .has_value();
  };
  EXPECT_TRUE(sees(query));
  Bytes udp = query;
  udp[9] = 17;
  EXPECT_FALSE(sees(udp));
  EXPECT_FALSE(sees(ByteView(query).first(9))) << "nobody knows what this was";
  EXPECT_TRUE(sees(ByteView(query).first(10)));
  EXPECT_FALSE(look(wire::LinkType::kEthernet, wire::test::octets("0102"), {}));
}

TEST(Observation, EveryTruncationIsDescribed) {
  for (const auto& vector : wire::test::vectors()) {
    for (std::size_t size = 10; size <= vector.packet.size(); ++size) {
      const Observation observation = seen(ByteView(vector.packet).first(size));
      EXPECT_EQ(observation.packet.has_value(), size == vector.packet.size());
      EXPECT_FALSE(describe(observation).empty());
      EXPECT_THAT(describe_json(observation, {}), StartsWith("{"));
    }
  }
}

TEST(Observation, Names) {
  const auto named = [](const Packet& packet, Address group) {
    return seen(wire::encode(packet)).names(group);
  };
  EXPECT_FALSE(named(general(), kGroup));
  EXPECT_TRUE(
      named({.source = kHost, .destination = kAllRouters, .message = Leave{kGroup}}, kGroup));
  EXPECT_TRUE(named(report({{.group = kSsm}, {.group = kGroup}}), kGroup));
  EXPECT_FALSE(named(report({{.group = kSsm}}), kGroup));
}

constexpr Duration kNoon = 1'767'268'800s + 123'456'789ns;  // 2026-01-01 12:00 UTC

TEST(DescribeJson, AQuery) {
  Packet packet{.source = kRouter, .destination = kGroup};
  packet.message = Query{.version = Version::k3,
                         .group = kGroup,
                         .max_response = 1500ms,
                         .suppress = true,
                         .robustness = 2,
                         .query_interval = 60s,
                         .sources = {kSender}};
  EXPECT_EQ(
      describe_json(seen(wire::encode(packet)), {.time = kNoon, .interface = "eth0"}),
      R"({"time":"2026-01-01T12:00:00.123456789Z","interface":"eth0","mac":"52:54:00:12:34:56",)"
      R"("family":"ipv4","source":"10.0.0.2","destination":"239.1.2.3","ttl":1,)"
      R"("router_alert":true,)"
      R"("kind":"group_source_query","version":3,"group":"239.1.2.3","max_response_seconds":1.5,)"
      R"("sources":["10.0.0.5"],"suppress":true,"robustness":2,"query_interval_seconds":60.0,)"
      R"("text":"10.0.0.2 (52:54:00:12:34:56) asks: who wants 239.1.2.3 from 10.0.0.5? (IGMPv3 )"
      R"(group-and-source query, answer within 1.5 s, S: routers keep their timers, QRV 2, )"
      R"_(QQIC 60 s)"})_");
}

TEST(DescribeJson, AReportIsComplete) {
  std::vector<Record> records;
  for (std::uint8_t i = 1; i <= 50; ++i)
    records.push_back({.group = Address::v4(239, 0, 0, i)});
  records[0] = {.type = RecordType::kBlock, .group = kSsm, .sources = {kSender}};
  const auto json = describe_json(seen(wire::encode(report(records))), {.time = kNoon});
  EXPECT_THAT(json, HasSubstr(R"("kind":"report","version":3,"records":[{"type":"block",)"
                              R"("group":"232.1.1.1","sources":["10.0.0.5"]},{"type":"is_ex",)"));
  EXPECT_THAT(json, HasSubstr(R"({"type":"is_ex","group":"239.0.0.50","sources":[]}],"text")"));
  EXPECT_THAT(json, Not(HasSubstr("interface")));
}

TEST(DescribeJson, OldReportsAndLeaves) {
  EXPECT_THAT(describe_json(seen(wire::encode(report({{.group = kGroup}}, Version::k1))), {}),
              HasSubstr(R"("kind":"report","version":1,"group":"239.1.2.3","text")"));
  EXPECT_THAT(
      describe_json(seen(wire::encode(
                        {.source = kHost, .destination = kAllRouters, .message = Leave{kGroup}})),
                    {}),
      HasSubstr(R"("kind":"leave","version":2,"group":"239.1.2.3","text")"));
}

TEST(DescribeJson, WhatIsWrong) {
  Packet packet = general();
  packet.hop_limit = 2;
  EXPECT_THAT(describe_json(seen(wire::encode(packet)), {}),
              AllOf(HasSubstr(R"("ttl":2,)"),
                    HasSubstr(R"("rejected":"hop_limit","why":"the TTL is not 1, so it may come )"
                              R"(from another network","text")")));
  Bytes broken = wire::encode(general());
  broken[10] ^= 1U;
  EXPECT_THAT(describe_json(seen(broken), {}),
              HasSubstr(R"("kind":"broken","igmp_type":17,"rejected":"ip_checksum","why":"the IP )"
                        R"(header checksum is wrong","text")"));
}

TEST(DescribeJson, ProxyQueriesVlansAndThisHost) {
  Packet packet = general();
  packet.source = kNobody;
  Observation observation = seen(wire::encode(packet), {.mac = kMac});
  observation.vlan = 100;
  observation.inner_vlan = 7;
  EXPECT_THAT(describe_json(observation, {}),
              AllOf(HasSubstr(R"("this_host":true,"vlan":100,"inner_vlan":7,)"),
                    HasSubstr(R"("proxy":true)")));
}

TEST(DescribeJson, AnInterfaceMayHaveAnyName) {
  EXPECT_THAT(describe_json(seen(wire::encode(general())), {.interface = "a\xff\"b"}),
              HasSubstr("\"interface\":\"a\xEF\xBF\xBD\\\"b\""));
}

}  // namespace
}  // namespace querent::probe
