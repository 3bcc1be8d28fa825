#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include <gtest/gtest.h>

namespace querent::observe::test {

// One document, on one line with its end.
inline nlohmann::ordered_json document(const std::string& text) {
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  EXPECT_TRUE(json.is_object()) << text;
  return json;
}

// One that is written here with ' for ".
inline nlohmann::ordered_json expected(std::string text) {
  for (char& c : text)
    if (c == '\'') c = '"';
  return nlohmann::ordered_json::parse(text);
}

}  // namespace querent::observe::test
