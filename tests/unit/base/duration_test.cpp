
#include "base/duration.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "config/interface_name.hpp"

namespace querent {
namespace {

using namespace std::chrono_literals;

TEST(Durations, AreReadInEveryUnit) {
  EXPECT_EQ(parse_duration("60"), 60s);
  EXPECT_EQ(parse_duration("60s"), 60s);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("2m"), 120s);
  EXPECT_EQ(parse_duration("1h"), 3600s);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("007s"), 7s);
}

TEST(Durations, HaveDecimals) {
  EXPECT_EQ(parse_duration("25.5s"), 25500ms);
  EXPECT_EQ(parse_duration("2.5"), 2500ms);
  EXPECT_EQ(parse_duration("0.25m"), 15s);
  EXPECT_EQ(parse_duration("1.5h"), 5400s);
  EXPECT_EQ(parse_duration("0.1ms"), 100us);
  EXPECT_EQ(parse_duration("1.0000000001s"), 1s) << "finer than a nanosecond";
}

TEST(Durations, AnythingElseIsNone) {
  for (const char* const text :
       {"",    " ",   "s",    "ms",     ".5s",   "5.",      "5.s",  "-1",   "+1", "1 s",
        " 1s", "1s ", "1S",   "1sec",   "1e3",   "0x10",    "1,5s", "1ns",  "1w", "30s1m",
        "inf", "nan", "auto", "60s60s", "1..5s", "1.5m30s", "1m30", "30 1m"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Durations, WhatWouldOverflowIsNone) {
  EXPECT_EQ(parse_duration("99999999999999999999"), std::nullopt);
  EXPECT_EQ(parse_duration("9223372036854775807h"), std::nullopt);
  EXPECT_EQ(parse_duration("9223372036854775807ms"), std::nullopt);
  EXPECT_EQ(parse_duration("878401h"), std::nullopt);
  EXPECT_EQ(parse_duration("878400h"), std::chrono::hours(878400));
}

TEST(Durations, AreWrittenInTheUnitThatSuits) {
  EXPECT_EQ(duration_text(60s), "60s");
  EXPECT_EQ(duration_text(31744s), "31744s");
  EXPECT_EQ(duration_text(2500ms), "2.5s");
  EXPECT_EQ(duration_text(500ms), "500ms");
  EXPECT_EQ(duration_text(12500us), "12.5ms");
  EXPECT_EQ(duration_text(0s), "0s");
  EXPECT_EQ(duration_text(1ns), "0.000001ms");
  EXPECT_EQ(duration_text(1s + 1ns), "1.000000001s");
}

RC_GTEST_PROP(Durations, AreReadAsTheyWereWritten, ()) {
  const Duration duration(*rc::gen::inRange<std::int64_t>(0, 400L * 24 * 3600 * 1'000'000'000));
  RC_ASSERT(parse_duration(duration_text(duration)) == duration);
}

TEST(Durations, AreTheSumOfTheirUnits) {
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("3h12m"), 3h + 12min);
  EXPECT_EQ(parse_duration("2d2h"), 50h);
  EXPECT_EQ(parse_duration("1m2.5s"), 62'500ms);
  EXPECT_EQ(parse_duration("1s500ms"), 1500ms);
  EXPECT_EQ(parse_duration("0m30s"), 30s);
  EXPECT_EQ(parse_duration("0m30"), std::nullopt) << "seconds without a unit stand alone";
  EXPECT_EQ(parse_duration("36600d"), 100 * 366 * 24h);
  EXPECT_EQ(parse_duration("36600d1us"), std::nullopt);
  EXPECT_EQ(parse_duration("36600d878400h52704000m"), std::nullopt)
      << "above what an Instant holds";
}

TEST(Durations, AreShortForPeople) {
  EXPECT_EQ(in_words(0ms), "0s");
  EXPECT_EQ(in_words(999ns), "0s");
  EXPECT_EQ(in_words(21us), "21us");
  EXPECT_EQ(in_words(1440us), "1.4ms");
  EXPECT_EQ(in_words(9999us), "9.9ms");
  EXPECT_EQ(in_words(120ms), "120ms");
  EXPECT_EQ(in_words(2500ms), "2.5s");
  EXPECT_EQ(in_words(59'999ms), "59.9s") << "not rounded into the next unit";
  EXPECT_EQ(in_words(60s), "1m");
  EXPECT_EQ(in_words(255s), "4m15s");
  EXPECT_EQ(in_words(3h + 12min), "3h12m");
  EXPECT_EQ(in_words(50h), "2d2h");
}

// As far as words go: what is told in two units has lost what is smaller.
RC_GTEST_PROP(Durations, AreReadAsTheyWereTold, ()) {
  const Duration duration(*rc::gen::inRange<std::int64_t>(0, 400L * 24 * 3600 * 1'000'000'000));
  const auto read = parse_duration(in_words(duration));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read <= duration);
  RC_ASSERT(in_words(*read) == in_words(duration));
}

}  // namespace
}  // namespace querent
