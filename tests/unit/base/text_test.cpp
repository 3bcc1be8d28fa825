
#include "base/text.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace querent {
namespace {

using namespace std::string_literals;

constexpr std::array<std::string_view, 5> kKnown{"query_interval", "max_response", "source", "run",
                                                 "check"};

TEST(Text, TheNearestIsWhatWasMeant) {
  EXPECT_EQ(nearest("query_intervall", kKnown), "query_interval");
  EXPECT_EQ(nearest("qeury_interval", kKnown), "query_interval");
  EXPECT_EQ(nearest("query-interval", kKnown), "query_interval");
  EXPECT_EQ(nearest("maxresponse", kKnown), "max_response");
  EXPECT_EQ(nearest("sources", kKnown), "source");
  EXPECT_EQ(nearest("rnu", kKnown), "run");
  EXPECT_EQ(nearest("chek", kKnown), "check");
}

TEST(Text, NothingIsNearWhatIsFar) {
  EXPECT_EQ(nearest("colour", kKnown), std::nullopt);
  EXPECT_EQ(nearest("", kKnown), std::nullopt);
  EXPECT_EQ(nearest("x", kKnown), std::nullopt);
  EXPECT_EQ(nearest("query_interval", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(1'000'000, 'q'), kKnown), std::nullopt);
}

TEST(Text, Utf8IsMeasuredStrictly) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("\u00e4b"), 2U);
  EXPECT_EQ(utf8_length("\u20ac"), 3U);
  EXPECT_EQ(utf8_length("\U0001F600"), 4U);
  EXPECT_EQ(utf8_length("\xc3"), 0U) << "cut off";
  EXPECT_EQ(utf8_length("\xc3z"), 0U);
  EXPECT_EQ(utf8_length("\x80"), 0U) << "a continuation";
  EXPECT_EQ(utf8_length("\xc0\x80"), 0U) << "overlong";
  EXPECT_EQ(utf8_length("\xe0\x9f\xbf"), 0U) << "overlong";
  EXPECT_EQ(utf8_length("\xf0\x8f\xbf\xbf"), 0U) << "overlong";
  EXPECT_EQ(utf8_length("\xed\xa0\x80"), 0U) << "a surrogate";
  EXPECT_EQ(utf8_length("\xf4\x90\x80\x80"), 0U) << "beyond Unicode";
  EXPECT_EQ(utf8_length("\xff"), 0U);
}

TEST(Text, WhatIsPrintedIsOneHarmlessLine) {
  EXPECT_EQ(on_one_line("h\u00e4 \u20ac"), "h\u00e4 \u20ac");
  EXPECT_EQ(on_one_line("a\nb\x1b[2Jc\x7f\t"), "a\\x0ab\\x1b[2Jc\\x7f\\x09");
  EXPECT_EQ(on_one_line("\u0085\u009b"), "\\xc2\\x85\\xc2\\x9b") << "C1 control characters";
  EXPECT_EQ(on_one_line("a\xff"s + '\0'), "a\\xff\\x00");
}

TEST(Text, AQuoteIsBounded) {
  EXPECT_EQ(in_quotes("eth0"), "\"eth0\"");
  EXPECT_EQ(in_quotes(""), "\"\"");
  EXPECT_EQ(in_quotes(std::string(1000, 'a')), '"' + std::string(120, 'a') + "...\"");
  std::string umlauts(119, 'a');
  for (int i = 0; i < 10; ++i)
    umlauts += "\u00e4";
  EXPECT_EQ(in_quotes(umlauts), '"' + std::string(119, 'a') + "...\"") << "cut between characters";
}

TEST(Text, SpellSomebodyWithTheMacIfItIsKnown) {
  constexpr MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
  EXPECT_EQ(spelled(Address::v4(192, 168, 1, 9), kMac), "192.168.1.9 (52:54:00:12:34:56)");
  EXPECT_EQ(spelled(*Address::parse("fe80::9"), {}), "fe80::9");
}

TEST(Text, WhatIsNotUtf8IsReplaced) {
  for (const char* const good : {"", "plain", "\x01\x7f\n\"\\", "\xc3\xa9", "\xf0\x9f\x8e\xb5"})
    EXPECT_EQ(as_utf8(good), good);
  EXPECT_EQ(as_utf8("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(as_utf8("\xc3(\xc3\xa9"), "\xef\xbf\xbd(\xc3\xa9");
}

TEST(Text, ASwitchHasManyWords) {
  for (const char* const text : {"true", "yes", "on", "1"})
    EXPECT_EQ(parse_switch(text), true) << text;
  for (const char* const text : {"false", "no", "off", "0"})
    EXPECT_EQ(parse_switch(text), false) << text;
  for (const char* const text : {"", "TRUE", "2", "maybe", " true"})
    EXPECT_EQ(parse_switch(text), std::nullopt) << text;
}

TEST(Text, ANumberIsAllOfTheText) {
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

TEST(Text, BlanksAreTrimmed) {
  EXPECT_EQ(trimmed(" eth0\t"), "eth0");
  EXPECT_EQ(trimmed("a b"), "a b");
  EXPECT_EQ(trimmed("  "), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace querent
