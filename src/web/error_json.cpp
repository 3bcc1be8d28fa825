#include "web/error_json.hpp"

#include <nlohmann/json.hpp>

namespace querent::web {

std::string error_json(std::string_view error) {
  const nlohmann::ordered_json json{{"error", error}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace querent::web
