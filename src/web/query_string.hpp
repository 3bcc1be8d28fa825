#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace querent::web {

// "%41" as "A". Nothing: an escape that is none.
std::optional<std::string> decode_escapes(std::string_view text);

// "limit=10&after=eth0%2Fipv4%2F239.1.2.3" as names and values, decoded; of a name that comes
// twice the last one. Nothing: an escape that is none.
std::optional<std::map<std::string, std::string>> parse_query_string(std::string_view text);

}  // namespace querent::web
