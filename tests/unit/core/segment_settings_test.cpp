#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// A reload: what is changed holds, what is not is not disturbed.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<std::int64_t>;

TEST(Reconfigured, ToTheSameDoesNotDisturb) {
  Settings settings;  // jittered
  Lan disturbed(settings);
  Lan control(settings);
  for (auto* lan : {&disturbed, &control}) {
    lan->up();
    lan->join(5, group(1));
    lan->leave(5, group(1));
  }
  for (int i = 0; i < 500; ++i) {
    for (auto* lan : {&disturbed, &control})
      lan->advance(1700ms);
    disturbed.step(Reconfigured{settings});
  }
  EXPECT_EQ(disturbed.sent_at(), control.sent_at());
  EXPECT_EQ(disturbed.counters().sleeps, 0U);
}

TEST(Reconfigured, ToTheSameLeavesTheElectedQuerier) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  const auto takeover = lan.view().takeover;
  lan.advance(10s);
  lan.step(Reconfigured{unjittered()});
  EXPECT_EQ(lan.elected(), host(1));
  EXPECT_EQ(lan.view().takeover, takeover);
}

TEST(Reconfigured, AShorterIntervalHoldsFromNowOn) {
  Lan lan;
  lan.up();
  lan.advance(20s);
  lan.forget();
  Settings brief = unjittered();
  brief.query_interval = 10s;
  lan.step(Reconfigured{brief});
  lan.advance(30s);
  EXPECT_EQ(lan.sent_at(), (Times{30000, 40000, 50000}));
}

TEST(Reconfigured, ALongerIntervalHoldsAfterTheNextQuery) {
  Lan lan;
  lan.up();
  lan.advance(20s);
  lan.forget();
  Settings slow = unjittered();
  slow.query_interval = 1000s;
  lan.step(Reconfigured{slow});
  lan.advance(1050s);
  EXPECT_EQ(lan.sent_at(), (Times{70000, 1070000}));
  EXPECT_EQ(lan.counters().sleeps, 0U);
}

TEST(Reconfigured, AShorterIntervalAlsoShortensWhatCountsAsSleep) {
  Settings brief = unjittered();
  brief.query_interval = 1s;
  brief.timeout = 1h;
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.step(Reconfigured{brief});
  lan.sleep(2001ms);
  EXPECT_EQ(lan.counters().sleeps, 1U);
}

TEST(Reconfigured, AnotherVersionIsSpokenFromTheNextQueryOn) {
  Lan lan;
  lan.up();
  lan.advance(20s);
  lan.forget();
  lan.step(Reconfigured{unjittered(Version::k3)});
  EXPECT_TRUE(lan.sent().empty());
  lan.advance(50s);
  ASSERT_EQ(lan.sent().size(), 1U);
  EXPECT_EQ(lan.sent()[0].query.version, Version::k3);
}

TEST(Reconfigured, IntoPassiveEndsAllSending) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.leave(5, group(1));
  lan.forget();
  Settings passive = unjittered();
  passive.passive = true;
  lan.step(Reconfigured{passive});
  EXPECT_EQ(lan.role(), Role::kPassive);
  lan.advance(10min);
  EXPECT_TRUE(lan.sent().empty());
}

TEST(Reconfigured, OutOfPassiveStartsAsQuerier) {
  Settings passive = unjittered();
  passive.passive = true;
  Lan lan(passive);
  lan.up();
  lan.hear(200, Version::k2);
  lan.advance(100s);
  lan.step(Reconfigured{unjittered()});
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.elected(), std::nullopt);
  lan.advance(10s);
  EXPECT_EQ(lan.sent_at(), (Times{100000, 105000, 110000}));
}

