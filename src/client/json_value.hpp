#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "querent/time.hpp"

// JSON that somebody else made. Whatever it holds, reading it is defined: what is not there and
// what is of another type than expected is the same, nothing.

namespace querent::client {

// One value, or none. Lives as long as its document.
class JsonValue {
 public:
  JsonValue() = default;  // none
  explicit JsonValue(const nlohmann::ordered_json* json) : json_(json) {}

  explicit operator bool() const { return json_ != nullptr; }  // also null is something
  bool is_object() const;
  // The member of an object.
  JsonValue operator[](std::string_view key) const;
  // The elements of an array.
  std::vector<JsonValue> items() const;

  // A string as part of one line, safe for a terminal, and cut where it is very long.
  std::optional<std::string> text() const;
  std::string text_or(std::string_view other) const;
  // A string as it is.
  std::optional<std::string> raw() const;
  std::optional<bool> truth() const;
  bool is_true() const { return truth().value_or(false); }
  // A whole number from 0 on.
  std::optional<std::uint64_t> count() const;
  // A number of seconds; below 0 is 0, and nothing is longer than 100 years.
  std::optional<Duration> seconds() const;

  // As JSON, on one line and in ASCII alone.
  std::string compact() const;
  // The same on many lines.
  std::string pretty() const;

 private:
  const nlohmann::ordered_json* json_ = nullptr;
};

// Copies share what was read.
class JsonDocument {
 public:
  // Nothing where it is no JSON, or deeper or with more members in an object than any of ours.
  static std::optional<JsonDocument> parse(std::string_view text);

  JsonValue root() const { return JsonValue(json_.get()); }

  // A copy in which that array of the object has only the elements whose member is that string.
  JsonDocument with_only(const std::string& array, const std::string& member,
                         const std::string& value) const;

 private:
  explicit JsonDocument(std::shared_ptr<const nlohmann::ordered_json> json)
      : json_(std::move(json)) {}

  std::shared_ptr<const nlohmann::ordered_json> json_;
};

}  // namespace querent::client
