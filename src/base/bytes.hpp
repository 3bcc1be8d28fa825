#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace querent {

// Octets owned by somebody else, valid for the call they are passed to.
using ByteView = std::span<const std::uint8_t>;
// Octets owned.
using Bytes = std::vector<std::uint8_t>;

// Numbers in network byte order. The caller has checked that they are there.
constexpr std::uint16_t load16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}
constexpr std::uint32_t load32(ByteView bytes, std::size_t at) {
  return (std::uint32_t{load16(bytes, at)} << 16U) | load16(bytes, at + 2);
}
constexpr void store16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8U);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
constexpr void store32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  store16(bytes, at, static_cast<std::uint16_t>(value >> 16U));
  store16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace querent
