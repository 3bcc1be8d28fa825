#include "observe/status.hpp"

#include <array>

namespace querent::observe {

std::string_view name(InterfaceStatus::State state) {
  constexpr std::array<std::string_view, 4> kNames{"missing", "down", "failed", "up"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace querent::observe
