#include "config/interface_setters.hpp"

#include <fmt/core.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "querent/address.hpp"

namespace querent::config {

namespace {

// 0/8, 127/8 and 240/4 are no host's (RFC 1122 3.2.1.3).
bool may_be_a_source(Address address) {
  if (address.is_unspecified()) return true;
  const std::uint32_t first = address.v4_bits() >> 24U;
  return first != 0 && first < 0xF0 && !address.is_loopback() && !address.is_multicast();
}

}  // namespace

std::string show(bool is_on) {
  return is_on ? "true" : "false";
}
std::string show(double number) {
  return fmt::format("{}", number);
}
std::string show(Duration duration) {
  return duration_text(duration);
}
std::string show(const std::optional<Duration>& duration) {
  return duration ? duration_text(*duration) : std::string(kAuto);
}

bool set_jitter(std::string_view text, InterfaceDraft& draft) {
  return set_within(text, draft.settings.jitter, {0.0, 0.9});
}

bool set_igmp_version(std::string_view text, InterfaceDraft& draft) {
  const auto number = parse_number<int>(text);
  if (text == "off") {
    draft.igmp = false;
    return true;
  }
  if (!number || *number < 1 || *number > 3) return false;
  draft.igmp = true;
  draft.settings.version = static_cast<Version>(*number);
  return true;
}

std::string show_igmp_version(const InterfaceDraft& draft) {
  return draft.igmp ? show(number(draft.settings.version, Family::kIPv4)) : "off";
}

bool set_mld_version(std::string_view text, InterfaceDraft& draft) {
  const auto number = parse_number<int>(text);
  if (text == "off") {
    draft.mld.reset();
    return true;
  }
  if (!number || *number < 1 || *number > 2) return false;
  draft.mld = static_cast<Version>(*number + 1);  // in IGMP's numbering
  return true;
}

std::string show_mld_version(const InterfaceDraft& draft) {
  return draft.mld ? show(number(*draft.mld, Family::kIPv6)) : "off";
}

bool set_source(std::string_view text, InterfaceDraft& draft) {
  const bool is_v6 = text.find(':') != std::string_view::npos;
  const auto address = is_v6 ? std::nullopt : Address::parse(text);
  if (text != kAuto && (!address || !may_be_a_source(*address))) return false;
  draft.settings.source = address;
  return true;
}

std::string show_source(const InterfaceDraft& draft) {
  const auto& source = draft.settings.source;
  return source ? source->to_string() : std::string(kAuto);
}

}  // namespace querent::config
