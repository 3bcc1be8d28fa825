#include "app/narrate.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/duration.hpp"

namespace querent::app {

namespace {

using namespace std::chrono_literals;
using core::Role;
using Change = core::GroupChanged::Change;
using testing::ElementsAre;
using testing::IsEmpty;

const MacAddress kMac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
const Address kOther = Address::v4(192, 168, 1, 2);
const Address kGroup = Address::v4(239, 1, 2, 3);

core::GroupChanged added(Address group) {
  return {Change::kAdded, {.group = group, .mode = core::FilterMode::kExclude}};
}
core::GroupChanged removed(Address group) {
  return {Change::kRemoved, {.group = group}};
}

core::SegmentView view() {
  core::SegmentView view;
  view.source = Address::v4(192, 168, 1, 5);
  return view;
}

std::vector<std::string> told(const std::vector<core::Action>& actions, bool in_detail = false) {
  std::vector<std::string> lines;
  for (const auto& line : narrate(actions, {"eth0", Family::kIPv4, in_detail}, view()))
    lines.push_back(std::string(line.event) + ": " + line.text);
  return lines;
}

TEST(Narrate, TellsALostElectionInOneLine) {
  EXPECT_THAT(told({core::QuerierElected{kOther, kMac, Version::k2},
                    core::RoleChanged{Role::kQuerier, Role::kNonQuerier, 3h + 12min + 9s}}),
              ElementsAre("election_lost: election lost to 192.168.1.2 (v2, 52:54:00:12:34:56); "
                          "was querier for 3h12m"));
}

TEST(Narrate, TellsAWonElectionInOneLine) {
  EXPECT_THAT(told({core::QuerierVanished{kOther, 255s},
                    core::RoleChanged{Role::kNonQuerier, Role::kQuerier, 1h}}),
              ElementsAre("election_won: election won: nothing from 192.168.1.2 for 4m15s; was "
                          "standby for 1h"));
}

TEST(Narrate, TellsASuccessor) {
  EXPECT_THAT(told({core::QuerierElected{kOther, {}, Version::k3}}),
              ElementsAre("querier_elected: querier is 192.168.1.2 (v3)"));
}

TEST(Narrate, SuccessorsAreMergedWhereTheyFollowEachOther) {
  const std::vector<core::Action> actions{core::QuerierElected{kOther, {}, Version::k3}};
  EXPECT_TRUE(narrate(actions, {"eth0", Family::kIPv4}, view()).at(0).repeats);
}

TEST(Narrate, NamesTheAddressThatIsMissing) {
  const std::vector<core::Action> actions{core::RoleChanged{Role::kDown, Role::kNoAddress, 0s}};
  auto wanting = view();
  EXPECT_EQ(narrate(actions, {"eth0", Family::kIPv4}, wanting).at(0).text,
            "no address to ask from: listening until there is one");
  EXPECT_EQ(narrate(actions, {"eth0", Family::kIPv6}, wanting).at(0).level, config::LogLevel::kInfo)
      << "an IPv6 address is checked for a while";
  wanting.wanted_source = Address::v4(10, 9, 9, 9);
  EXPECT_EQ(narrate(actions, {"eth0", Family::kIPv4}, wanting).at(0).text,
            "has no address 10.9.9.9: listening until it has");
}

// The version in force may be the older one by then.
TEST(Narrate, AMismatchIsBetweenWhatIsConfiguredAndWhatIsHeard) {
  auto following = view();
  following.version = Version::k1;
  const std::vector<core::Action> actions{core::VersionMismatch{kOther, Version::k1, Version::k3}};
  EXPECT_EQ(narrate(actions, {"eth0", Family::kIPv4}, following).at(0).text,
            "192.168.1.2 asks in v1, we in v3: configure the same version everywhere");
}

TEST(Narrate, AHostWithoutAnAddressYetIsNoWarning) {
  const auto level = [](core::Rejection reason) {
    const std::vector<core::Action> actions{
        core::ReportRejected{reason, Address::unspecified(Family::kIPv6), kMac}};
    return narrate(actions, {"eth0", Family::kIPv6}, view()).at(0).level;
  };
  EXPECT_EQ(level(core::Rejection::kSourceUnspecified), config::LogLevel::kDebug);
  EXPECT_EQ(level(core::Rejection::kHopLimit), config::LogLevel::kWarn);
}

TEST(Narrate, TellsThatNobodyAsks) {
  EXPECT_THAT(
      told({core::QuerierVanished{kOther, 130s}}),
      ElementsAre("querier_vanished: querier 192.168.1.2 fell silent 2m10s ago; nobody asks"));
}

TEST(Narrate, TellsHowItAsksWhenTheLinkComesUp) {
  EXPECT_THAT(told({core::SourceChanged{{}, Address::v4(192, 168, 1, 5)},
                    core::RoleChanged{Role::kDown, Role::kQuerier, 0s}}),
              ElementsAre("querier: querier as 192.168.1.5, asks every 1m (v2)"));
}

TEST(Narrate, LeavesALostLinkToTheInterface) {
  EXPECT_THAT(told({core::RoleChanged{Role::kQuerier, Role::kDown, 1s}}), IsEmpty());
}

TEST(Narrate, TellsQueriesAndGroupsInDetailOnly) {
  const std::vector<core::Action> actions{
      core::SendQuery{},
      core::QueryHeard{kOther, kMac, Query{}},
      core::QueryHeard{kOther, {}, Query{.group = kGroup}},
      added(kGroup),
      core::GroupChanged{Change::kChanged, {kGroup, core::FilterMode::kExclude, {kOther}}},
      core::GroupChanged{Change::kChanged, {kGroup, core::FilterMode::kInclude, {kOther}}},
      removed(kGroup),
      core::Refused{core::Refused::What::kHost, kGroup, kOther, kMac}};
  EXPECT_THAT(told(actions), IsEmpty());
  EXPECT_THAT(
      told(actions, true),
      ElementsAre("query_sent: general query sent (v2)",
                  "query_heard: general query heard from 192.168.1.2 (52:54:00:12:34:56) (v2)",
                  "query_heard: query for 239.1.2.3 heard from 192.168.1.2 (v2, 0 sources)",
                  "group_added: 239.1.2.3 is wanted",
                  "group_changed: 239.1.2.3 is wanted from all but 1 sources",
                  "group_changed: 239.1.2.3 is wanted from 1 sources only",
                  "group_removed: 239.1.2.3 is wanted no more",
                  "refused: limit reached: host of 239.1.2.3 refused, reported by "
                  "192.168.1.2 (52:54:00:12:34:56)"));
}

TEST(Narrate, CallsGroupsByTheirNames) {
  const Address group = Address::v4(239, 1, 2, 3);
  const observe::GroupNames names(
      config::NameConfig{.by_address = {{group, "hf audio"}}, .ka9q = {}});
  const std::vector<core::Action> actions{added(group), removed(group)};
  const auto lines = narrate(actions, {"eth0", Family::kIPv4, true}, view(), names);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "239.1.2.3 (hf audio) is wanted");
  EXPECT_EQ(lines[1].text, "239.1.2.3 (hf audio) is wanted no more");
  EXPECT_THAT(told({added(Address::v4(224, 0, 0, 251))}, true),
              ElementsAre("group_added: 224.0.0.251 (mDNS) is wanted"));
}

TEST(Narrate, LinesThatAFloodCanCauseRepeatByReason) {
  const std::vector<core::Action> actions{
      core::QueryRejected{core::Rejection::kHopLimit, kOther, kMac}};
  const auto lines = narrate(actions, {"eth0"}, view());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].repeats);
  EXPECT_EQ(lines[0].detail, "hop_limit");
  EXPECT_EQ(lines[0].text, "query from 192.168.1.2 (52:54:00:12:34:56) rejected: hop_limit");
}

}  // namespace

}  // namespace querent::app
