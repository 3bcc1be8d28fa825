#include "observe/alarms.hpp"

#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../folders.hpp"
#include "sample.hpp"

// Every row of the table in docs/api.md, both ways.

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<Alarm> alarms_of(const SegmentStatus& segment) {
  return alarms(interface_up("eth0", {segment}), segment, kNow);
}

std::vector<Alarm> alarms_of(InterfaceStatus::State state, const std::string& reason) {
  const auto interface = interface_in(state, reason);
  return alarms(interface, interface.segments.front(), kNow);
}

// "two_queriers error"
std::vector<std::string> told(const std::vector<Alarm>& alarms) {
  std::vector<std::string> all;
  for (const auto& alarm : alarms) {
    EXPECT_FALSE(alarm.text.empty()) << alarm.id;
    EXPECT_FALSE(alarm.advice.empty()) << alarm.id;
    all.push_back(std::string(alarm.id) + (alarm.is_error ? " error" : " warning"));
  }
  return all;
}

// In a role in which it does not ask, and nobody else does.
SegmentStatus silent(State state, core::Role role) {
  auto segment = querier();
  segment.view.role = role;
  segment.view.next_query.reset();
  segment.record.state = state;
  return segment;
}

// Asked from `since` on until `heard`.
SegmentStatus disputed(Duration since_ago, Duration heard_ago) {
  auto segment = querier();
  segment.view.last_competitor = core::LastCompetitor{.address = address("192.168.1.9"),
                                                      .mac = kMac,
                                                      .since = kNow - since_ago,
                                                      .heard = kNow - heard_ago};
  return segment;
}

TEST(Alarms, AreNoneWhenAllIsWell) {
  EXPECT_THAT(alarms_of(querier()), IsEmpty());
  EXPECT_THAT(alarms_of(non_querier()), IsEmpty());
  EXPECT_THAT(alarms_of(querier(Family::kIPv6)), IsEmpty());
}

TEST(Alarms, OfAnInterfaceThatIsNotUpAreThatAlone) {
  using S = InterfaceStatus::State;
  const auto missing = alarms_of(S::kMissing, "missing");
  EXPECT_THAT(told(missing), ElementsAre("interface_missing error"));
  EXPECT_EQ(missing[0].text, "There is no interface eth0");
  const auto down = alarms_of(S::kDown, "has no carrier");
  EXPECT_THAT(told(down), ElementsAre("interface_down error"));
  EXPECT_EQ(down[0].text, "eth0 has no carrier");
  const auto failed = alarms_of(S::kFailed, "belongs to br0 (bridge): name br0 instead");
  EXPECT_THAT(told(failed), ElementsAre("interface_failed error"));
  EXPECT_EQ(failed[0].text, "eth0 belongs to br0 (bridge): name br0 instead");
}

TEST(Alarms, SocketsThatCannotBeOpenedAreAFailedInterface) {
  auto segment = silent(State::kFailed, core::Role::kDown);
  segment.record.reason = "cannot open a socket: EMFILE";
  const auto found = alarms_of(segment);
  EXPECT_THAT(told(found), ElementsAre("interface_failed error"));
  EXPECT_EQ(found[0].text, "No sockets on eth0: cannot open a socket: EMFILE");
}

TEST(Alarms, NobodyAsks) {
  auto passive = silent(State::kPassive, core::Role::kPassive);
  EXPECT_THAT(told(alarms_of(passive)), ElementsAre("no_querier error"));
  EXPECT_THAT(alarms_of(passive)[0].advice, HasSubstr("passive"));
  passive.view.elected = non_querier().view.elected;
  EXPECT_THAT(alarms_of(passive), IsEmpty());
  const auto down = alarms_of(silent(State::kDown, core::Role::kDown));
  EXPECT_THAT(told(down), ElementsAre("no_querier error"));
  EXPECT_THAT(down[0].advice, Not(HasSubstr("passive")));
}

TEST(Alarms, ThereIsNoAddressToAskFrom) {
  auto segment = silent(State::kNoAddress, core::Role::kNoAddress);
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre("no_address warning", "no_querier error"));
  segment.view.elected = non_querier().view.elected;
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre("no_address warning"));
}

TEST(Alarms, AQueryIsDueThatTheKernelDoesNotTake) {
  auto segment = querier();
  segment.record.unsent = Unsent{.due = kNow - 6s, .why = "send on eth0: EPERM"};
  EXPECT_THAT(alarms_of(segment), IsEmpty());
  segment.record.unsent->due = kNow - 7s;
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre("send_failed error"));
  EXPECT_EQ(alarms_of(segment)[0].text,
            "A query that was due 7s ago cannot be sent: send on eth0: EPERM");
}

TEST(Alarms, TwoQueriersOnlyWhenTheOtherOneGoesOnAsking) {
  EXPECT_THAT(alarms_of(disputed(0s, 0s)), IsEmpty()) << "it asked once";
  EXPECT_THAT(alarms_of(disputed(70s, 11s)), IsEmpty()) << "not for a whole interval";
  EXPECT_THAT(told(alarms_of(disputed(71s, 11s))), ElementsAre("two_queriers error"));
  EXPECT_EQ(
      alarms_of(disputed(71s, 11s))[0].text,
      "192.168.1.9 (52:54:00:12:34:56) goes on sending queries although our address is lower: it "
      "does not hear us");
}

TEST(Alarms, TwoQueriersAreOverAfterFiveMinutesOfSilence) {
  EXPECT_THAT(told(alarms_of(disputed(1h, 5min - 1ns))), ElementsAre("two_queriers error"));
  EXPECT_THAT(alarms_of(disputed(1h, 5min)), IsEmpty());
}

