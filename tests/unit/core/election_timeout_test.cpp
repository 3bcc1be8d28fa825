#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// docs/design/protocol.md 3.4: how long another querier may be silent, and what is adopted from it.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

Query announcing(std::uint8_t robustness, Duration interval, Duration response = 10s) {
  Query query = general(Version::k3);
  query.robustness = robustness;
  query.query_interval = interval;
  query.max_response = response;
  return query;
}

struct Announced {
  Query query;
  Duration timeout;
  int robustness;
  Duration interval;
};

class AVersion3Querier : public testing::TestWithParam<Announced> {};

TEST_P(AVersion3Querier, IsWaitedForAsItAnnouncesAndItsValuesAreAdopted) {
  const auto& given = GetParam();
  Lan lan;
  lan.up();
  lan.hear(1, given.query);
  EXPECT_EQ(lan.timeout(), given.timeout);
  EXPECT_EQ(lan.view().values.robustness, given.robustness);
  EXPECT_EQ(lan.view().values.query_interval, given.interval);
  EXPECT_EQ(lan.view().values.query_response, given.query.max_response);
  EXPECT_EQ(lan.view().values.last_member_interval, 1s);
}

INSTANTIATE_TEST_SUITE_P(ElectionTimeout, AVersion3Querier,
                         testing::Values(Announced{announcing(2, 125s), 255s, 2, 125s},
                                         Announced{announcing(3, 20s, 4s), 62s, 3, 20s},
                                         Announced{announcing(7, 10s), 75s, 7, 10s},
                                         // 0: not said, so our own.
                                         Announced{announcing(0, 30s), 65s, 2, 30s},
                                         Announced{announcing(3, 0s), 185s, 3, 60s},
                                         Announced{announcing(0, 0s), 125s, 2, 60s},
                                         // Never above 1 h.
                                         Announced{announcing(7, 31744s), 1h, 7, 31744s},
                                         Announced{announcing(2, 1797s), 3599s, 2, 1797s},
                                         Announced{announcing(2, 1798s), 1h, 2, 1798s}));

TEST(AdoptedValues, AreThoseOfTheLatestQueryOfTheElectedOne) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(3, 20s));
  lan.hear(2, announcing(6, 99s));
  EXPECT_EQ(lan.view().values.robustness, 3);
  lan.hear(1, announcing(4, 30s, 2s));
  EXPECT_EQ(lan.view().values.robustness, 4);
  EXPECT_EQ(lan.view().values.query_interval, 30s);
  EXPECT_EQ(lan.timeout(), 121s);
}

TEST(AdoptedValues, AreDroppedWithTheRole) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(3, 20s, 2s));
  lan.advance(61s);
  EXPECT_EQ(lan.role(), Role::kQuerier);
  EXPECT_EQ(lan.view().values, own_values(unjittered(), Version::k2));
}

TEST(ElectionTimeout, AQuerierThatAnnouncesNothingHas255SecondsAtFirst) {
  for (const auto version : {Version::k1, Version::k2}) {
    Lan lan(unjittered(Version::k3));
    lan.up();
    lan.hear(1, version);
    EXPECT_EQ(lan.timeout(), 255s);
    lan.advance(255s - 1ns);
    EXPECT_EQ(lan.role(), Role::kNonQuerier);
    lan.advance(1ns);
    EXPECT_EQ(lan.role(), Role::kQuerier);
  }
}

TEST(ElectionTimeout, OfAVersion2QuerierIsLearnedFromFourConsistentGaps) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.hear_repeatedly(1, general(Version::k2), 30s, 3);
  EXPECT_EQ(lan.timeout(), 255s);
  lan.hear_repeatedly(1, general(Version::k2), 30s, 1);
  EXPECT_EQ(lan.timeout(), 85s);  // 2 * 4/3 * 30 s + 5 s
}

TEST(ElectionTimeout, IsNotLearnedFromAStartupBurst) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.hear_repeatedly(1, general(Version::k2), 5s, 2);
  lan.hear_repeatedly(1, general(Version::k2), 60s, 3);
  EXPECT_EQ(lan.timeout(), 255s);
  lan.hear_repeatedly(1, general(Version::k2), 60s, 1);
  EXPECT_EQ(lan.timeout(), 165s);
}

TEST(ElectionTimeout, ALostQueryNeitherEndsTheReignNorUnlearns) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.hear_repeatedly(1, general(Version::k2), 30s, 4);
  lan.hear_repeatedly(1, general(Version::k2), 60s, 1);
  EXPECT_EQ(lan.timeout(), 85s);
  EXPECT_EQ(lan.counters().elections_won, 0U);
}

TEST(ElectionTimeout, ALostQueryOfAJitteredRhythmDoesNotEndTheReign) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  // Learned from the short end, then one is lost from two of the long end.
  for (const Duration gap : {45s, 45s, 45s, 45s, 120s}) {
    lan.hear_repeatedly(1, general(Version::k2), gap, 1);
  }
  EXPECT_EQ(lan.counters().elections_won, 0U);
  EXPECT_EQ(lan.timeout(), 125s);
}

TEST(ElectionTimeout, ARhythmIsItsOwnQueriers) {
  Lan lan;
  lan.up();
  lan.hear(2, Version::k2);
  lan.hear_repeatedly(2, general(Version::k2), 30s, 4);
  EXPECT_EQ(lan.timeout(), 85s);
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.timeout(), 255s);
}

TEST(ElectionTimeout, OfALearnedRhythmIsNeverAboveAnHour) {
  Settings settings = unjittered();
  settings.robustness = 7;
  Lan lan(settings);
  lan.up();
  lan.hear(1, Version::k2);
  lan.hear_repeatedly(1, general(Version::k2), 240s, 4);
  EXPECT_EQ(lan.timeout(), 2245s);  // 7 * 4/3 * 240 s + 5 s, still below
  Lan slower(settings);
  slower.up();
  slower.hear_repeatedly(1, general(Version::k2), 400s, 8);
  EXPECT_EQ(slower.timeout(), 1h);
}

