#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 1, 2 and 3.8: what our general queries say, and who may not send them.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

const Address kProxy = Address::v4(0, 0, 0, 0);

struct Spoken {
  const char* name;
  Settings settings;
  Family family;
  Query query;
};

class GeneralQuery : public testing::TestWithParam<Spoken> {};

TEST_P(GeneralQuery, SaysWhatItsVersionCanSay) {
  const auto& [name, settings, family, expected] = GetParam();
  Lan lan(settings, family);
  lan.up();
  ASSERT_EQ(lan.sent().size(), 1U);
  EXPECT_EQ(lan.sent()[0].query, expected);
  EXPECT_TRUE(expected.is_general());
  const auto& packet = lan.sent()[0].packet;
  EXPECT_EQ(packet.source, host(kOurs, family));
  EXPECT_EQ(packet.destination.to_string(), family == Family::kIPv4 ? "224.0.0.1" : "ff02::1");
  EXPECT_EQ(packet.hop_limit, 1);
  EXPECT_TRUE(packet.router_alert);
  const auto counters = lan.counters();
  EXPECT_EQ(by_version(counters.queries_sent, settings.version, QueryKind::kGeneral), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Segment, GeneralQuery,
    testing::Values(
        Spoken{"igmp1",
               unjittered(Version::k1),
               Family::kIPv4,
               {.version = Version::k1, .group = kProxy, .max_response = 10s}},
        Spoken{"igmp2",
               unjittered(Version::k2),
               Family::kIPv4,
               {.version = Version::k2, .group = kProxy, .max_response = 10s}},
        Spoken{"igmp3",
               unjittered(Version::k3),
               Family::kIPv4,
               {.version = Version::k3,
                .group = kProxy,
                .max_response = 10s,
                .robustness = 2,
                .query_interval = 60s}},
        Spoken{"igmp3_other_values",
               {.version = Version::k3, .query_interval = 20s, .max_response = 3s, .robustness = 7},
               Family::kIPv4,
               {.version = Version::k3,
                .group = kProxy,
                .max_response = 3s,
                .robustness = 7,
                .query_interval = 20s}},
        Spoken{"mld1",
               unjittered(Version::k2),
               Family::kIPv6,
               {.version = Version::k2, .group = Address{}, .max_response = 10s}},
        Spoken{"mld2",
               unjittered(Version::k3),
               Family::kIPv6,
               {.version = Version::k3,
                .group = Address{},
                .max_response = 10s,
                .robustness = 2,
                .query_interval = 60s}}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(Queries, AreCountedByVersionAndKind) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, {{.type = RecordType::kIsInclude, .group = group(1), .sources = {host(7)}},
                 {.type = RecordType::kIsExclude, .group = group(2)}});
  lan.report(5, {{.type = RecordType::kBlock, .group = group(1), .sources = {host(7)}},
                 {.type = RecordType::kToInclude, .group = group(2)}});
  lan.advance(3s);
  const auto counters = lan.counters();
  EXPECT_EQ(by_version(counters.queries_sent, Version::k3, QueryKind::kGeneral), 1U);
  EXPECT_EQ(by_version(counters.queries_sent, Version::k3, QueryKind::kGroup), 2U);
  EXPECT_EQ(by_version(counters.queries_sent, Version::k3, QueryKind::kGroupSource), 2U);
}

TEST(Queries, OfOthersAreCountedByVersionAndKind) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k1);
  lan.hear(1, specific(Version::k2, group(1)));
  lan.hear(1, specific(Version::k3, group(1), {host(7)}));
  const auto counters = lan.counters();
  EXPECT_EQ(by_version(counters.queries_received, Version::k1, QueryKind::kGeneral), 1U);
  EXPECT_EQ(by_version(counters.queries_received, Version::k2, QueryKind::kGroup), 1U);
  EXPECT_EQ(by_version(counters.queries_received, Version::k3, QueryKind::kGroupSource), 1U);
}

Settings proxying(Version version = Version::k2) {
  Settings settings = unjittered(version);
  settings.source = kProxy;
  return settings;
}

TEST(ProxyQuerying, IsDoneFromTheUnspecifiedAddressInTheConfiguredVersion) {
  for (const auto version : {Version::k1, Version::k2, Version::k3}) {
    Lan lan(proxying(version));
    lan.up();
    lan.advance(10s);
    ASSERT_EQ(lan.sent().size(), 3U);
    EXPECT_EQ(lan.sent()[2].packet.source, kProxy);
    EXPECT_EQ(lan.sent()[2].query.version, version);
  }
}

TEST(ProxyQuerying, NeedsNoAddress) {
  Lan lan(proxying());
  lan.up(link_of(std::vector<InterfaceAddress>{}));
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.sent().size(), 1U);
}

