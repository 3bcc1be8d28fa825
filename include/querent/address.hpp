#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace querent {

enum class Family : std::uint8_t { kIPv4, kIPv6 };

// "ipv4" or "ipv6", as in metrics and the log.
std::string_view name(Family family);

// An IPv4 or IPv6 address: one 128-bit number, IPv4 in the mapped range ::ffff:0:0/96. It is held
// as a number, so addresses order numerically and byte order exists only where bytes are read or
// written. Default: the unspecified IPv6 address (::).
class Address {
 public:
  constexpr Address() = default;

  static constexpr Address v4(std::uint32_t bits) { return {0, kV4Mark | bits}; }
  static constexpr Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return v4((std::uint32_t{a} << 24U) | (std::uint32_t{b} << 16U) | (std::uint32_t{c} << 8U) | d);
  }
  static constexpr Address v6(std::uint64_t high, std::uint64_t low) { return {high, low}; }
  static constexpr Address unspecified(Family family) {
    return family == Family::kIPv4 ? v4(0) : Address{};
  }

  // Network byte order. The array's length says the family.
  static Address from_bytes(std::span<const std::uint8_t, 4> bytes);
  static Address from_bytes(std::span<const std::uint8_t, 16> bytes);
  // All 16 octets; of an IPv4 address the last 4 are the address itself.
  std::array<std::uint8_t, 16> to_bytes() const;

  // "192.0.2.1", "fe80::1"; nothing when the text is neither.
  static std::optional<Address> parse(std::string_view text);
  std::string to_string() const;

  constexpr Family family() const {
    return high_ == 0 && (low_ >> 32U) == (kV4Mark >> 32U) ? Family::kIPv4 : Family::kIPv6;
  }
  constexpr bool is_v4() const { return family() == Family::kIPv4; }
  constexpr std::uint32_t v4_bits() const { return static_cast<std::uint32_t>(low_); }
  constexpr std::uint64_t high64() const { return high_; }
  constexpr std::uint64_t low64() const { return low_; }

  constexpr bool is_unspecified() const { return high_ == 0 && (low_ == 0 || low_ == kV4Mark); }
  constexpr bool is_multicast() const {
    return is_v4() ? (low_ & 0xF0000000U) == 0xE0000000U : (high_ >> 56U) == 0xFFU;
  }
  constexpr bool is_loopback() const {
    return is_v4() ? (low_ & 0xFF000000U) == 0x7F000000U : high_ == 0 && low_ == 1;
  }
  constexpr bool is_link_local() const {
    return is_v4() ? (low_ & 0xFFFF0000U) == 0xA9FE0000U : (high_ >> 54U) == 0x3FAU;
  }
  // 255.255.255.255. (IPv6 has no such thing.)
  constexpr bool is_limited_broadcast() const { return is_v4() && v4_bits() == 0xFFFFFFFFU; }

  constexpr auto operator<=>(const Address&) const = default;

 private:
  constexpr Address(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  static constexpr std::uint64_t kV4Mark = 0xFFFF00000000U;

  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

// A range of addresses that share their first bits.
class Prefix {
 public:
  // `length` counts bits of the address's own family (0..32 or 0..128; more is taken as all).
  // Bits behind the length are cleared.
  constexpr Prefix(Address base, unsigned length)
      : length_(total_length(base, length)), first_(masked(base, length_)) {}

  constexpr bool contains(Address address) const { return masked(address, length_) == first_; }

  // The lowest address: in an IPv4 subnet, the one that names the subnet itself.
  constexpr Address first() const { return first_; }
  // The highest address: in an IPv4 subnet, its broadcast address.
  constexpr Address last() const {
    return Address::v6(first_.high64() | ~high_mask(length_), first_.low64() | ~low_mask(length_));
  }
  // Bits of the address's own family.
  constexpr unsigned length() const { return first_.is_v4() ? length_ - 96 : length_; }

  constexpr auto operator<=>(const Prefix&) const = default;

 private:
  static constexpr unsigned total_length(Address base, unsigned length) {
    const unsigned family_bits = base.is_v4() ? 32 : 128;
    return 128 - family_bits + (length < family_bits ? length : family_bits);
  }
  static constexpr std::uint64_t high_mask(unsigned length) {
    return length == 0 ? 0 : length >= 64 ? ~std::uint64_t{0} : ~std::uint64_t{0} << (64 - length);
  }
  static constexpr std::uint64_t low_mask(unsigned length) {
    return length <= 64 ? 0 : high_mask(length - 64);
  }
  static constexpr Address masked(Address address, unsigned length) {
    return Address::v6(address.high64() & high_mask(length), address.low64() & low_mask(length));
  }

  unsigned length_;  // of 128
  Address first_;
};

// Well mixed and keyed, so that a sender who picks addresses cannot pick collisions.
struct AddressHash {
  std::uint64_t key = 0;
  std::size_t operator()(const Address& address) const;
};

// A 48-bit link-layer address. Default: all zero, which means "not known".
struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  constexpr bool is_known() const { return *this != MacAddress{}; }
  std::string to_string() const;  // "52:54:00:12:34:56"

  constexpr auto operator<=>(const MacAddress&) const = default;
};

}  // namespace querent
