#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "config/options.hpp"

// What the table of options does with the settings of an interface: each set_* takes over a value
// and says whether it is allowed, each show_* gives what set_* reads as the same again.

namespace querent::config {

inline constexpr std::string_view kAuto = "auto";

// A value as it is written.
std::string show(std::integral auto number) {
  return std::to_string(number);
}
std::string show(bool is_on);
std::string show(double number);
std::string show(Duration duration);
std::string show(const std::optional<Duration>& duration);

template <auto Member>
std::string show_setting(const InterfaceDraft& draft) {
  return show(draft.settings.*Member);
}

template <std::size_t core::Bounds::*Member>
std::string show_bound(const InterfaceDraft& draft) {
  return show(draft.settings.bounds.*Member);
}

template <class Number>
bool set_within(std::string_view text, Number& into, std::pair<Number, Number> range) {
  const auto number = parse_number<Number>(text);
  if (!number || !(*number >= range.first && *number <= range.second)) return false;
  into = *number;
  return true;
}

template <int core::Settings::*Member, int Least, int Most>
bool set_count(std::string_view text, InterfaceDraft& draft) {
  return set_within(text, draft.settings.*Member, {Least, Most});
}

template <std::size_t core::Bounds::*Member>
bool set_bound(std::string_view text, InterfaceDraft& draft) {
  return set_within<std::size_t>(text, draft.settings.bounds.*Member, {1, 10'000'000});
}

template <bool core::Settings::*Member>
bool set_switch(std::string_view text, InterfaceDraft& draft) {
  const auto is_on = parse_switch(text);
  if (is_on) draft.settings.*Member = *is_on;
  return is_on.has_value();
}

// A member that is optional may also be automatic.
template <auto Member, int LeastMilliseconds, std::int64_t MostMilliseconds>
bool set_duration(std::string_view text, InterfaceDraft& draft) {
  auto& into = draft.settings.*Member;
  if constexpr (!std::same_as<std::remove_reference_t<decltype(into)>, Duration>) {
    if (text == kAuto) {
      into.reset();
      return true;
    }
  }
  const auto duration = parse_duration(text);
  if (!duration || *duration < std::chrono::milliseconds(LeastMilliseconds) ||
      *duration > std::chrono::milliseconds(MostMilliseconds)) {
    return false;
  }
  into = *duration;
  return true;
}

bool set_jitter(std::string_view text, InterfaceDraft& draft);

bool set_igmp_version(std::string_view text, InterfaceDraft& draft);
std::string show_igmp_version(const InterfaceDraft& draft);

bool set_mld_version(std::string_view text, InterfaceDraft& draft);
std::string show_mld_version(const InterfaceDraft& draft);

bool set_source(std::string_view text, InterfaceDraft& draft);
std::string show_source(const InterfaceDraft& draft);

}  // namespace querent::config
