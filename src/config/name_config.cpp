#include "config/name_config.hpp"

#include <cstdint>

namespace querent::config {

namespace {

// FNV-1, which multiplies first; FNV-1a would give other groups.
std::uint32_t fnv1(std::string_view text) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : text) {
    hash *= 0x01000193U;
    hash ^= static_cast<std::uint8_t>(c);
  }
  return hash;
}

}  // namespace

Address ka9q_group(std::string_view name) {
  constexpr std::uint32_t kMiddle = 0x007FFF00U;  // what of it tells Ethernet groups apart
  std::uint32_t bits = 0xEF000000U | (fnv1(name) & 0x00FFFFFFU);
  if ((bits & kMiddle) == 0) bits |= (bits & 0xFFU) << 8U;
  if ((bits & kMiddle) == 0) bits |= 1U << 20U;
  return Address::v4(bits);
}

}  // namespace querent::config
