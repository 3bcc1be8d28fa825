#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/validity.hpp"
#include "lan.hpp"

// Whose reports and leaves are believed, and what is counted beside the rejections.

namespace querent::core::test {
namespace {

Address at(const char* text) {
  return Address::parse(text).value();
}

struct Envelope {
  const char* source;
  std::uint8_t hop_limit = 1;
  bool router_alert = true;
  std::optional<Rejection> reason{};
};

class ReportIn : public testing::TestWithParam<Envelope> {};

TEST_P(ReportIn, IsBelievedOrCountedByReason) {
  const Envelope& given = GetParam();
  const Family family = at(given.source).family();
  Lan lan(unjittered(), family);
  lan.up();
  Packet packet = envelope(
      at(given.source), Report{.version = Version::k2, .records = {{.group = group(1, family)}}});
  packet.hop_limit = given.hop_limit;
  packet.router_alert = given.router_alert;

  lan.step(Received{.packet = packet, .mac = mac(7)});

  EXPECT_EQ(lan.knows(group(1, family)), !given.reason);
  const auto told = lan.told<ReportRejected>();
  EXPECT_EQ(told.size(), given.reason ? 1U : 0U);
  if (!given.reason) return;
  EXPECT_EQ(told.at(0).what.reason, *given.reason);
  EXPECT_EQ(told.at(0).what.source, packet.source);
  EXPECT_EQ(told.at(0).what.mac, mac(7));
  EXPECT_EQ(lan.counters().reports_rejected[static_cast<std::size_t>(*given.reason)], 1U);
  EXPECT_EQ(lan.counters().reports_received, Counters{}.reports_received);
}

INSTANTIATE_TEST_SUITE_P(
    Igmp, ReportIn,
    testing::Values(Envelope{"10.0.0.5"}, Envelope{"0.0.0.0"}, Envelope{"192.168.7.7"},
                    Envelope{"10.0.0.5", 64}, Envelope{"10.0.0.5", 1, false},
                    Envelope{"224.0.0.5", 1, true, Rejection::kSourceMulticast},
                    Envelope{"127.0.0.1", 1, true, Rejection::kSourceLoopback},
                    Envelope{"255.255.255.255", 1, true, Rejection::kSourceBroadcast}));

INSTANTIATE_TEST_SUITE_P(
    Mld, ReportIn,
    testing::Values(Envelope{"fe80::5"}, Envelope{"::", 1, true, Rejection::kSourceUnspecified},
                    Envelope{"2001:db8::5", 1, true, Rejection::kSourceNotLinkLocal},
                    Envelope{"ff02::5", 1, true, Rejection::kSourceMulticast},
                    Envelope{"::1", 1, true, Rejection::kSourceLoopback},
                    Envelope{"fe80::5", 64, true, Rejection::kHopLimit},
                    Envelope{"fe80::5", 1, false, Rejection::kNoRouterAlert}));

TEST(Leave, IsJudgedLikeAReport) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.forget();
  lan.step(Received{.packet = envelope(at("127.0.0.1"), Leave{group(1)}), .mac = mac(5)});
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.told<ReportRejected>().size(), 1U);
  EXPECT_EQ(lan.counters().leaves_received, 0U);
  lan.step(Received{.packet = envelope(at("0.0.0.0"), Leave{group(1)}), .mac = mac(5)});
  EXPECT_EQ(lan.sent().size(), 1U);
  EXPECT_EQ(lan.counters().leaves_received, 1U);
}

TEST(Validity, AQueryWithoutRouterAlertIsValidAndCountedInIgmp) {
  Lan lan;
  lan.up();
  auto packet = envelope(host(1), general(Version::k2));
  packet.router_alert = false;
  lan.step(Received{.packet = packet, .mac = mac(1)});
  EXPECT_EQ(lan.counters().without_router_alert, 1U);
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.counters().without_router_alert, 1U);
}

TEST(Validity, AQueryFromTheUnspecifiedAddressIsCountedAsProxyAndNeverElects) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.join(5, group(1));
  lan.forget();
  for (const auto version : {Version::k1, Version::k2, Version::k3}) {
    lan.step(Received{.packet = envelope(at("0.0.0.0"), general(version)), .mac = mac(3)});
  }
  lan.step(
      Received{.packet = envelope(at("0.0.0.0"), specific(Version::k2, group(1))), .mac = mac(3)});
  EXPECT_EQ(lan.counters().proxy_queries, 4U);
  EXPECT_EQ(lan.counters().queries_rejected, Counters{}.queries_rejected);
  EXPECT_EQ(lan.counters().queries_received, Counters{}.queries_received);
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_TRUE(lan.counters().competitor_queries.empty());
  EXPECT_FALSE(lan.view().version_mismatch);
  EXPECT_TRUE(lan.told<QueryRejected>().empty());
}

TEST(Validity, OfAPacketOfItsOwnAQueryFromNowhereIsNone) {
  const auto packet = envelope(at("0.0.0.0"), general(Version::k2));
  const LocalInterface link = link_of();
  const Settings settings;
  EXPECT_TRUE(is_proxy_query(packet));
  EXPECT_EQ(
      judge_query(packet, general(Version::k2), {link, settings, family_rules(Family::kIPv4)}),
      Rejection::kSourceUnspecified);
}

TEST(Validity, EveryReasonHasALabelOfItsOwn) {
  std::set<std::string_view> labels;
  for (std::size_t i = 0; i < kRejections; ++i)
    labels.insert(name(static_cast<Rejection>(i)));
  EXPECT_EQ(labels, (std::set<std::string_view>{
                        "hop_limit", "no_router_alert", "source_unspecified", "source_multicast",
                        "source_loopback", "source_broadcast", "source_subnet",
                        "source_not_link_local", "source_off_subnet", "destination_unicast",
                        "destination", "sources_without_group"}));
  EXPECT_EQ(name(static_cast<Rejection>(kRejections)), "unknown");
}

}  // namespace
}  // namespace querent::core::test
