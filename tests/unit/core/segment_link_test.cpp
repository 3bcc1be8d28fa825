#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 5: links and settings come and go.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

LocalInterface addressed(std::initializer_list<unsigned> numbers) {
  std::vector<InterfaceAddress> addresses;
  for (const unsigned number : numbers)
    addresses.emplace_back(host(number), 24);
  return link_of(std::move(addresses));
}

TEST(LocalInterface, BeforeItIsUpNothingIsSentAndNobodyIsHeard) {
  Lan lan;
  EXPECT_EQ(lan.role(), Role::kDown);
  EXPECT_EQ(lan.segment().deadline(), std::nullopt);
  lan.step(Tick{});
  lan.hear(1, Version::k2);
  lan.join(5, group(1));
  lan.leave(5, group(1));
  lan.step(LinkChanged{addressed({3})});
  lan.step(LinkDown{});
  lan.step(Reconfigured{unjittered(Version::k3)});
  lan.advance(1h);
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.role(), Role::kDown);
  EXPECT_EQ(lan.view().groups, 0U);
  EXPECT_EQ(lan.counters().reports_received, Counters{}.reports_received);
  EXPECT_EQ(lan.counters().queries_received, Counters{}.queries_received);
  EXPECT_TRUE(lan.told<RoleChanged>().empty());
}

TEST(LocalInterface, SettingsOfADownLinkHoldWhenItComesUp) {
  Lan lan;
  lan.step(Reconfigured{unjittered(Version::k3)});
  lan.up();
  EXPECT_EQ(lan.sent().at(0).query.version, Version::k3);
}

TEST(LocalInterface, GoesDownSilentlyAndComesBackWithABurst) {
  Lan lan;
  lan.up();
  lan.advance(100s);
  lan.step(LinkDown{});
  EXPECT_EQ(lan.role(), Role::kDown);
  EXPECT_EQ(lan.view().source, std::nullopt);
  lan.forget();
  lan.advance(100s);
  EXPECT_TRUE(lan.sent().empty());
  lan.up();
  EXPECT_EQ(lan.role(), Role::kQuerier);
  lan.advance(70s);
  EXPECT_EQ(lan.sent_at(), (Times{200000, 205000, 210000, 270000}));
  EXPECT_EQ(lan.counters().address_changes, 0U);
}

TEST(LocalInterface, GoingDownForgetsTheElectedOneAndIsNoElection) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.step(LinkDown{});
  EXPECT_EQ(lan.elected(), std::nullopt);
  EXPECT_EQ(lan.segment().deadline(), std::nullopt);
  lan.up();
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.counters().elections_won, 0U);
  EXPECT_EQ(lan.counters().elections_lost, 1U);
}

TEST(LocalInterface, ComingUpAgainWhileUpStartsAnew) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.advance(50s);
  lan.forget();
  lan.up();
  EXPECT_EQ(lan.role(), Role::kQuerier);
  lan.advance(10s);
  EXPECT_EQ(lan.sent_at(), (Times{50000, 55000, 60000}));
}

TEST(LocalInterface, ComingUpRenewsMembershipsAndDropsOpenQuestions) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.advance(100s);
  lan.leave(5, group(1));
  lan.forget();
  lan.up();
  EXPECT_EQ(lan.find(group(1))->expires_in, 140s);
  lan.advance(4s);
  EXPECT_TRUE(lan.sent_to(group(1)).empty());
}

TEST(LocalInterface, MembershipsRunOutWhileItIsDownAndNothingIsAsked) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.leave(5, group(1));
  lan.step(LinkDown{});
  lan.forget();
  lan.advance(140s);
  EXPECT_FALSE(lan.knows(group(1)));
  EXPECT_TRUE(lan.sent().empty());
}

TEST(LocalInterface, MembershipsAreRenewedByTheValuesThatHoldAfterwards) {
  Lan lan;
  lan.up();
  Query brief = general(Version::k3);
  brief.query_interval = 1s;
  brief.max_response = 250ms;
  lan.hear(1, brief);
  lan.join(5, group(1));
  EXPECT_EQ(lan.find(group(1))->expires_in, 2500ms);
  lan.up();  // we are querier: answers to our own query may take 10 s
  EXPECT_EQ(lan.find(group(1))->expires_in, 140s);
}

