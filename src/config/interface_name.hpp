#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an administrator names interfaces: by name, by pattern, or "auto". Every machine chooses its
// interfaces by these.

namespace querent::config {

// The one that the default route goes by, once it is known.
inline constexpr std::string_view kAutoInterface = "auto";

// A name of an interface, a pattern of names (* ? [ ]), or "auto". The kernel would allow commas;
// lists of names would not.
bool is_interface_name(std::string_view text);

bool is_pattern(std::string_view wanted);

// One interface and no other, whether it is there or not: neither a pattern nor "auto".
bool is_fixed_name(std::string_view wanted);

// Whether `wanted` stands for the interface of that name. `default_route`: what "auto" is now.
bool stands_for(std::string_view wanted, const std::string& name,
                const std::optional<std::string>& default_route);

// Of things with a `name` that names interfaces, the one for the interface of that name: who names
// it (or is its "auto") wins over a pattern, then the first. nullptr: it was not asked for.
template <class Wanted>
const Wanted* find_wanted(const std::vector<Wanted>& all, const std::string& name,
                          const std::optional<std::string>& default_route) {
  const auto find = [&](bool by_pattern) {
    return std::find_if(all.begin(), all.end(), [&](const Wanted& one) {
      return is_pattern(one.name) == by_pattern && stands_for(one.name, name, default_route);
    });
  };
  auto found = find(false);
  if (found == all.end()) found = find(true);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace querent::config
