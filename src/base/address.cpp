#include "querent/address.hpp"

#include <arpa/inet.h>

#include "base/random.hpp"

namespace querent {

std::string_view name(Family family) {
  return family == Family::kIPv4 ? std::string_view("ipv4") : std::string_view("ipv6");
}

Address Address::from_bytes(std::span<const std::uint8_t, 4> bytes) {
  return v4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

Address Address::from_bytes(std::span<const std::uint8_t, 16> bytes) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    high = (high << 8U) | bytes[i];
    low = (low << 8U) | bytes[i + 8];
  }
  return v6(high, low);
}

std::array<std::uint8_t, 16> Address::to_bytes() const {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    const auto shift = static_cast<unsigned>(56 - 8 * i);
    bytes[i] = static_cast<std::uint8_t>(high_ >> shift);
    bytes[i + 8] = static_cast<std::uint8_t>(low_ >> shift);
  }
  return bytes;
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::string_view(terminated.c_str()).size()) return std::nullopt;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return from_bytes(four);
  std::array<std::uint8_t, 16> sixteen{};
  if (inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return from_bytes(sixteen);
  return std::nullopt;
}

std::string Address::to_string() const {
  const auto bytes = to_bytes();
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, &bytes[12], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

std::size_t AddressHash::operator()(const Address& address) const {
  return static_cast<std::size_t>(
      Random::mixed(Random::mixed(address.low64() ^ key) + address.high64()));
}

std::string MacAddress::to_string() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto octet : octets) {
    if (!text.empty()) text += ':';
    text += kDigits[octet >> 4U];
    text += kDigits[octet & 0xFU];
  }
  return text;
}

}  // namespace querent
