#include "observe/words.hpp"

#include <chrono>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "sample.hpp"

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;

TEST(Words, TellTheTimeInUtc) {
  EXPECT_EQ(utc(wall()), "2026-11-21T21:41:29.123Z");
  EXPECT_EQ(utc(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc(WallTime{} + 999'999us), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(utc(WallTime{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(Words, TellDurationsAsLongAsNeeded) {
  EXPECT_EQ(in_words(0s), "0 ms");
  EXPECT_EQ(in_words(120ms), "120 ms");
  EXPECT_EQ(in_words(1s - 1ns), "1.0 s");
  EXPECT_EQ(in_words(12'560ms), "12.5 s");
  EXPECT_EQ(in_words(59'999ms), "59.9 s");
  EXPECT_EQ(in_words(60s), "1 min 0 s");
  EXPECT_EQ(in_words(125s), "2 min 5 s");
  EXPECT_EQ(in_words(1h), "1 h 0 min");
  EXPECT_EQ(in_words(3h + 12min + 59s), "3 h 12 min");
  EXPECT_EQ(in_words(100h), "100 h 0 min");
}

TEST(Words, SpellSomebodyWithTheMacIfItIsKnown) {
  EXPECT_EQ(spelled(address("192.168.1.9"), kMac), "192.168.1.9 (52:54:00:12:34:56)");
  EXPECT_EQ(spelled(address("fe80::9"), {}), "fe80::9");
}

TEST(Words, WhatIsNotUtf8IsReplaced) {
  for (const char* const good : {"", "plain", "\x01\x7f\n\"\\", "\xc3\xa9", "\xf0\x9f\x8e\xb5"})
    EXPECT_EQ(as_utf8(good), good);
  EXPECT_EQ(as_utf8("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(as_utf8("\xc3(\xc3\xa9"), "\xef\xbf\xbd(\xc3\xa9");
}

TEST(Words, EveryStateHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const State state : kStates)
    names.insert(name(state));
  EXPECT_EQ(names, (std::set<std::string_view>{"missing", "down", "no_address", "starting",
                                               "querier", "non_querier", "passive", "failed"}));
  for (const State state : kStates)
    EXPECT_EQ(is_querier(state), state == State::kStarting || state == State::kQuerier);
}

TEST(Words, EveryStateOfAnInterfaceHasAName) {
  EXPECT_EQ(name(InterfaceStatus::State::kMissing), "missing");
  EXPECT_EQ(name(InterfaceStatus::State::kDown), "down");
  EXPECT_EQ(name(InterfaceStatus::State::kFailed), "failed");
  EXPECT_EQ(name(InterfaceStatus::State::kUp), "up");
}

}  // namespace
}  // namespace querent::observe::test
