#include "base/words.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace querent::app {
namespace {

using namespace std::string_literals;

constexpr std::array<std::string_view, 5> kKnown{"query_interval", "max_response", "source", "run",
                                                 "check"};

TEST(Words, TheNearestIsWhatWasMeant) {
  EXPECT_EQ(nearest("query_intervall", kKnown), "query_interval");
  EXPECT_EQ(nearest("qeury_interval", kKnown), "query_interval");
  EXPECT_EQ(nearest("query-interval", kKnown), "query_interval");
  EXPECT_EQ(nearest("maxresponse", kKnown), "max_response");
  EXPECT_EQ(nearest("sources", kKnown), "source");
  EXPECT_EQ(nearest("rnu", kKnown), "run");
  EXPECT_EQ(nearest("chek", kKnown), "check");
}

TEST(Words, NothingIsNearWhatIsFar) {
  EXPECT_EQ(nearest("colour", kKnown), std::nullopt);
  EXPECT_EQ(nearest("", kKnown), std::nullopt);
  EXPECT_EQ(nearest("x", kKnown), std::nullopt);
  EXPECT_EQ(nearest("query_interval", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(1'000'000, 'q'), kKnown), std::nullopt);
}

TEST(Words, Utf8IsMeasuredStrictly) {
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

TEST(Words, WhatIsPrintedIsOneHarmlessLine) {
  EXPECT_EQ(on_one_line("h\u00e4 \u20ac"), "h\u00e4 \u20ac");
  EXPECT_EQ(on_one_line("a\nb\x1b[2Jc\x7f\t"), "a\\x0ab\\x1b[2Jc\\x7f\\x09");
  EXPECT_EQ(on_one_line("\u0085\u009b"), "\\xc2\\x85\\xc2\\x9b") << "C1 control characters";
  EXPECT_EQ(on_one_line("a\xff"s + '\0'), "a\\xff\\x00");
}

TEST(Words, AQuoteIsBounded) {
  EXPECT_EQ(app::quoted("eth0"), "\"eth0\"");
  EXPECT_EQ(app::quoted(""), "\"\"");
  EXPECT_EQ(app::quoted(std::string(1000, 'a')), '"' + std::string(120, 'a') + "...\"");
  std::string umlauts(119, 'a');
  for (int i = 0; i < 10; ++i)
    umlauts += "\u00e4";
  EXPECT_EQ(app::quoted(umlauts), '"' + std::string(119, 'a') + "...\"")
      << "cut between characters";
}

}  // namespace
}  // namespace querent::app
