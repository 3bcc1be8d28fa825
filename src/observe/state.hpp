#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace querent::observe {

// What a segment is, with all that may keep it from being it.
enum class State : std::uint8_t {
  kMissing,    // there is no interface of that name
  kDown,       // it is down, or has no carrier
  kNoAddress,  // no address to ask from: listens
  kStarting,   // querier, in the middle of its startup queries
  kQuerier,
  kNonQuerier,
  kPassive,  // listens, by configuration
  kFailed,   // the interface is of no use, or its sockets cannot be opened
};

inline constexpr std::array kStates{State::kMissing,  State::kDown,    State::kNoAddress,
                                    State::kStarting, State::kQuerier, State::kNonQuerier,
                                    State::kPassive,  State::kFailed};

// The label of the metric: "no_address", "non_querier".
constexpr std::string_view name(State state) {
  constexpr std::array<std::string_view, 8> kNames{
      "missing", "down", "no_address", "starting", "querier", "non_querier", "passive", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

constexpr bool is_querier(State state) {
  return state == State::kStarting || state == State::kQuerier;
}

}  // namespace querent::observe
