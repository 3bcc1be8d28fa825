#pragma once

#include <cstdint>
#include <string_view>

namespace querent::core {

// What a segment is to its link.
enum class Role : std::uint8_t {
  kDown,       // no link
  kNoAddress,  // no source to send from: listens like kPassive
  kPassive,    // listens, by configuration
  kQuerier,
  kNonQuerier,
};

// Labels as in metrics: "down", "no_address", "passive", "querier", "non_querier".
std::string_view name(Role role);

}  // namespace querent::core