TEST(Alarms, TwoQueriersBesideUs) {
  auto segment = non_querier();
  segment.view.last_competitor = disputed(70s, 5s).view.last_competitor;
  ASSERT_THAT(told(alarms_of(segment)), ElementsAre("two_queriers error"));
  EXPECT_THAT(alarms_of(segment)[0].text, HasSubstr("although another querier is elected"));
}

// It was a competitor, until we stopped being querier.
TEST(Alarms, TheElectedQuerierIsNoSecondOne) {
  auto segment = non_querier();
  segment.view.elected->address = address("192.168.1.9");
  segment.view.last_competitor = disputed(70s, 5s).view.last_competitor;
  EXPECT_THAT(alarms_of(segment), IsEmpty());
}

TEST(Alarms, OnesOwnRoleBeganAnewAndSoDoesTheDispute) {
  auto segment = disputed(70s, 5s);
  segment.view.role_since = kNow - 60s;
  EXPECT_THAT(alarms_of(segment), IsEmpty());
}

struct Seen {
  const char* told;
  Instant LastSeen::*when;
};

class SeenLately : public testing::TestWithParam<Seen> {};

INSTANTIATE_TEST_SUITE_P(Of, SeenLately,
                         testing::Values(Seen{"address_conflict error", &LastSeen::conflict},
                                         Seen{"loop error", &LastSeen::loop},
                                         Seen{"malformed warning", &LastSeen::malformed},
                                         Seen{"forged warning", &LastSeen::forged},
                                         Seen{"frames_dropped warning", &LastSeen::dropped},
                                         Seen{"table_full warning", &LastSeen::refused}),
                         [](const auto& seen) {
                           const std::string told = seen.param.told;
                           return told.substr(0, told.find(' '));
                         });

TEST_P(SeenLately, IsAnAlarmForFiveMinutes) {
  auto segment = querier();
  segment.record.last_seen.*GetParam().when = kNow;
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre(GetParam().told));
  segment.record.last_seen.*GetParam().when = kNow - 5min + 1ns;
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre(GetParam().told));
  segment.record.last_seen.*GetParam().when = kNow - 5min;
  EXPECT_THAT(alarms_of(segment), IsEmpty());
}

TEST(Alarms, AConflictNamesTheAddressIfThereIsOne) {
  auto segment = querier();
  segment.record.last_seen.conflict = kNow;
  EXPECT_EQ(alarms_of(segment)[0].text, "Another machine uses our address 192.168.1.5");
  segment.view.source.reset();
  EXPECT_EQ(alarms_of(segment)[0].text, "Another machine uses our address");
}

TEST(Alarms, SomebodyAsksInAnOlderVersion) {
  auto segment = querier();
  segment.view.version_mismatch = true;
  EXPECT_THAT(told(alarms_of(segment)), ElementsAre("version_mismatch warning"));
}

TEST(Alarms, TheQuerierAsksTooSeldom) {
  const auto asking_every = [](Duration interval) {
    auto segment = non_querier();
    segment.view.values.query_interval = interval;
    return segment;
  };
  EXPECT_THAT(alarms_of(asking_every(130s)), IsEmpty());
  EXPECT_THAT(told(alarms_of(asking_every(130s + 1ns))), ElementsAre("long_interval warning"));
  EXPECT_THAT(told(alarms_of(asking_every(260s))), ElementsAre("long_interval warning"));
  EXPECT_THAT(told(alarms_of(asking_every(300s))), ElementsAre("long_interval error"));
  EXPECT_EQ(alarms_of(asking_every(300s))[0].text,
            "The querier sends queries only every 5m; most switches forget after 4m20s");
  auto nobody = silent(State::kPassive, core::Role::kPassive);
  nobody.view.values.query_interval = 300s;
  EXPECT_THAT(told(alarms_of(nobody)), ElementsAre("no_querier error")) << "our own plan only";
}

TEST(Alarms, WhatExplainsOthersIsToldAlone) {
  auto segment = querier();
  segment.record.last_seen = {kNow, kNow, kNow, kNow, kNow, kNow};
  const auto interface = interface_in(InterfaceStatus::State::kDown, "is down");
  EXPECT_THAT(told(alarms(interface, segment, kNow)), ElementsAre("interface_down error"));
}

TEST(Alarms, EachIsDocumentedWithItsSeverity) {
  std::ifstream file(querent::test::docs_folder() + "/api.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const auto& row : alarm_table()) {
    const std::string id = fmt::format("`{}`", row.id);
    const auto at =
        page.find("| " + id) == std::string::npos ? page.find(id) : page.find("| " + id);
    ASSERT_NE(at, std::string::npos) << row.id;
    const std::string line = page.substr(at, page.find('\n', at) - at);
    EXPECT_THAT(line, HasSubstr(row.is_error ? "error" : "warning")) << row.id;
  }
}

// What explains an alarm stands before it, or it would be told, too.
TEST(Alarms, DependOnWhatStandsBefore) {
  std::set<std::string_view> before;
  for (const auto& row : alarm_table()) {
    for (const auto id : row.depends_on)
      EXPECT_TRUE(before.contains(id)) << row.id << " depends on " << id;
    before.insert(row.id);
  }
}

TEST(Alarms, SeveralAreToldTogether) {
  auto segment = disputed(70s, 5s);
  segment.record.last_seen = {kNow, kNow, kNow, kNow, kNow, kNow};
  segment.view.version_mismatch = true;
  EXPECT_THAT(told(alarms_of(segment)),
              ElementsAre("two_queriers error", "address_conflict error", "loop error",
                          "version_mismatch warning", "malformed warning", "forged warning",
                          "frames_dropped warning", "table_full warning"));
}

}  // namespace
}  // namespace querent::observe::test
