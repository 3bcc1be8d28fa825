#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/frame_sender.hpp"
#include "kit/hostile_cable.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// Sent for real, by another host: what must not change who asks, and what must.

namespace querent::test {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Hostile : public HostileCable, public testing::WithParamInterface<Family> {
 protected:
  Hostile() : HostileCable(GetParam()) {}

  bool is_igmp() const { return family_ == Family::kIPv4; }
};

INSTANTIATE_TEST_SUITE_P(Of, Hostile, testing::Values(Family::kIPv4, Family::kIPv6), family_name);

// ---- what does not count

TEST_P(Hostile, NoInvalidQueryChangesTheRole) {
  start_querier();
  const auto unseen = is_igmp() ? std::vector<Bytes>{} : unseen_mld_queries();
  for (const auto& packet : unseen)
    say(packet);
  const auto all = is_igmp() ? bad_igmp_queries() : bad_mld_queries();
  std::map<std::string, std::vector<const BadQuery*>> by_reason;
  for (const auto& bad : all) {
    say(bad.packet);
    auto& alike = by_reason[bad.reason];
    alike.push_back(&bad);
    ASSERT_NO_FATAL_FAILURE(await(alike.front()->told)) << bad.packet.size() << " octets";
  }
  still_elects();
  ends_well();
  // Each was counted once, under its reason: the first is told at once, the others in a summary
  // with the latest.
  for (const auto& [reason, alike] : by_reason) {
    const auto& told = alike.back()->told;
    if (alike.size() == 1) {
      EXPECT_THAT(querent_->errors(), Not(HasSubstr(told + " ...")));
    } else {
      EXPECT_THAT(querent_->errors(),
                  HasSubstr(fmt::format("{} ... {} more in", told, alike.size() - 1)));
    }
  }
  const auto unreadable = std::ranges::count(all, true, &BadQuery::unreadable);
  EXPECT_THAT(querent_->errors(), HasSubstr(fmt::format(", {} malformed packets,", unreadable)));
  fmt::print("{} invalid queries, {} reasons; {} that the kernel kept\n", all.size(),
             by_reason.size(), unseen.size());
}

// These are in order, but no candidacies.
TEST_P(Hostile, NeitherProxyNorGroupNorHigherQueriesElect) {
  start_querier();
  const Address group = some_group(family_);
  if (is_igmp()) say(query_from(nobody(family_), family_));
  for (const Version version : {Version::k2, Version::k3})
    say(query_about(group, version, group));
  say(query_about(group, Version::k3, group, {address(kHigher)}));
  say(query_about(group, Version::k2, address(kOwn)));
  say(query_from(address(kHigher), family_));
  say(query_with_hop_limit(family_, 2));
  await("rejected: hop_limit");
  still_elects();
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("unreadable")));
}

TEST_P(Hostile, OurOwnAddressAndOurOwnQueriesAreToldAndDoNotElect) {
  start_querier();
  say(query_from(address(kOwn), family_));
  await(fmt::format("address conflict: {} is also used by {}", address(kOwn).to_string(),
                    kAttacker.to_string()));
  const FrameSender sender(attacker_);
  const auto send_as_querent = [&](int host) {
    sender.send(
        wire::ethernet_frame(kQuerent, everybody(family_), query_from(address(host), family_)));
  };
  send_as_querent(kOwn);
  await("our own query came back");
  send_as_querent(kLower);
  still_elects();
}

// ---- what does

TEST_P(Hostile, EveryValidQueryOfALowerAddressTakesTheRole) {
  start_querier({"--timeout", "200ms"});
  const auto all = is_igmp() ? good_igmp_queries() : good_mld_queries();
  for (const auto& [packet, octets] : all) {
    say(octets);
    const auto version = std::get<Query>(packet.message).version;
    const auto source = packet.source.to_string();
    ASSERT_NO_FATAL_FAILURE(await(fmt::format("election lost to {} (v{}, {})", source,
                                              number(version, family_), kAttacker.to_string())));
    ASSERT_NO_FATAL_FAILURE(await(fmt::format("election won: nothing from {} for", source)));
  }
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("rejected")));
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("unreadable")));
  fmt::print("{} valid queries\n", all.size());
}

// ---- settings of IGMP

class HostileIgmp : public HostileCable {
 protected:
  HostileIgmp() : HostileCable(Family::kIPv4) {}
};

TEST_F(HostileIgmp, WithoutRouterAlertWhereItIsRequired) {
  start_querier({"--require-router-alert"});
  auto packet = general_query(family_);
  packet.router_alert = false;
  say(wire::encode(packet));
  await("query from 10.9.0.11 (02:00:00:00:00:01) rejected: no_router_alert");
  still_elects();
}

TEST_F(HostileIgmp, FromAnotherSubnetWhereThatIsAccepted) {
  start_querier({"--accept-off-subnet"});
  say(query_from(Address::v4(192, 0, 2, 1), family_));  // higher
  say(query_from(Address::v4(10, 8, 0, 1), family_));
  await("election lost to 10.8.0.1 (v2");
}

}  // namespace

}  // namespace querent::test
