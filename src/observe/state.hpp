#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/role.hpp"

namespace querent::observe {

// What a segment is, with all that may keep it from being it.
enum class State : std::uint8_t {
  kMissing,    // there is no interface of that name
  kDown,       // it is down, or has no carrier
  kNoAddress,  // no source address for queries: listens
  kStarting,   // querier, in the middle of its startup queries
  kQuerier,
  kNonQuerier,
  kPassive,  // listens, by configuration
  kFailed,   // the interface is of no use, or its sockets cannot be opened
};

struct StateRow {
  State state;
  std::string_view name;   // in labels and JSON
  std::string_view words;  // for people, the same in the log, commands and page
};

// In the enumeration's order.
inline constexpr std::array kStates{
    StateRow{State::kMissing, "missing", "missing"},
    StateRow{State::kDown, "down", "down"},
    StateRow{State::kNoAddress, "no_address", "no address"},
    StateRow{State::kStarting, "starting", "starting"},
    StateRow{State::kQuerier, "querier", "querier"},
    StateRow{State::kNonQuerier, "non_querier", "standby"},
    StateRow{State::kPassive, "passive", "listening only"},
    StateRow{State::kFailed, "failed", "failed"},
};

constexpr std::string_view name(State state) {
  return kStates[static_cast<std::size_t>(state)].name;
}

constexpr std::string_view words(State state) {
  return kStates[static_cast<std::size_t>(state)].words;
}

// Of a segment whose interface is there.
constexpr State state_of(core::Role role, bool is_starting = false) {
  switch (role) {
    case core::Role::kDown:
      return State::kDown;
    case core::Role::kNoAddress:
      return State::kNoAddress;
    case core::Role::kPassive:
      return State::kPassive;
    case core::Role::kQuerier:
      return is_starting ? State::kStarting : State::kQuerier;
    case core::Role::kNonQuerier:
      return State::kNonQuerier;
  }
  return State::kFailed;
}

constexpr bool is_querier(State state) {
  return state == State::kStarting || state == State::kQuerier;
}

}  // namespace querent::observe
