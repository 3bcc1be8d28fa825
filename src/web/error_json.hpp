#pragma once

#include <string>
#include <string_view>

namespace querent::web {

// The body of every answer that refuses: {"error": "..."}.
std::string error_json(std::string_view error);

}  // namespace querent::web