TEST(ProxyQuerying, NeverWinsAndIsSilentWhileARealQuerierIsHeard) {
  Lan lan(proxying());
  lan.up();
  lan.hear(200, Version::k2);
  lan.forget();
  lan.hear_repeatedly(200, general(Version::k2), 60s, 20);
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
  EXPECT_EQ(lan.elected(), host(200));
  EXPECT_TRUE(lan.counters().competitor_queries.empty());
  lan.advance(165s);
  EXPECT_EQ(lan.sent().size(), 1U) << "and asks again when it is gone";
}

TEST(ProxyQuerying, IsNotSilencedByAnotherProxy) {
  Lan lan(proxying());
  lan.up();
  lan.forget();
  lan.step(Received{.packet = envelope(kProxy, general(Version::k2)), .mac = mac(3)});
  lan.advance(70s);
  EXPECT_EQ(lan.sent().size(), 3U);
  EXPECT_EQ(lan.counters().proxy_queries, 1U);
}

Settings passive(Version version = Version::k2) {
  Settings settings = unjittered(version);
  settings.passive = true;
  return settings;
}

TEST(Passive, SendsNothingWhateverHappens) {
  Lan lan(passive(Version::k3));
  lan.up();
  lan.advance(10min);
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.report(5, RecordType::kIsInclude, group(2), hosts({7, 8}));
  lan.report(5, RecordType::kToInclude, group(1));
  lan.report(5, RecordType::kBlock, group(2), hosts({7}));
  lan.join(6, group(3));
  lan.leave(6, group(3));
  lan.advance(10s);
  lan.hear(200, Version::k2);
  lan.advance(1h);
  lan.up();
  lan.step(LinkChanged{link_of({{host(3), 24}})});
  lan.sleep(1h);
  lan.step(LinkDown{});
  lan.up();
  lan.step(Reconfigured{passive(Version::k2)});
  lan.advance(1h);
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.counters().queries_sent, Counters{}.queries_sent);
}

TEST(Passive, ElectsWhoeverAsksEvenAboveOurAddress) {
  Lan lan(passive());
  lan.up();
  EXPECT_EQ(lan.role(), Role::kPassive);
  EXPECT_FALSE(lan.view().querier_present());
  lan.hear(200, Version::k2);
  EXPECT_EQ(lan.elected(), host(200));
  lan.hear(100, Version::k2);
  EXPECT_EQ(lan.elected(), host(100));
  EXPECT_TRUE(lan.view().querier_present());
  EXPECT_EQ(lan.role(), Role::kPassive);
  EXPECT_EQ(lan.told<QuerierElected>().size(), 2U);
  EXPECT_EQ(lan.counters().elections_lost, 0U);
  lan.hear(150, Version::k2);
  EXPECT_EQ(lan.counters().competitor_queries.size(), 1U);
}

TEST(Passive, TellsThatNobodyAsksAnyMore) {
  Lan lan(passive());
  lan.up();
  lan.hear(200, Version::k2);
  lan.advance(255s);
  const auto vanished = lan.told<QuerierVanished>();
  ASSERT_EQ(vanished.size(), 1U);
  EXPECT_EQ(vanished[0].what.address, host(200));
  EXPECT_FALSE(lan.view().querier_present());
  EXPECT_EQ(lan.role(), Role::kPassive);
  EXPECT_EQ(lan.counters().elections_won, 0U);
}

TEST(Passive, TracksMemberships) {
  Lan lan(passive());
  lan.up();
  lan.join(5, group(1));
  EXPECT_TRUE(lan.knows(group(1)));
  lan.leave(5, group(1));
  EXPECT_EQ(lan.find(group(1))->expires_in, 140s) << "it asks nothing, so it lowers nothing";
  lan.hear(3, specific(Version::k2, group(1)));
  EXPECT_EQ(lan.find(group(1))->expires_in, 2s);
  lan.advance(2s);
  EXPECT_FALSE(lan.knows(group(1)));
}

TEST(Passive, NeedsNoAddress) {
  Lan lan(passive());
  lan.up(link_of(std::vector<InterfaceAddress>{}));
  EXPECT_EQ(lan.role(), Role::kPassive);
}

TEST(WithoutAddress, ASegmentListensLikeAPassiveOne) {
  Lan lan;
  lan.up(link_of(std::vector<InterfaceAddress>{}));
  EXPECT_EQ(lan.role(), Role::kNoAddress);
  lan.join(5, group(1));
  lan.leave(5, group(1));
  lan.hear(200, Version::k2);
  EXPECT_EQ(lan.elected(), host(200));
  EXPECT_EQ(lan.role(), Role::kNoAddress);
  lan.advance(10min);
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.told<QuerierVanished>().size(), 1U);
  EXPECT_EQ(lan.role(), Role::kNoAddress);
  EXPECT_EQ(lan.counters().elections_won + lan.counters().elections_lost, 0U);
}

TEST(Lateness, OfEachStepDoesNotAddUp) {
  Lan lan;
  lan.up();
  lan.advance(70s + 100 * 60s + 7ms, 7ms);
  const auto times = lan.sent_at();
  ASSERT_EQ(times.size(), 104U);
  EXPECT_EQ(times.back(), 10007 + 101 * 60000);
}

}  // namespace
}  // namespace querent::core::test
