#include "log/format.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::log {
namespace {

using namespace std::chrono_literals;

const auto kNoon = std::chrono::sys_days{2026y / 1 / 31} + 12h + 5ms;

const LogStyle kText{};
const LogStyle kJson{.format = config::LogFormat::kJson};

LogLine lost() {
  return {.event = "election_lost",
          .interface = "eth0",
          .family = Family::kIPv4,
          .text = "election lost to 192.0.2.1"};
}

LogLine saying(std::string text) {
  return {.event = "said", .text = std::move(text)};
}

std::string text_of(std::string text) {
  const auto line = format_line(saying(std::move(text)), {.journal = true}, kNoon);
  return line.substr(std::string("<6>info  ").size());
}

TEST(LogFormat, TextSaysWhenHowBadAndAboutWhat) {
  EXPECT_EQ(format_line(lost(), kText, kNoon),
            "2026-01-31T12:00:00.005Z info  eth0 ipv4: election lost to 192.0.2.1\n");
  auto line = lost();
  line.family.reset();
  line.level = config::LogLevel::kError;
  EXPECT_EQ(format_line(line, kText, kNoon),
            "2026-01-31T12:00:00.005Z error eth0: election lost to 192.0.2.1\n");
  EXPECT_EQ(format_line(saying("started"), kText, kNoon),
            "2026-01-31T12:00:00.005Z info  started\n");
}

TEST(LogFormat, JournaldGetsPrioritiesAndNoTime) {
  const auto with = [](config::LogLevel level) {
    auto line = lost();
    line.level = level;
    return format_line(line, {.journal = true}, kNoon).substr(0, 14);
  };
  EXPECT_EQ(with(config::LogLevel::kTrace), "<7>trace eth0 ");
  EXPECT_EQ(with(config::LogLevel::kDebug), "<7>debug eth0 ");
  EXPECT_EQ(with(config::LogLevel::kInfo), "<6>info  eth0 ");
  EXPECT_EQ(with(config::LogLevel::kWarn), "<4>warn  eth0 ");
  EXPECT_EQ(with(config::LogLevel::kError), "<3>error eth0 ");
}

TEST(LogFormat, TheLevelAloneIsColoured) {
  EXPECT_EQ(format_line(lost(), {.colour = true}, kNoon),
            "2026-01-31T12:00:00.005Z \x1b[32minfo \x1b[0m eth0 ipv4: election lost to "
            "192.0.2.1\n");
}

TEST(LogFormat, JsonNamesEverythingThatIsThere) {
  auto line = lost();
  line.detail = "ttl";
  line.merged = Merged{214, 60s};
  EXPECT_EQ(format_line(line, kJson, kNoon),
            R"({"time":"2026-01-31T12:00:00.005Z","level":"info","event":"election_lost",)"
            R"("interface":"eth0","family":"ipv4","detail":"ttl",)"
            R"("text":"election lost to 192.0.2.1","more":214,"seconds":60})"
            "\n");
  EXPECT_EQ(format_line(saying("started"), kJson, kNoon),
            R"({"time":"2026-01-31T12:00:00.005Z","level":"info","event":"said",)"
            R"("text":"started"})"
            "\n");
  EXPECT_EQ(format_line(saying("x"), {.format = config::LogFormat::kJson, .journal = true}, kNoon)
                .substr(0, 4),
            "<6>{");
}

TEST(LogFormat, MergedLinesSayHowMany) {
  auto line = saying("query rejected");
  line.merged = Merged{214, 60s + 4ms};
  EXPECT_EQ(format_line(line, {.journal = true}, kNoon),
            "<6>info  query rejected ... 214 more in 60 s\n");
  line.merged = Merged{1, 3ms};
  EXPECT_EQ(format_line(line, {.journal = true}, kNoon),
            "<6>info  query rejected ... 1 more in 1 s\n");
}

TEST(LogFormat, ControlCharactersAreEscaped) {
  using namespace std::string_literals;
  EXPECT_EQ(text_of("a\nb\r\t\x1b[31m\x7f\0z"s), "a\\x0ab\\x0d\\x09\\x1b[31m\\x7f\\x00z\n");
  EXPECT_EQ(text_of("\xC2\x85|\xC2\x9B|\xC2\xA0"), "\\xc2\\x85|\\xc2\\x9b|\xC2\xA0\n") << "C1";
  EXPECT_EQ(text_of("grün 漢 🎵"), "grün 漢 🎵\n");
  auto line = saying("x");
  line.interface = "et\nh0";
  EXPECT_EQ(format_line(line, {.journal = true}, kNoon), "<6>info  et\\x0ah0: x\n");
}

TEST(LogFormat, WhatIsNotUtf8IsEscaped) {
  EXPECT_EQ(text_of("\x80"), "\\x80\n") << "a continuation";
  EXPECT_EQ(text_of("\xC0\xAF"), "\\xc0\\xaf\n") << "overlong";
  EXPECT_EQ(text_of("\xE0\x80\xAF"), "\\xe0\\x80\\xaf\n") << "overlong";
  EXPECT_EQ(text_of("\xF0\x80\x80\xAF"), "\\xf0\\x80\\x80\\xaf\n") << "overlong";
  EXPECT_EQ(text_of("\xED\xA0\x80"), "\\xed\\xa0\\x80\n") << "a surrogate";
  EXPECT_EQ(text_of("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80\n") << "above U+10FFFF";
  EXPECT_EQ(text_of("\xFF\xFE"), "\\xff\\xfe\n");
  EXPECT_EQ(text_of("cut \xE6\xBC"), "cut \\xe6\\xbc\n");
  EXPECT_EQ(text_of("\xE6("), "\\xe6(\n");
}

TEST(LogFormat, TheRestOfALongTextIsLeftOut) {
  const std::string most(kLongestText, 'x');
  EXPECT_EQ(text_of(most), most + "\n");
  EXPECT_EQ(text_of(most + "y"), most + "...\n");
  const std::string odd(kLongestText - 1, 'x');
  EXPECT_EQ(text_of(odd + "\u00FC"), odd + "...\n") << "characters stay whole";
}

RC_GTEST_PROP(LogFormat, AnyOctetsBecomeOneLineOfText, (const std::string& octets)) {
  auto line = saying(octets);
  line.interface = octets;
  const auto out = format_line(line, kText, kNoon);
  RC_ASSERT(out.back() == '\n');
  for (const char c : out.substr(0, out.size() - 1))
    RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  // Only UTF-8 is quoted by this.
  RC_ASSERT(!nlohmann::json(out).dump().empty());
}

RC_GTEST_PROP(LogFormat, AnyOctetsBecomeOneLineOfJson, (const std::string& octets)) {
  auto line = saying(octets);
  line.interface = octets;
  const auto out = format_line(line, kJson, kNoon);
  RC_ASSERT(out.back() == '\n');
  for (const char c : out.substr(0, out.size() - 1))
    RC_ASSERT(c >= 0x20 && c < 0x7F);
  RC_ASSERT(nlohmann::json::parse(out)["event"] == "said");
}

}  // namespace
}  // namespace querent::log
