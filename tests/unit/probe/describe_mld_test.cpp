#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../wire/vectors.hpp"
#include "probe/describe.hpp"
#include "probe/describe_json.hpp"
#include "probe/observation.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// MLD, and only what is different there: the rest is describe_test.cpp's.

namespace querent::probe {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kLinkLocal = 0xFE80000000000000;
constexpr std::uint64_t kOfTheLink = 0xFF02000000000000;

const MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
constexpr Address kRouter = Address::v6(kLinkLocal, 2);
constexpr Address kHost = Address::v6(kLinkLocal, 7);
constexpr Address kNobody{};
constexpr Address kAll = Address::v6(kOfTheLink, 1);
constexpr Address kAllRouters = Address::v6(kOfTheLink, 2);
constexpr Address kAllV2Routers = Address::v6(kOfTheLink, 0x16);
constexpr Address kGroup = Address::v6(0xFF15000000000000, 0x0001'0002'0003);
constexpr Address kSsm = Address::v6(0xFF3E000000000000, 0x8001);
constexpr Address kSender = Address::v6(0x20010DB800000000, 5);

std::optional<Observation> looked(ByteView packet, const Observer& observer = {}) {
  return look(wire::LinkType::kEthernet, wire::ethernet_frame(kMac, kAll, packet), observer);
}

Observation seen(ByteView packet, const Observer& observer = {}) {
  const auto observation = looked(packet, observer);
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
  const Address destination = version == Version::k3 ? kAllV2Routers : records.at(0).group;
  return {.source = kHost,
          .destination = destination,
          .message = Report{.version = version, .records = std::move(records)}};
}

Packet done() {
  return {.source = kHost, .destination = kAllRouters, .message = Leave{kGroup}};
}

// The packet with a header of this type and these octets between IPv6's and what followed it.
Bytes behind(Bytes packet, std::uint8_t type, Bytes header) {
  header.at(0) = packet[6];
  packet[6] = type;
  store16(packet, 4, static_cast<std::uint16_t>(load16(packet, 4) + header.size()));
  packet.insert(packet.begin() + 40, header.begin(), header.end());
  return packet;
}

Bytes bare(Packet packet) {
  packet.router_alert = false;
  return wire::encode(packet);
}

TEST(DescribeMld, Queries) {
  EXPECT_EQ(said(general()),
            "fe80::2 (52:54:00:12:34:56) asks everybody: who wants what? "
            "(MLDv1 query, answer within 10 s)");
  Packet packet = general(Version::k3);
  packet.message = Query{.version = Version::k3,
                         .group = kNobody,
                         .max_response = 12345ms,
                         .suppress = true,
                         .robustness = 2,
                         .query_interval = 60s};
  EXPECT_EQ(said(packet),
            "fe80::2 (52:54:00:12:34:56) asks everybody: who wants what? (MLDv2 query, answer "
            "within 12.345 s, S: routers keep their timers, QRV 2, QQIC 60 s)");
  packet = {.source = kRouter, .destination = kGroup};
  packet.message = Query{.group = kGroup, .max_response = 1s};
  EXPECT_EQ(said(packet),
            "fe80::2 (52:54:00:12:34:56) asks: who wants ff15::1:2:3? "
            "(MLDv1 group query, answer within 1 s)");
  packet.message =
      Query{.version = Version::k3, .group = kGroup, .max_response = 1s, .sources = {kSender}};
  EXPECT_EQ(said(packet),
            "fe80::2 (52:54:00:12:34:56) asks: who wants ff15::1:2:3 from 2001:db8::5? "
            "(MLDv2 group-and-source query, answer within 1 s)");
}

TEST(DescribeMld, ReportsAndDone) {
  EXPECT_EQ(said(report({{.group = kGroup}}, Version::k2)),
            "fe80::7 wants ff15::1:2:3 (MLDv1 report)");
  EXPECT_EQ(said(done()), "fe80::7 leaves ff15::1:2:3 (MLDv1 done)");
  EXPECT_EQ(
      said(report({{.type = RecordType::kAllow, .group = kSsm, .sources = {kSender, kHost}}})),
      "fe80::7 also wants ff3e::8001 from 2001:db8::5, fe80::7 (MLDv2 ALLOW)");
  EXPECT_EQ(said(report({{.group = kGroup}, {.type = RecordType::kToInclude, .group = kSsm}})),
            "fe80::7 wants ff15::1:2:3 [IS_EX], leaves ff3e::8001 [TO_IN] (MLDv2 report)");
  EXPECT_EQ(said(report({})), "fe80::7 reports about no group (MLDv2 report)");
}

TEST(DescribeMld, TheEnvelopeIsJudgedStrictly) {
  Packet packet = general();
  packet.hop_limit = 64;
  EXPECT_THAT(
      said(packet),
      EndsWith("(MLDv1 query, answer within 10 s, hop limit 64); rejected: the hop limit is "
               "not 1, so it may come from another network (hop_limit)"));
  packet = done();
  packet.router_alert = false;
  EXPECT_THAT(said(packet), EndsWith("(MLDv1 done, no Router Alert); rejected: no Router Alert "
                                     "option (no_router_alert)"));
  packet = report({{.group = kGroup}});
  packet.source = kSender;
  EXPECT_EQ(said(packet),
            "2001:db8::5 (52:54:00:12:34:56) wants ff15::1:2:3 (MLDv2 IS_EX); rejected: its source "
            "is not a link-local address (source_not_link_local)");
  packet.source = kNobody;
  EXPECT_THAT(said(packet), EndsWith("rejected: it comes from no address (source_unspecified)"));
  packet = general();
  packet.destination = kAllRouters;
  EXPECT_THAT(said(packet),
              EndsWith("10 s, sent to ff02::2); rejected: sent to an address where this query does "
                       "not belong (destination)"));
  packet.destination = kHost;
  EXPECT_THAT(said(packet, {.ipv6 = {.addresses = {{kHost, 64}}}}),
              EndsWith("(destination_unicast)"));
}

TEST(DescribeMld, WhereItBelongsIsNotSaid) {
  for (const Packet& packet : {general(), general(Version::k3), done(), report({}),
                               report({{.group = kGroup}}, Version::k2)}) {
    EXPECT_THAT(said(packet), Not(HasSubstr("sent to")));
    Packet astray = packet;
    astray.destination = Address::v6(kOfTheLink, 0x99);
    EXPECT_THAT(said(astray), HasSubstr("sent to ff02::99"));
  }
}

TEST(DescribeMld, IPv4SubnetsDoNotMatter) {
  EXPECT_THAT(said(general(), {.ipv4 = {.addresses = {{Address::v4(10, 0, 0, 1), 24}}}}),
              Not(HasSubstr("rejected")));
}

TEST(DescribeMld, BrokenPackets) {
  Bytes packet = wire::encode(general());
  packet.back() ^= 1U;
  EXPECT_EQ(describe(seen(packet)),
            "fe80::2 (52:54:00:12:34:56) sends a broken MLD query (to ff02::1); rejected: the "
            "ICMPv6 checksum is wrong (message_checksum)");
  EXPECT_EQ(describe(seen(ByteView(packet).first(49))),
            "fe80::2 (52:54:00:12:34:56) sends a broken MLD query (to ff02::1); rejected: the "
            "packet is cut off, on its way or by the capture (ip_truncated)");
  const auto kind = [](const Packet& of) {
    Bytes octets = wire::encode(of);
    octets[50] ^= 1U;
    return describe(seen(octets));
  };
  EXPECT_THAT(kind(report({{.group = kGroup}}, Version::k2)), HasSubstr("a broken MLDv1 report ("));
  EXPECT_THAT(kind(report({})), HasSubstr("a broken MLDv2 report ("));
  EXPECT_THAT(kind(done()), HasSubstr("a broken MLDv1 done ("));
}

TEST(DescribeMld, BehindWhatItDoesNotBelong) {
  const Bytes query = bare(general());
  EXPECT_THAT(describe(seen(behind(query, 60, {0, 0, 1, 4, 0, 0, 0, 0}))),
              EndsWith("a broken MLD query (to ff02::1); rejected: behind an IPv6 extension header "
                       "where no message belongs (ip_extension)"));
  EXPECT_THAT(describe(seen(behind(query, 43, {0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))),
              EndsWith("(ip_extension)"));
  EXPECT_THAT(describe(seen(behind(query, 44, {0, 0, 0, 1, 0, 0, 0, 9}))),
              EndsWith("rejected: a fragment, and MLD is never fragmented (ip_fragment)"));
  EXPECT_FALSE(looked(behind(query, 44, {0, 0, 0, 8, 0, 0, 0, 9}))) << "the rest of something";
  EXPECT_FALSE(looked(behind(query, 51, {0, 0, 0, 0, 0, 0, 0, 0})));
}

TEST(DescribeMld, ALongHopByHopHeader) {
  // Router Alert, and a PadN of 12 octets.
  const auto observation =
      seen(behind(bare(general()), 0, {0, 1, 5, 2, 0, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(describe(observation),
            "fe80::2 (52:54:00:12:34:56) asks everybody: who wants what? "
            "(MLDv1 query, answer within 10 s)");
}

TEST(SightingMld, OnlyMldIsSeen) {
  const Bytes query = wire::encode(general());
  EXPECT_TRUE(looked(query));
  EXPECT_TRUE(looked(bare(general())));
  for (const std::uint8_t type : Bytes{1, 128, 129, 133, 135, 136, 142, 144, 151}) {
    Bytes other = query;
    other[48] = type;
    EXPECT_FALSE(looked(other)) << int{type};
    other = bare(general());
    other[40] = type;
    EXPECT_FALSE(looked(other)) << int{type};
  }
  Bytes udp = query;
  udp[40] = 17;
  EXPECT_FALSE(looked(udp));
  udp = query;
  udp[6] = 17;
  EXPECT_FALSE(looked(udp));
}

TEST(SightingMld, EveryTruncationIsDescribed) {
  for (const auto& vector : wire::test::mld_vectors()) {
    const std::size_t type = wire::test::mld_message_at(vector.packet);
    for (std::size_t size = 0; size <= vector.packet.size(); ++size) {
      const auto observation = looked(ByteView(vector.packet).first(size));
      ASSERT_EQ(observation.has_value(), size > type) << vector.name << ", " << size;
      if (!observation) continue;
      EXPECT_EQ(observation->packet.has_value(), size == vector.packet.size());
      EXPECT_THAT(describe(*observation), Not(AllOf(HasSubstr("IGMP"), HasSubstr("TTL"))));
      EXPECT_THAT(describe_json(*observation, {}), HasSubstr(R"("family":"ipv6")"));
    }
  }
}

TEST(SightingMld, Names) {
  const auto named = [](const Packet& packet, Address group) {
    return seen(wire::encode(packet)).names(group);
  };
  EXPECT_FALSE(named(general(), kGroup));
  EXPECT_TRUE(named(done(), kGroup));
  EXPECT_TRUE(named(report({{.group = kSsm}, {.group = kGroup}}), kGroup));
  EXPECT_FALSE(named(report({{.group = kSsm}}), kGroup));
}

TEST(ObserverOf, TellsTheFamiliesApart) {
  const auto observer = observer_of(
      {.mac = kMac,
       .addresses = {
           {Address::v4(10, 0, 0, 1), 24}, {kSender, 64}, {kHost, 64}, {kRouter, 64, true}}});
  EXPECT_EQ(observer.ipv4.addresses,
            (std::vector<core::InterfaceAddress>{{Address::v4(10, 0, 0, 1), 24}}));
  EXPECT_EQ(observer.ipv6.addresses, (std::vector<core::InterfaceAddress>{{kHost, 64}}));
}

constexpr Duration kNoon = 1'767'268'800s + 123'456'789ns;  // 2026-01-01 12:00 UTC

TEST(DescribeJsonMld, AQuery) {
  Packet packet{.source = kRouter, .destination = kGroup};
  packet.message = Query{.version = Version::k3,
                         .group = kGroup,
                         .max_response = 1500ms,
                         .robustness = 2,
                         .query_interval = 60s,
                         .sources = {kSender}};
  EXPECT_EQ(
      describe_json(seen(wire::encode(packet)), {.time = kNoon, .interface = "eth0"}),
      R"({"time":"2026-01-01T12:00:00.123456789Z","interface":"eth0","mac":"52:54:00:12:34:56",)"
      R"("family":"ipv6","source":"fe80::2","destination":"ff15::1:2:3","hop_limit":1,)"
      R"("router_alert":true,"kind":"group_source_query","version":2,"group":"ff15::1:2:3",)"
      R"("max_response_seconds":1.5,"sources":["2001:db8::5"],"suppress":false,"robustness":2,)"
      R"("query_interval_seconds":60.0,)"
      R"("text":"fe80::2 (52:54:00:12:34:56) asks: who wants ff15::1:2:3 from 2001:db8::5? )"
      R"_((MLDv2 group-and-source query, answer within 1.5 s, QRV 2, QQIC 60 s)"})_");
}

TEST(DescribeJsonMld, ReportsAndDone) {
  EXPECT_THAT(describe_json(seen(wire::encode(report({{.group = kGroup}}, Version::k2))), {}),
              HasSubstr(R"("kind":"report","version":1,"group":"ff15::1:2:3","text")"));
  EXPECT_THAT(describe_json(seen(wire::encode(report({{.group = kGroup}}))), {}),
              HasSubstr(R"("kind":"report","version":2,"records":[{"type":"is_ex",)"
                        R"("group":"ff15::1:2:3","sources":[]}],"text")"));
  EXPECT_THAT(describe_json(seen(wire::encode(done())), {}),
              HasSubstr(R"("kind":"leave","version":1,"group":"ff15::1:2:3","text")"));
}

TEST(DescribeJsonMld, WhatIsWrong) {
  Packet packet = general();
  packet.hop_limit = 2;
  EXPECT_THAT(describe_json(seen(wire::encode(packet)), {}),
              AllOf(HasSubstr(R"("hop_limit":2,)"), Not(HasSubstr("ttl")),
                    HasSubstr(R"("rejected":"hop_limit","why":"the hop limit is not 1, so it )")));
  Bytes broken = wire::encode(general());
  broken.back() ^= 1U;
  EXPECT_THAT(describe_json(seen(broken), {}),
              HasSubstr(R"("kind":"broken","icmpv6_type":130,"rejected":"message_checksum",)"
                        R"("why":"the ICMPv6 checksum is wrong","text")"));
}

}  // namespace
}  // namespace querent::probe
