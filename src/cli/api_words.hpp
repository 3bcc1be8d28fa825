#pragma once

#include <string>
#include <string_view>

#include "client/json_value.hpp"

// What several views of the API (docs/api.md) say in the same words.

namespace querent::cli {

inline constexpr std::string_view kNothing = "-";  // in a cell of a table

// A number of seconds: "12s", "3h12m", whole seconds from 10 on; "" where there is none.
std::string span_words(client::JsonValue seconds);
// "12s ago", or kNothing.
std::string ago_words(client::JsonValue seconds);
// What a segment or an interface is, by the `state_words` of the status; without them its name.
std::string state_words(client::JsonValue status, client::JsonValue of);
// "v2", or kNothing.
std::string version_words(client::JsonValue version);
// A count, or kNothing.
std::string count_words(client::JsonValue count);
// "eth0 ipv4".
std::string segment_words(client::JsonValue interface, client::JsonValue segment);

// SGR around the text, if wanted.
enum class Tint : unsigned char { kGood, kWarning, kBad, kFaint };
std::string tinted(std::string_view text, Tint tint, bool colour);

// Why an appliance with this status has no interface of that name, with those that it has; ""
// where it has one.
std::string missing_interface(client::JsonValue status, const std::string& name);

}  // namespace querent::cli
