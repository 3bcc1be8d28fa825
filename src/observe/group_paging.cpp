#include "observe/group_paging.hpp"

#include <utility>

namespace querent::observe {

std::optional<Beginning> beginning(const GroupQuestion& question, std::string_view interface,
                                   Family family) {
  const auto& after = question.after;
  if (!after) return Beginning{};
  const std::pair here(interface, family);
  const std::pair there(std::string_view(after->interface), after->family);
  if (here < there) return std::nullopt;
  return here == there ? Beginning{after->group} : Beginning{};
}

bool is_asked_for(const GroupQuestion& question, std::string_view interface, Family family) {
  return question.interface.value_or(std::string(interface)) == interface &&
         question.family.value_or(family) == family;
}

}  // namespace querent::observe
