#pragma once

#include <type_traits>
#include <variant>

namespace querent::sim {

// What the variant holds, if it is of this kind; nullptr: it is not.
template <class Kind, class... Kinds>
const Kind* look_for(const std::variant<Kinds...>& among) {
  const Kind* found = nullptr;
  std::visit(
      [&found](const auto& held) {
        if constexpr (std::is_same_v<decltype(held), const Kind&>) found = &held;
      },
      among);
  return found;
}

}  // namespace querent::sim
