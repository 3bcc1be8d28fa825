#pragma once

#include <optional>
#include <string_view>

#include "observe/status.hpp"

// Which groups belong to a page, as far as that can be told without them.

namespace querent::observe {

// Where a page begins in a segment: behind this group, or with the first.
struct Beginning {
  std::optional<Address> after;

  bool operator==(const Beginning&) const = default;
};

// None: all of the segment comes before the page.
std::optional<Beginning> beginning(const GroupQuestion& question, std::string_view interface,
                                   Family family);

// Whether a segment passes the question's filters.
bool is_asked_for(const GroupQuestion& question, std::string_view interface, Family family);

}  // namespace querent::observe
