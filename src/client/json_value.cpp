#include "client/json_value.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"

namespace querent::client {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestText = 1024;
constexpr int kDeepest = 32;
constexpr std::size_t kMostMembers = 256;

}  // namespace

bool JsonValue::is_object() const {
  return json_ != nullptr && json_->is_object();
}

JsonValue JsonValue::operator[](std::string_view key) const {
  if (json_ == nullptr || !json_->is_object()) return {};
  const auto found = json_->find(std::string(key));
  return found == json_->end() ? JsonValue() : JsonValue(&*found);
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> all;
  if (json_ == nullptr || !json_->is_array()) return all;
  for (const Json& item : *json_)
    all.emplace_back(&item);
  return all;
}

std::optional<std::string> JsonValue::raw() const {
  if (json_ == nullptr || !json_->is_string()) return std::nullopt;
  return *json_->get_ptr<const std::string*>();
}

std::optional<std::string> JsonValue::text() const {
  const auto whole = raw();
  if (!whole || whole->size() <= kLongestText) return whole ? on_one_line(*whole) : whole;
  std::size_t cut = kLongestText;
  while (cut > 0 && (static_cast<std::uint8_t>((*whole)[cut]) & 0xC0U) == 0x80U)
    --cut;
  return on_one_line(whole->substr(0, cut)) + "...";
}

std::string JsonValue::text_or(std::string_view other) const {
  return text().value_or(std::string(other));
}

std::optional<bool> JsonValue::truth() const {
  if (json_ == nullptr || !json_->is_boolean()) return std::nullopt;
  return *json_->get_ptr<const bool*>();
}

std::optional<std::uint64_t> JsonValue::count() const {
  if (json_ == nullptr || !json_->is_number_unsigned()) return std::nullopt;
  return *json_->get_ptr<const Json::number_unsigned_t*>();
}

std::optional<Duration> JsonValue::seconds() const {
  constexpr double kLongest = 100.0 * 365 * 86400;
  if (json_ == nullptr || !json_->is_number()) return std::nullopt;
  const double number = std::clamp(json_->get<double>(), 0.0, kLongest);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(number));
}

std::string JsonValue::compact() const {
  if (json_ == nullptr) return "null";
  return json_->dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string JsonValue::pretty() const {
  if (json_ == nullptr) return "null";
  return json_->dump(2, ' ', true, Json::error_handler_t::replace);
}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  bool bounded = true;
  std::vector<std::size_t> members(kDeepest + 2);
  const auto look = [&](int depth, Json::parse_event_t event, const Json& /*parsed*/) {
    if (depth > kDeepest) return bounded = false;
    auto& count = members.at(static_cast<std::size_t>(depth));
    // A key is one deeper than the object that it belongs to.
    if (event == Json::parse_event_t::object_start)
      members.at(static_cast<std::size_t>(depth) + 1) = 0;
    if (event == Json::parse_event_t::key && ++count > kMostMembers) bounded = false;
    return bounded;
  };
  auto json = std::make_shared<Json>(Json::parse(text, look, false));
  if (!bounded || json->is_discarded()) return std::nullopt;
  return JsonDocument(std::move(json));
}

JsonDocument JsonDocument::with_only(const std::string& array, const std::string& member,
                                     const std::string& value) const {
  auto json = std::make_shared<Json>(*json_);
  const auto found = json->is_object() ? json->find(array) : json->end();
  if (found != json->end() && found->is_array()) {
    Json kept = Json::array();
    for (Json& element : *found)
      if (JsonValue(&element)[member].raw() == value) kept.push_back(std::move(element));
    *found = std::move(kept);
  }
  return JsonDocument(std::move(json));
}

}  // namespace querent::client