TEST(LocalInterface, MembershipsRenewedForAShorterTimeEndThen) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  Settings brief = unjittered();
  brief.query_interval = 1s;
  lan.step(Reconfigured{brief});
  lan.up();
  EXPECT_EQ(lan.find(group(1))->expires_in, 2500ms);
  lan.advance(2500ms);
  EXPECT_FALSE(lan.knows(group(1)));
}

struct Change {
  const char* name;
  std::vector<unsigned> before;
  std::vector<unsigned> after;
  bool restarts;
  Role role;
};

class AddressMessage : public testing::TestWithParam<Change> {};

TEST_P(AddressMessage, RestartsTheElectionExactlyWhenTheSourceChanges) {
  const auto& change = GetParam();
  const auto link_with = [](const std::vector<unsigned>& numbers) {
    std::vector<InterfaceAddress> addresses;
    addresses.reserve(numbers.size());
    for (const unsigned number : numbers)
      addresses.emplace_back(host(number), 24);
    return link_of(std::move(addresses));
  };
  Lan lan;
  lan.up(link_with(change.before));
  lan.hear(2, Version::k2);
  const auto before = lan.elected();
  lan.advance(20s);
  lan.forget();
  lan.step(LinkChanged{link_with(change.after)});
  EXPECT_EQ(lan.role(), change.role);
  EXPECT_EQ(lan.elected(), change.restarts ? std::nullopt : before);
  EXPECT_EQ(lan.sent().size(), change.role == Role::kQuerier ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Segment, AddressMessage,
    testing::Values(Change{"renewal", {10}, {10}, false, Role::kNonQuerier},
                    Change{"second_address", {10}, {10, 11}, false, Role::kNonQuerier},
                    Change{"second_address_gone", {10, 11}, {10}, false, Role::kNonQuerier},
                    Change{"lower_address", {10}, {10, 5}, true, Role::kQuerier},
                    Change{"other_address", {10}, {20}, true, Role::kQuerier},
                    Change{"first_address", {}, {10}, true, Role::kQuerier},
                    Change{"last_address_gone", {10}, {}, true, Role::kNoAddress}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(LocalInterface, ANewSourceIsUsedAtOnceAndCounted) {
  Lan lan;
  lan.up();
  lan.step(LinkChanged{addressed({20})});
  EXPECT_EQ(lan.sent().back().packet.source, host(20));
  EXPECT_EQ(lan.view().source, host(20));
  EXPECT_EQ(lan.counters().address_changes, 1U);
  lan.hear(15, Version::k2);  // lost to the new one only
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
}

TEST(LocalInterface, AnotherSubnetIsKnownAtOnceWithoutARestart) {
  Lan lan;
  lan.up();
  const Packet query = envelope(Address::v4(9, 0, 0, 1), general(Version::k2));
  lan.step(Received{.packet = query, .mac = mac(1)});
  EXPECT_EQ(lan.role(), Role::kQuerier);
  auto link = link_of({{host(kOurs), 24}, {Address::v4(192, 168, 0, 1), 16}});
  lan.forget();
  lan.step(LinkChanged{link});
  EXPECT_TRUE(lan.sent().empty());
  const Address neighbour = Address::v4(192, 168, 9, 9);
  lan.step(Received{.packet = envelope(neighbour, general(Version::k2)), .mac = mac(1)});
  EXPECT_EQ(lan.counters().competitor_queries.size(), 1U);
}

TEST(LocalInterface, AnAddressThatComesLaterIsAskedFromAtOnce) {
  Lan lan;
  lan.up(addressed({}));
  lan.advance(10s);
  lan.step(LinkChanged{addressed({10})});
  lan.advance(10s);
  EXPECT_EQ(lan.sent_at(), (Times{10000, 15000, 20000}));
}

TEST(LocalInterface, RestartedByAnAddressKeepsMemberships) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.step(LinkChanged{addressed({20})});
  EXPECT_TRUE(lan.knows(group(1)));
}

}  // namespace
}  // namespace querent::core::test
