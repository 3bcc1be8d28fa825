#pragma once

#include <string>
#include <string_view>

namespace querent::observe {

// The body of every answer that refuses: {"error": "..."}.
std::string error_json(std::string_view error);

}  // namespace querent::observe
