// What scenarios are made of, in both families.

#include "sim/scenario.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "lan.hpp"
#include "sim/scenario_parts.hpp"
#include "sim/simulation.hpp"

namespace querent::sim::test {
namespace {

using core::Role;
using std::chrono::minutes;

constexpr Family kIPv6 = Family::kIPv6;

Scenario storm(std::uint64_t seed) {
  return make_scenario(Profile::kStorm, seed, {.family = kIPv6});
}

TEST(AScenarioOfASeed, IsInEitherFamilyAboutHalfOfTheTime) {
  std::uint64_t ipv6 = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    ipv6 += family_of(seed) == kIPv6 ? 1U : 0U;
    if (seed > 40) continue;
    const auto scenario = make_scenario(Profile::kStorm, seed);
    EXPECT_EQ(scenario.queriers.front().address.family(), family_of(seed));
    EXPECT_EQ(scenario.stream_group.is_unspecified(), true);
  }
  EXPECT_GT(ipv6, 450U);
  EXPECT_LT(ipv6, 550U);
}

TEST(AScenarioOfASeed, IsTheSameWhetherItsFamilyIsChosenOrWanted) {
  constexpr Shape kSmall{.queriers = 3, .hosts = 5, .storm = minutes(2)};
  std::set<Family> seen;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Shape wanted = kSmall;
    wanted.family = family_of(seed);
    seen.insert(*wanted.family);
    const auto chosen = simulate(Profile::kStorm, seed, kSmall).fingerprint;
    EXPECT_EQ(simulate(Profile::kStorm, seed, wanted).fingerprint, chosen) << seed;
    wanted.family = *wanted.family == kIPv6 ? Family::kIPv4 : kIPv6;
    EXPECT_NE(simulate(Profile::kStorm, seed, wanted).fingerprint, chosen) << seed;
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST(AnIpv6Scenario, HasItsMachinesAllOverTheLinkLocalRange) {
  const Prefix link_local(Address::v6(0xFE80000000000000, 0), 10);
  bool order_differs = false;
  std::set<std::uint64_t> nets;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto scenario = storm(seed);
    std::set<std::uint64_t> identifiers;
    for (const auto& querier : scenario.queriers) {
      EXPECT_TRUE(link_local.contains(querier.address));
      EXPECT_TRUE(querier.subnet.contains(querier.address));
      EXPECT_TRUE(identifiers.insert(querier.address.low64()).second);
      nets.insert(querier.address.high64());
      const Address first = scenario.queriers.front().address;
      order_differs =
          order_differs || (querier.address < first) != is_lower(querier.address, first);
    }
  }
  EXPECT_GT(nets.size(), 20U);
  EXPECT_TRUE(order_differs);
}

TEST(AnIpv6Scenario, KnowsNoVersion1AndNoProxy) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    for (const auto profile : {Profile::kStorm, Profile::kSettled, Profile::kStream}) {
      const auto scenario = make_scenario(profile, seed, {.family = kIPv6});
      for (const auto& querier : scenario.queriers) {
        EXPECT_GE(querier.settings.version, Version::k2);
        EXPECT_FALSE(querier.settings.source.has_value());
      }
      for (const auto& host : scenario.hosts)
        EXPECT_GE(host.version, Version::k2);
      for (const auto& foreign : scenario.foreign)
        EXPECT_TRUE(foreign.version >= Version::k2 && foreign.router_alert);
    }
  }
}

TEST(AnIpv6Scenario, GivesEveryHostAnAddressInTheEnd) {
  std::size_t late = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto scenario = storm(seed);
    for (std::size_t i = 0; i < scenario.hosts.size(); ++i) {
      if (!scenario.hosts[i].address.is_unspecified()) continue;
      ++late;
      const NodeId id = scenario.first_host() + i;
      EXPECT_TRUE(std::any_of(scenario.plan.begin(), scenario.plan.end(), [id](const auto& each) {
        const auto* change = std::get_if<ChangeAddress>(&each.what);
        return change != nullptr && change->node == id;
      }));
    }
  }
  EXPECT_GT(late, 50U);
}

TEST(AnIpv6Scenario, HasGroupsOfEveryKind) {
  Random random(1);
  const Dialect& mld = dialect_of(kIPv6);
  const auto groups = random_groups(mld, random);
  const auto count = [&groups](auto is) { return std::count_if(groups.begin(), groups.end(), is); };
  EXPECT_EQ(count([&](Address group) { return mld.is_link_local(group); }), 3);
  EXPECT_GE(count([&](Address group) { return mld.is_source_specific(group); }), 1);
  EXPECT_EQ(count([&](Address group) { return !mld.is_tracked(group); }), 0);
  EXPECT_GE(groups.size(), 10U);
}

// A segment that knows nobody else rejects every forgery, for every reason that MLD has.
TEST(AnMldForgery, IsRejectedWhateverIsWrongWithIt) {
  Random random(1);
  const Victims victims{mac(99),
                        dialect_of(kIPv6).unicast,
                        {machine(10, kIPv6), machine(11, kIPv6)},
                        {group(1, kIPv6), group(2, kIPv6)}};
  std::set<core::Rejection> reasons;
  for (int i = 0; i < 1000; ++i) {
    const auto version = random.chance(0.5) ? Version::k2 : Version::k3;
    const FramePtr frame = random_forgery(random, version, victims);
    ASSERT_TRUE(frame->forged && frame->message);
    core::Segment segment({}, kIPv6, Random(1));
    core::LocalInterface link{.mac = mac(10)};
    link.addresses.emplace_back(machine(20, kIPv6), 64);
    segment.step(core::LinkUp{link}, kStart);
    for (const auto& action : segment.step(core::Received{*frame->message, mac(99)}, kStart)) {
      if (const auto* query = std::get_if<core::QueryRejected>(&action))
        reasons.insert(query->reason);
      if (const auto* said = std::get_if<core::ReportRejected>(&action))
        reasons.insert(said->reason);
    }
    EXPECT_EQ(segment.view(kStart).role, Role::kQuerier);
    EXPECT_EQ(segment.view(kStart).groups, 0U);
  }
  using core::Rejection;
  EXPECT_EQ(reasons,
            (std::set<Rejection>{Rejection::kHopLimit, Rejection::kNoRouterAlert,
                                 Rejection::kSourceUnspecified, Rejection::kSourceMulticast,
                                 Rejection::kSourceNotLinkLocal, Rejection::kDestination}));
}

// What a bit more or less makes of a frame whose header has no checksum.
TEST(ADamagedMldFrame, IsCorruptForgedOrTheSame) {
  const auto whole = on_cable(1, query(Version::k3, Address{}));
  std::size_t corrupt = 0;
  std::size_t forged = 0;
  std::size_t same = 0;
  for (std::uint64_t bit = 0; bit < whole->packet.size() * 8; ++bit) {
    const auto frame = corrupted(*whole, bit);
    EXPECT_TRUE(frame->damaged);
    if (frame->corrupt) {
      EXPECT_FALSE(frame->message) << bit;
      ++corrupt;
    } else if (frame->forged) {
      EXPECT_FALSE(dialect_of(kIPv6).accepts(*frame->message)) << bit;
      ++forged;
    } else {
      EXPECT_EQ(frame->message, whole->message) << bit;
      ++same;
    }
  }
  EXPECT_GE(corrupt, 8 * (32U + 28U)) << "both addresses and the message are in its checksum";
  EXPECT_GE(forged, 8U) << "the hop limit";
  EXPECT_GE(same, 28U) << "traffic class and flow label";
}

}  // namespace
}  // namespace querent::sim::test
