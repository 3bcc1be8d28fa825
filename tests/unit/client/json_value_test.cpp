#include "client/json_value.hpp"

#include <chrono>
#include <fmt/format.h>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::client {
namespace {

using namespace std::chrono_literals;

JsonDocument parsed(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return document.value_or(*JsonDocument::parse("null"));
}

TEST(JsonValue, ReadsWhatIsThere) {
  const auto json = parsed(R"({"s": "x", "n": 1.5, "c": 7, "t": true, "a": [1, 2], "z": null})");
  const JsonValue root = json.root();
  EXPECT_EQ(root["s"].text(), "x");
  EXPECT_EQ(root["n"].seconds(), Duration(1500ms));
  EXPECT_EQ(root["c"].count(), 7U);
  EXPECT_EQ(root["t"].truth(), true);
  EXPECT_EQ(root["a"].items().size(), 2U);
  EXPECT_TRUE(root["z"]);
  EXPECT_TRUE(root.is_object());
}

TEST(JsonValue, IsNothingWhereItIsSomethingElse) {
  const auto json = parsed(R"({"s": "x", "n": -1.5, "a": [1, 2], "z": null})");
  const JsonValue root = json.root();
  for (const JsonValue value : {root["s"], root["a"], root["z"], root["none"], root["a"]["b"],
                                root["s"]["t"]["u"], JsonValue()}) {
    EXPECT_FALSE(value.count());
    EXPECT_FALSE(value.truth());
    EXPECT_FALSE(value.is_true());
    EXPECT_FALSE(value.seconds());
    EXPECT_FALSE(value.is_object());
  }
  EXPECT_FALSE(root["none"]);
  EXPECT_FALSE(root["n"].count());
  EXPECT_FALSE(root["n"].text());
  EXPECT_FALSE(root["a"].raw());
  EXPECT_TRUE(root["s"].items().empty());
  EXPECT_TRUE(root.items().empty());
  EXPECT_EQ(root["z"].text_or("y"), "y");
  EXPECT_EQ(JsonValue().compact(), "null");
}

TEST(JsonValue, TimesAreBounded) {
  const auto json = parsed("[-3, 1e308, 0.25]");
  const auto items = json.root().items();
  EXPECT_EQ(items[0].seconds(), Duration(0));
  EXPECT_GT(*items[1].seconds(), Duration(24h * 365 * 99));
  EXPECT_LT(*items[1].seconds(), Duration(24h * 365 * 101));
  EXPECT_EQ(items[2].seconds(), Duration(250ms));
}

TEST(JsonValue, TextIsSafeAndBounded) {
  const auto json =
      parsed(R"(["a\u001b\n\u0085b", ")" + std::string(1023, 'x') + "\xC3\xBCyyy\", \"\xC3\xBC\"]");
  const auto items = json.root().items();
  EXPECT_EQ(items[0].text(), "a\\x1b\\x0a\\xc2\\x85b");
  EXPECT_EQ(items[0].raw(),
            "a\x1b\n\xC2\x85"
            "b");
  EXPECT_EQ(items[1].text(), std::string(1023, 'x') + "...");
  EXPECT_EQ(items[2].text(), "\xC3\xBC");
  EXPECT_EQ(items[2].compact(), "\"\\u00fc\"");
}

TEST(JsonDocument, IsBounded) {
  EXPECT_FALSE(JsonDocument::parse(""));
  EXPECT_FALSE(JsonDocument::parse("{"));
  EXPECT_FALSE(JsonDocument::parse("{} {}"));
  EXPECT_FALSE(JsonDocument::parse("<html>"));
  EXPECT_FALSE(JsonDocument::parse("\"\xFF\""));
  EXPECT_FALSE(JsonDocument::parse("1e999"));
  EXPECT_TRUE(JsonDocument::parse(std::string(30, '[') + std::string(30, ']')));
  EXPECT_FALSE(JsonDocument::parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(JsonDocument::parse(std::string(8'000'000, '[')));
  std::string deep;
  for (int i = 0; i < 1000; ++i)
    deep += R"({"a":)";
  EXPECT_FALSE(JsonDocument::parse(deep + "1" + std::string(1000, '}')));
  const auto members = [](int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i)
      text += fmt::format(R"("{}": {{"x": {{}}}},)", i);
    text.back() = '}';
    return text;
  };
  EXPECT_TRUE(JsonDocument::parse(members(256)));
  EXPECT_TRUE(JsonDocument::parse("[" + members(200) + "," + members(200) + "]"));
  EXPECT_FALSE(JsonDocument::parse(members(257)));
}

TEST(JsonDocument, KeepsTheOrderAndPicks) {
  const auto json = parsed(R"({"z": 1, "list": [{"n": "a"}, 3, {"n": "b", "m": 2}], "a": 2})");
  EXPECT_EQ(json.with_only("list", "n", "b").root().compact(),
            R"({"z":1,"list":[{"n":"b","m":2}],"a":2})");
  EXPECT_EQ(json.with_only("z", "n", "b").root().compact(), json.root().compact());
  EXPECT_EQ(parsed("[1]").with_only("z", "n", "b").root().compact(), "[1]");
  EXPECT_EQ(parsed(R"({"a":[1]})").root().pretty(), "{\n  \"a\": [\n    1\n  ]\n}");
}

RC_GTEST_PROP(JsonDocument, TakesAnything, (const std::string& text)) {
  const auto json = JsonDocument::parse(text);
  if (json) static_cast<void>(json->root().compact());
}

}  // namespace
}  // namespace querent::client
