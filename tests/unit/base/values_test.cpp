#include "base/values.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::app {
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
       {"",    " ",     "s",   "ms",  ".5s",  "5.",     "5.s",  "-1",   "+1",
        "1 s", " 1s",   "1s ", "1S",  "1sec", "1e3",    "0x10", "1,5s", "1us",
        "1d",  "1m30s", "inf", "nan", "auto", "60s60s", "1..5s"}) {
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
  EXPECT_EQ(to_text(60s), "60s");
  EXPECT_EQ(to_text(31744s), "31744s");
  EXPECT_EQ(to_text(2500ms), "2.5s");
  EXPECT_EQ(to_text(500ms), "500ms");
  EXPECT_EQ(to_text(12500us), "12.5ms");
  EXPECT_EQ(to_text(0s), "0s");
  EXPECT_EQ(to_text(1ns), "0.000001ms");
  EXPECT_EQ(to_text(1s + 1ns), "1.000000001s");
}

RC_GTEST_PROP(Durations, AreReadAsTheyWereWritten, ()) {
  const Duration duration(*rc::gen::inRange<std::int64_t>(0, 400L * 24 * 3600 * 1'000'000'000));
  RC_ASSERT(parse_duration(to_text(duration)) == duration);
}

TEST(Values, ASwitchHasManyWords) {
  for (const char* const text : {"true", "yes", "on", "1"})
    EXPECT_EQ(parse_switch(text), true) << text;
  for (const char* const text : {"false", "no", "off", "0"})
    EXPECT_EQ(parse_switch(text), false) << text;
  for (const char* const text : {"", "TRUE", "2", "maybe", " true"})
    EXPECT_EQ(parse_switch(text), std::nullopt) << text;
}

TEST(Values, ANumberIsAllOfTheText) {
  EXPECT_EQ(parse_number<int>("7"), 7);
  EXPECT_EQ(parse_number<int>("-7"), -7);
  EXPECT_EQ(parse_number<int>("7 "), std::nullopt);
  EXPECT_EQ(parse_number<int>("7x"), std::nullopt);
  EXPECT_EQ(parse_number<int>(""), std::nullopt);
  EXPECT_EQ(parse_number<int>("99999999999"), std::nullopt);
  EXPECT_EQ(parse_number<std::size_t>("-1"), std::nullopt);
  EXPECT_EQ(parse_number<double>("0.25"), 0.25);
  EXPECT_EQ(parse_number<double>("0,25"), std::nullopt);
}

TEST(Values, AnInterfaceHasANameThatTheKernelAllows) {
  for (const char* const name :
       {"eth0", "eth0.20", "auto", "br-lan", "wlan0", "a", "eth0@x", "abcdefghijklmno", "eth*",
        "eth?", "eth[01]", "*", "enp[0-9]s[0-9]f[0-9]"}) {
    EXPECT_TRUE(is_interface_name(name)) << name;
  }
  for (const char* const name : {"", ".", "..", "abcdefghijklmnop", "eth 0", "eth/0", "eth0:1",
                                 "eth0,eth1", "eth0\n", "\teth0", "=eth0", "-q", "eth\x7f"}) {
    EXPECT_FALSE(is_interface_name(name)) << name;
  }
  EXPECT_FALSE(is_interface_name(std::string(65, '*')));
}

TEST(Values, BlanksAreTrimmed) {
  EXPECT_EQ(trimmed(" eth0\t"), "eth0");
  EXPECT_EQ(trimmed("a b"), "a b");
  EXPECT_EQ(trimmed("  "), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace querent::app