TEST(ElectionTimeout, AConfiguredOneIsObeyed) {
  Settings settings = unjittered();
  settings.timeout = 20s;
  Lan lan(settings);
  lan.up();
  lan.hear(1, announcing(2, 125s));
  EXPECT_EQ(lan.timeout(), 20s);
  lan.advance(20s);
  EXPECT_EQ(lan.role(), Role::kQuerier);
  lan.advance(60s);
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.timeout(), 20s) << "also after a takeover too soon";
}

TEST(ElectionTimeout, AConfiguredOneIsWarnedOfWhenTheIntervalExceedsHalfOfIt) {
  Settings settings = unjittered();
  settings.timeout = 120s;
  Lan lan(settings);
  lan.up();
  lan.hear(1, announcing(2, 60s));
  EXPECT_TRUE(lan.told<TimeoutTooShort>().empty());
  lan.hear(1, announcing(2, 61s));
  lan.hear(1, announcing(2, 61s));  // told once a minute
  const auto told = lan.told<TimeoutTooShort>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].what.querier, host(1));
  EXPECT_EQ(told[0].what.interval, 61s);
  EXPECT_EQ(told[0].what.timeout, 120s);
}

TEST(ElectionTimeout, AConfiguredOneIsWarnedOfWhenTheLearnedIntervalExceedsHalfOfIt) {
  Settings settings = unjittered();
  settings.timeout = 120s;
  Lan lan(settings);
  lan.up();
  lan.hear(1, Version::k2);
  lan.hear_repeatedly(1, general(Version::k2), 70s, 3);
  EXPECT_TRUE(lan.told<TimeoutTooShort>().empty());
  lan.hear_repeatedly(1, general(Version::k2), 70s, 1);
  EXPECT_EQ(lan.told<TimeoutTooShort>().size(), 1U);
}

TEST(ElectionTimeout, OfItsOwnIsNeverWarnedOf) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(7, 31744s));
  EXPECT_TRUE(lan.told<TimeoutTooShort>().empty());
}

TEST(ElectionTimeout, AConfiguredOneMayBeLongerThanAnHour) {
  Settings settings = unjittered();
  settings.timeout = 2h;
  Lan lan(settings);
  lan.up();
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.timeout(), 2h);
}

TEST(ElectionTimeout, AfterATakeoverTooSoonItIsTwiceTheSilenceSeen) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(2, 60s));
  EXPECT_EQ(lan.timeout(), 125s);
  lan.advance(400s);
  EXPECT_EQ(lan.counters().elections_won, 1U);
  lan.hear(1, announcing(2, 60s));
  EXPECT_EQ(lan.timeout(), 800s);
}

TEST(ElectionTimeout, ThePatienceIsForTheQuerierThatWasDeposed) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(2, 60s));
  lan.advance(400s);
  lan.hear(2, announcing(2, 60s));
  EXPECT_EQ(lan.timeout(), 125s);
}

TEST(ElectionTimeout, ALongAbsenceIsForgottenWhenTheRhythmIsSeen) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(2, 60s));
  lan.advance(24h);
  lan.hear(1, announcing(2, 60s));
  EXPECT_EQ(lan.timeout(), 1h);
  lan.hear_repeatedly(1, announcing(2, 60s), 60s, 4);
  EXPECT_EQ(lan.timeout(), 125s);
}

TEST(ElectionTimeout, OfAQuerierThatAsksMoreSeldomThanItSaysIsLearned) {
  Lan lan;
  lan.up();
  lan.hear(1, announcing(2, 60s));
  lan.hear_repeatedly(1, announcing(2, 60s), 300s, 5);
  EXPECT_EQ(lan.counters().elections_won, 1U);
  EXPECT_EQ(lan.timeout(), 2 * 400s + 5s);
}

struct Slow {
  const char* name;
  Query query;
  Duration own_interval;
};

class ASlowCompetitor : public testing::TestWithParam<Slow> {};

// At five times our interval.
TEST_P(ASlowCompetitor, CausesOneNeedlessTakeoverInTwoHours) {
  Settings settings;
  settings.query_interval = GetParam().own_interval;
  Lan lan(settings);
  lan.up();
  const Duration slow = 5 * settings.query_interval;
  lan.hear_repeatedly(1, GetParam().query, slow, static_cast<int>(2h / slow));
  EXPECT_EQ(lan.counters().elections_won, 1U);
  EXPECT_EQ(lan.counters().elections_lost, 2U);
  EXPECT_EQ(lan.role(), Role::kNonQuerier);
}

INSTANTIATE_TEST_SUITE_P(ElectionTimeout, ASlowCompetitor,
                         testing::Values(Slow{"v2", general(Version::k2), 60s},
                                         Slow{"v1", general(Version::k1), 60s},
                                         Slow{"v3_that_lies", announcing(2, 60s), 60s},
                                         Slow{"v3_that_says_nothing", announcing(0, 0s), 60s},
                                         Slow{"v2_slower", general(Version::k2), 125s}),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(AdoptedValues, OfAQuerierThatAnnouncesNothingAreReckonedFromItsTimeout) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  EXPECT_EQ(lan.view().values.query_interval, 125s);  // behind 255 s
  EXPECT_EQ(lan.view().values.robustness, 2);
  lan.hear_repeatedly(1, general(Version::k2), 30s, 4);
  EXPECT_EQ(lan.view().values.query_interval, 60s);  // never below our own
}

}  // namespace
}  // namespace querent::core::test
