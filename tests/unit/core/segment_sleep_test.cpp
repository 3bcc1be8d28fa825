#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 1: a segment that slept through more than one query interval starts anew.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

TEST(Sleep, OfThreeIntervalsAsQuerierEndsInOneStartupBurst) {
  Lan lan;
  lan.up();
  lan.advance(20s);
  lan.forget();
  lan.sleep(180s);
  lan.advance(70s);
  EXPECT_EQ(lan.sent_at(), (Times{200000, 205000, 210000, 270000}));
  EXPECT_EQ(lan.counters().sleeps, 1U);
  const auto slept = lan.told<Slept>();
  ASSERT_EQ(slept.size(), 1U);
  EXPECT_EQ(slept[0].what.silent_for, 190s);  // since the startup query at 10 s
  EXPECT_TRUE(lan.told<RoleChanged>().empty());
}

TEST(Sleep, OfThreeIntervalsAsNonQuerierEndsInABurstUntilTheNextForeignQuery) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.advance(20s);
  lan.forget();
  lan.sleep(180s);
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.counters().elections_won, 0U);
  lan.advance(7s);
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
  EXPECT_EQ(lan.timeout(), 255s);
  lan.advance(200s);
  EXPECT_EQ(lan.sent_at(), (Times{200000, 205000}));
}

TEST(Sleep, KeepsMembershipsForAWholeInterval) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.report(5, RecordType::kIsInclude, group(2), {host(7)});
  lan.sleep(24h);
  for (const unsigned number : {1U, 2U}) {
    ASSERT_TRUE(lan.knows(group(number)));
    // Group by group a microsecond later, so that a full table does not end at one instant.
    EXPECT_GE(lan.find(group(number))->expires_in, 140s);
    EXPECT_LT(lan.find(group(number))->expires_in, 140s + 1ms);
  }
  EXPECT_EQ(lan.find(group(2))->hosts.size(), 1U);
  lan.advance(140s);
  EXPECT_EQ(lan.view().groups, 1U);
  lan.advance(1ms);
  EXPECT_EQ(lan.view().groups, 0U);
}

TEST(Sleep, KeepsMembershipsForOurOwnIntervalNotTheFormerQueriers) {
  Lan lan;
  lan.up();
  Query brief = general(Version::k3);
  brief.query_interval = 1s;
  brief.max_response = 250ms;
  lan.hear(1, brief);
  lan.join(5, group(1));
  lan.sleep(24h);
  EXPECT_EQ(lan.find(group(1))->expires_in, 140s);
}

TEST(Sleep, DropsOpenQuestions) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.leave(5, group(1));
  lan.forget();
  lan.sleep(24h);
  lan.advance(10s);
  EXPECT_TRUE(lan.sent_to(group(1)).empty());
}

TEST(Sleep, IsFoundByWhateverHappensFirst) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.sleep(0s);
  lan.advance(20s);
  lan.forget();
  // Not a tick but a report wakes us.
  lan.step(Tick{});
  const Instant before = lan.now();
  Segment copy = lan.segment();
  const auto actions = copy.step(
      Received{.packet = envelope(host(5), Report{.records = {{.group = group(2)}}})}, before + 1h);
  ASSERT_GE(actions.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Slept>(actions[0]));
  EXPECT_TRUE(std::holds_alternative<SendQuery>(actions[1]));
  EXPECT_EQ(copy.view(before + 1h).groups, 2U);
}

TEST(Sleep, OfAPassiveSegmentRestartsItsListening) {
  Settings settings = unjittered();
  settings.passive = true;
  Lan lan(settings);
  lan.up();
  lan.hear(200, Version::k2);
  lan.join(5, group(1));
  lan.sleep(1h);
  EXPECT_TRUE(lan.knows(group(1)));
  EXPECT_EQ(lan.elected(), std::nullopt);
  EXPECT_TRUE(lan.sent().empty());
  EXPECT_EQ(lan.counters().sleeps, 1U);
}

TEST(Sleep, IsNotWhatAStepIsThatComesALittleLate) {
  Lan lan;
  lan.up();
  lan.advance(70s);
  lan.forget();
  lan.sleep(60s + 15s);  // the query of 130 s, a quarter of an interval late
  EXPECT_EQ(lan.counters().sleeps, 0U);
  EXPECT_EQ(lan.sent_at(), (Times{145000}));
  lan.advance(45s);
  EXPECT_EQ(lan.sent_at(), (Times{145000, 190000}));
}

TEST(Sleep, OfMoreThanAnIntervalIsFoundWheneverItBegins) {
  for (const bool as_querier : {true, false}) {
    for (Duration begins = 0s; begins < 130s; begins += 7s) {
      Lan lan;
      lan.up();
      if (!as_querier) lan.hear(1, Version::k2);
      lan.advance(begins);
      lan.sleep(75s + 1ns);
      EXPECT_EQ(lan.counters().sleeps, 1U) << begins.count();
    }
  }
}

TEST(Sleep, ThatEndsWithTheLinkComingUpEndsInOneBurst) {
  Lan lan;
  lan.up();
  lan.advance(20s);
  lan.forget();
  lan.advance(30s);
  lan.step(LinkDown{});
  lan.sleep(1h);
  lan.up();
  lan.advance(0s);
  EXPECT_EQ(lan.sent_at().size(), 1U);
}

TEST(Sleep, OfAMomentMoreThanThatIsOne) {
  Lan lan;
  lan.up();
  lan.advance(70s);
  lan.sleep(60s + 15s + 1ns);
  EXPECT_EQ(lan.counters().sleeps, 1U);
}

TEST(Sleep, IsNotAQuietDay) {
  for (const bool as_querier : {true, false}) {
    Settings settings = unjittered();
    settings.timeout = 48h;
    Lan lan(settings);
    lan.up();
    if (!as_querier) lan.hear(1, Version::k2);
    lan.advance(24h);
    EXPECT_EQ(lan.counters().sleeps, 0U);
  }
}

TEST(Sleep, AllowsForAStepThatIsAlwaysLate) {
  Lan lan;
  lan.up();
  lan.advance(1h, 14s);
  EXPECT_EQ(lan.counters().sleeps, 0U);
}

TEST(Sleep, ThroughATimeoutIsNoTakeover) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.forget();
  lan.sleep(24h);
  EXPECT_TRUE(lan.told<QuerierVanished>().empty());
  EXPECT_EQ(lan.counters().elections_won, 0U);
}

}  // namespace
}  // namespace querent::core::test