TEST(Reconfigured, AnotherSourceRestartsTheElection) {
  Lan lan;
  lan.up(link_of({{host(10), 24}, {host(20), 24}}));
  lan.hear(5, Version::k2);
  Settings settings = unjittered();
  settings.source = host(10);  // named now, but the same
  lan.step(Reconfigured{settings});
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
  settings.source = host(20);
  lan.forget();
  lan.step(Reconfigured{settings});
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.sent().at(0).packet.source, host(20));
  const auto changed = lan.told<SourceChanged>();
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].what.from, host(10));
  EXPECT_EQ(changed[0].what.to, host(20));
  settings.source = host(30);
  lan.step(Reconfigured{settings});
  EXPECT_EQ(lan.role(), Role::kNoAddress);
}

TEST(Reconfigured, ATimeoutAlreadyOverEndsAtOnce) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.advance(100s);
  lan.forget();
  Settings settings = unjittered();
  settings.timeout = 90s;
  lan.step(Reconfigured{settings});
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.sent().size(), 1U);
}

TEST(Reconfigured, RulesOfValidityHoldAtOnce) {
  Lan lan;
  lan.up();
  const Received off_subnet{.packet = envelope(Address::v4(9, 9, 9, 9), general(Version::k2)),
                            .mac = mac(1)};
  lan.step(off_subnet);
  EXPECT_EQ(lan.role(), Role::kQuerier);
  Settings settings = unjittered();
  settings.accept_off_subnet = true;
  lan.step(Reconfigured{settings});
  lan.step(off_subnet);
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
}

TEST(Reconfigured, SmallerBoundsRefuseTheNewAndKeepTheKnown) {
  Lan lan;
  lan.up();
  for (unsigned number = 1; number <= 3; ++number)
    lan.join(5, group(number));
  Settings settings = unjittered();
  settings.bounds.groups = 2;
  lan.step(Reconfigured{settings});
  lan.join(5, group(4));
  lan.join(5, group(1));
  EXPECT_EQ(lan.view().groups, 3U);
  EXPECT_EQ(lan.view().ledger.refused_groups, 1U);
}

// Any event in any state is legal; the fixture sees that no deadline is left behind.
TEST(Segment, BearsEveryOrderOfEvents) {
  Random random(42);
  Settings settings{.version = Version::k3, .query_interval = 1s, .follow_older_version = true};
  Lan lan(settings);
  for (int i = 0; i < 20000; ++i) {
    lan.advance(random.between(0ns, 300ms));
    const auto number = static_cast<unsigned>(random.below(20)) + 1;
    const auto type = static_cast<RecordType>(1 + random.below(6));
    switch (random.below(12)) {
      case 0:
        lan.up();
        break;
      case 1:
        lan.step(LinkDown{});
        break;
      case 2:
        lan.step(LinkChanged{link_of({{host(number), 24}})});
        break;
      case 3:
        lan.step(LinkChanged{link_of(std::vector<InterfaceAddress>{})});
        break;
      case 4:
        settings.passive = random.chance(0.2);
        settings.version = static_cast<Version>(1 + random.below(3));
        lan.step(Reconfigured{settings});
        break;
      case 5:
        lan.hear(number, static_cast<Version>(1 + random.below(3)));
        break;
      case 6:
        lan.hear(number, specific(Version::k3, group(number), hosts({7})));
        break;
      case 7:
        lan.report(number, type, group(number % 4), hosts({number, 7}));
        break;
      case 8:
        lan.report(number, type, group(number % 4));
        break;
      case 9:
        lan.join(number, group(number % 4), static_cast<Version>(1 + random.below(2)));
        break;
      case 10:
        lan.leave(number, group(number % 4));
        break;
      default:
        lan.sleep(random.between(0s, 3s));
    }
    EXPECT_FALSE(lan.role() == Role::kQuerier && lan.elected());
    EXPECT_FALSE(lan.role() == Role::kNonQuerier && !lan.elected());
    EXPECT_EQ(lan.view().next_query.has_value(), lan.role() == Role::kQuerier);
    if (HasFailure()) break;
  }
  EXPECT_GT(lan.sent().size(), 1000U);
}

}  // namespace
}  // namespace querent::core::test
