#include "core/validity.hpp"

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 3.5, as far as octets alone do not tell.

namespace querent::core::test {
namespace {

Address at(const char* text) {
  return Address::parse(text).value();
}

std::uint64_t sum(const std::array<std::uint64_t, kRejections>& counts) {
  std::uint64_t total = 0;
  for (const auto count : counts)
    total += count;
  return total;
}

// A segment at 10.0.0.10/24 (fe80::10/64) hears a query from 10.0.0.1 (fe80::1), changed thus.
struct Case {
  const char* name;
  std::function<void(Packet&, LocalInterface&, Settings&)> change;
  std::optional<Rejection> reason{};
};

void source(Packet& packet, const char* text) {
  packet.source = at(text);
}

std::string case_name(const testing::TestParamInfo<Case>& of) {
  return of.param.name;
}

const auto kRejectedInBoth = testing::Values(
    Case{"ttl_2", [](auto& packet, auto&, auto&) { packet.hop_limit = 2; }, Rejection::kHopLimit},
    Case{"ttl_0", [](auto& packet, auto&, auto&) { packet.hop_limit = 0; }, Rejection::kHopLimit},
    Case{"ttl_255", [](auto& packet, auto&, auto&) { packet.hop_limit = 255; },
         Rejection::kHopLimit},
    Case{"option_missing_though_required",
         [](auto& packet, auto&, auto& settings) {
           packet.router_alert = false;
           settings.require_router_alert = true;
         },
         Rejection::kNoRouterAlert},
    Case{"another_group_address",
         [](auto& packet, auto&, auto&) { packet.destination = group(1, packet.source.family()); },
         Rejection::kDestination},
    Case{"somebody_elses_unicast",
         [](auto& packet, auto&, auto&) { packet.destination = host(3, packet.source.family()); },
         Rejection::kDestination},
    Case{"our_unicast",
         [](auto& packet, auto&, auto&) {
           packet.destination = host(kOurs, packet.source.family());
         },
         Rejection::kDestinationUnicast},
    Case{"general_query_with_sources",
         [](auto& packet, auto&, auto&) {
           auto query = general(Version::k3, packet.source.family());
           query.sources = {host(7, packet.source.family())};
           packet.message = query;
         },
         Rejection::kSourcesWithoutGroup},
    Case{"group_query_to_all_systems",
         [](auto& packet, auto&, auto&) {
           packet.message = specific(Version::k2, group(1, packet.source.family()));
         },
         Rejection::kDestination},
    Case{"sources_without_a_group",
         [](auto& packet, auto&, auto&) {
           auto query = general(Version::k3, packet.source.family());
           query.sources = {host(5, packet.source.family())};
           packet.message = query;
         },
         Rejection::kSourcesWithoutGroup});

// The rule: counted by its reason, told, and nothing changes.
void expect_rejected(Family family, const Case& each) {
  LocalInterface link = link_of(family);
  Settings settings = unjittered();
  auto packet = envelope(host(1, family), general(Version::k2, family));
  each.change(packet, link, settings);
  Lan lan(settings, family);
  lan.up(link);
  lan.join(5, group(1, family));
  lan.forget();

  lan.step(Received{.packet = packet, .mac = mac(1)});

  const auto counters = lan.counters();
  EXPECT_EQ(sum(counters.queries_rejected), 1U);
  EXPECT_EQ(counters.queries_rejected[static_cast<std::size_t>(*each.reason)], 1U);
  const auto told = lan.told<QueryRejected>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(name(told[0].what.reason), name(*each.reason));
  EXPECT_EQ(told[0].what.source, packet.source);
  EXPECT_EQ(told[0].what.mac, mac(1));
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.elected(), std::nullopt);
  EXPECT_TRUE(counters.competitor_queries.empty());
  EXPECT_EQ(counters.queries_received, Counters{}.queries_received);
  EXPECT_EQ(counters.proxy_queries, 0U);
  EXPECT_EQ(counters.version_mismatches, 0U);
}

void expect_accepted(Family family, const Case& each) {
  LocalInterface link = link_of(family);
  Settings settings = unjittered();
  auto packet = envelope(host(1, family), general(Version::k2, family));
  each.change(packet, link, settings);
  Lan lan(settings, family);
  lan.up(link);

  lan.step(Received{.packet = packet, .mac = mac(1)});

  const auto counters = lan.counters();
  EXPECT_EQ(sum(counters.queries_rejected), 0U);
  const auto& query = std::get<Query>(packet.message);
  EXPECT_EQ(by_version(counters.queries_received, query.version, kind_of(query)), 1U);
  EXPECT_TRUE(lan.told<QueryRejected>().empty());
  EXPECT_EQ(lan.elected(), query.is_general() ? std::optional(packet.source) : std::nullopt);
}

class RejectedIgmpQuery : public testing::TestWithParam<Case> {};
TEST_P(RejectedIgmpQuery, IsCountedByReasonAndChangesNothing) {
  expect_rejected(Family::kIPv4, GetParam());
}

class RejectedMldQuery : public testing::TestWithParam<Case> {};
TEST_P(RejectedMldQuery, IsCountedByReasonAndChangesNothing) {
  expect_rejected(Family::kIPv6, GetParam());
}

class AcceptedIgmpQuery : public testing::TestWithParam<Case> {};
TEST_P(AcceptedIgmpQuery, IsCountedAndMayElect) {
  expect_accepted(Family::kIPv4, GetParam());
}

class AcceptedMldQuery : public testing::TestWithParam<Case> {};
TEST_P(AcceptedMldQuery, IsCountedAndMayElect) {
  expect_accepted(Family::kIPv6, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Validity, RejectedIgmpQuery, kRejectedInBoth, case_name);
INSTANTIATE_TEST_SUITE_P(Validity, RejectedMldQuery, kRejectedInBoth, case_name);

INSTANTIATE_TEST_SUITE_P(
    Source, RejectedIgmpQuery,
    testing::Values(
        Case{"multicast", [](auto& packet, auto&, auto&) { source(packet, "224.0.0.1"); },
             Rejection::kSourceMulticast},
        Case{"loopback", [](auto& packet, auto&, auto&) { source(packet, "127.0.0.1"); },
             Rejection::kSourceLoopback},
        Case{"limited_broadcast",
             [](auto& packet, auto&, auto&) { source(packet, "255.255.255.255"); },
             Rejection::kSourceBroadcast},
        Case{"subnet_broadcast", [](auto& packet, auto&, auto&) { source(packet, "10.0.0.255"); },
             Rejection::kSourceBroadcast},
        Case{"subnet_address", [](auto& packet, auto&, auto&) { source(packet, "10.0.0.0"); },
             Rejection::kSourceSubnet},
        Case{"subnet_address_of_a_30",
             [](auto& packet, auto& link, auto&) {
               link.addresses = {{at("10.0.0.10"), 30}};
               source(packet, "10.0.0.8");
             },
             Rejection::kSourceSubnet},
        Case{"broadcast_of_the_second_subnet",
             [](auto& packet, auto& link, auto&) {
               link.addresses.push_back({at("192.168.1.1"), 24});
               source(packet, "192.168.1.255");
             },
             Rejection::kSourceBroadcast},
        Case{"off_subnet", [](auto& packet, auto&, auto&) { source(packet, "10.0.1.1"); },
             Rejection::kSourceOffSubnet},
        Case{"below_the_subnet",
             [](auto& packet, auto&, auto&) { source(packet, "9.255.255.255"); },
             Rejection::kSourceOffSubnet},
        Case{"off_a_host_route",
             [](auto& packet, auto& link, auto&) {
               link.addresses = {{at("10.0.0.10"), 32}};
               source(packet, "10.0.0.1");
             },
             Rejection::kSourceOffSubnet},
        Case{"broadcast_though_off_subnet_is_accepted",
             [](auto& packet, auto&, auto& settings) {
               settings.accept_off_subnet = true;
               source(packet, "10.0.0.255");
             },
             Rejection::kSourceBroadcast},
        Case{"loopback_though_off_subnet_is_accepted",
             [](auto& packet, auto&, auto& settings) {
               settings.accept_off_subnet = true;
               source(packet, "127.0.0.1");
             },
             Rejection::kSourceLoopback},
        Case{"off_subnet_group_query",
             [](auto& packet, auto&, auto&) {
               packet = envelope(at("10.0.1.1"), specific(Version::k3, group(1)));
             },
             Rejection::kSourceOffSubnet}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Source, RejectedMldQuery,
    testing::Values(
        Case{"unspecified", [](auto& packet, auto&, auto&) { source(packet, "::"); },
             Rejection::kSourceUnspecified},
        Case{"multicast", [](auto& packet, auto&, auto&) { source(packet, "ff02::1"); },
             Rejection::kSourceMulticast},
        Case{"loopback", [](auto& packet, auto&, auto&) { source(packet, "::1"); },
             Rejection::kSourceLoopback},
        Case{"global", [](auto& packet, auto&, auto&) { source(packet, "2001:db8::1"); },
             Rejection::kSourceNotLinkLocal},
        Case{"global_though_off_subnet_is_accepted",
             [](auto& packet, auto&, auto& settings) {
               settings.accept_off_subnet = true;
               source(packet, "2001:db8::1");
             },
             Rejection::kSourceNotLinkLocal},
        Case{"unique_local", [](auto& packet, auto&, auto&) { source(packet, "fd00::1"); },
             Rejection::kSourceNotLinkLocal},
        Case{"site_local", [](auto& packet, auto&, auto&) { source(packet, "fec0::1"); },
             Rejection::kSourceNotLinkLocal},
        Case{"no_option_though_not_required",
             [](auto& packet, auto&, auto&) { packet.router_alert = false; },
             Rejection::kNoRouterAlert}),
    case_name);

const auto kAcceptedInBoth = testing::Values(
    Case{"ordinary", [](auto&, auto&, auto&) {}},
    Case{"option_required_and_there",
         [](auto&, auto&, auto& settings) { settings.require_router_alert = true; }},
    Case{"group_query_to_our_unicast",
         [](auto& packet, auto&, auto&) {
           packet.message = specific(Version::k2, group(1, packet.source.family()));
           packet.destination = host(kOurs, packet.source.family());
         }},
    Case{"group_query_to_its_group",
         [](auto& packet, auto&, auto&) {
           packet =
               envelope(packet.source, specific(Version::k3, group(1, packet.source.family())));
         }},
    Case{"interface_without_addresses", [](auto&, auto& link, auto&) { link.addresses.clear(); }});

INSTANTIATE_TEST_SUITE_P(Validity, AcceptedIgmpQuery, kAcceptedInBoth, case_name);
INSTANTIATE_TEST_SUITE_P(Validity, AcceptedMldQuery, kAcceptedInBoth, case_name);

INSTANTIATE_TEST_SUITE_P(Source, AcceptedIgmpQuery,
                         testing::Values(Case{"lower_end_of_a_31",
                                              [](auto& packet, auto& link, auto&) {
                                                link.addresses = {{at("10.0.0.11"), 31}};
                                                source(packet, "10.0.0.10");
                                              }},
                                         Case{"in_the_second_subnet",
                                              [](auto& packet, auto& link, auto&) {
                                                link.addresses.push_back({at("9.1.1.200"), 25});
                                                source(packet, "9.1.1.129");
                                              }},
                                         Case{"off_subnet_if_accepted",
                                              [](auto& packet, auto&, auto& settings) {
                                                settings.accept_off_subnet = true;
                                                source(packet, "9.9.9.9");
                                              }},
                                         Case{"autoconfigured",
                                              [](auto& packet, auto& link, auto&) {
                                                link.addresses = {{at("169.254.9.9"), 16}};
                                                source(packet, "169.254.1.1");
                                              }}),
                         case_name);

INSTANTIATE_TEST_SUITE_P(Source, AcceptedMldQuery,
                         testing::Values(Case{
                             "of_the_whole_link_local_range",
                             [](auto& packet, auto&, auto&) { source(packet, "febf::1"); }}),
                         case_name);

}  // namespace
}  // namespace querent::core::test
