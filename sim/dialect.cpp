#include "sim/dialect.hpp"

#include <algorithm>
#include <cstddef>

namespace querent::sim {

namespace {

constexpr Address multicast6(std::uint64_t first16, std::uint64_t low) {
  return Address::v6(first16 << 48U, low);
}

constexpr Dialect kIgmp{
    .family = Family::kIPv4,
    .all_systems = Address::v4(224, 0, 0, 1),
    .all_routers = Address::v4(224, 0, 0, 2),
    .all_version3_routers = Address::v4(224, 0, 0, 22),
    .oldest = Version::k1,
    .unicast = Prefix(Address::v4(0), 0),
    .example = Address::v4(239, 1, 2, 3),
    .sources = Address::v4(10, 9, 8, 0),
    .is_strict = false,
};

constexpr Dialect kMld{
    .family = Family::kIPv6,
    .all_systems = multicast6(0xFF02, 1),
    .all_routers = multicast6(0xFF02, 2),
    .all_version3_routers = multicast6(0xFF02, 0x16),
    .oldest = Version::k2,
    .unicast = Prefix(Address::v6(0xFE80000000000000, 0), 10),
    .example = multicast6(0xFF15, 0x10203),
    .sources = Address::v6(0x20010DB800090008, 0),
    .is_strict = true,
};

// The four bits of an IPv6 group that say how far it reaches (RFC 4291 2.7).
unsigned scope_of(Address group) {
  return group.to_bytes()[1] & 0xFU;
}

}  // namespace

bool Dialect::is_link_local(Address group) const {
  if (family == Family::kIPv4) return group.v4_bits() >> 8U == 0xE00000U;
  return group.high64() >> 48U == 0xFF02U;
}

bool Dialect::is_source_specific(Address group) const {
  if (family == Family::kIPv4) return group.v4_bits() >> 24U == 232;
  const auto octets = group.to_bytes();
  return octets[1] >> 4U == 3 && octets[2] == 0 && octets[3] == 0;
}

bool Dialect::is_tracked(Address group) const {
  return group != all_systems && (family == Family::kIPv4 || scope_of(group) > 1);
}

bool Dialect::accepts(const Packet& packet) const {
  if (!is_strict) return true;
  return packet.hop_limit == 1 && packet.router_alert && unicast.contains(packet.source);
}

const Dialect& dialect_of(Family family) {
  return family == Family::kIPv4 ? kIgmp : kMld;
}

bool is_lower(Address a, Address b) {
  const auto one = a.to_bytes();
  const auto other = b.to_bytes();
  const std::ptrdiff_t from = a.is_v4() ? 12 : 8;
  return std::lexicographical_compare(one.begin() + from, one.end(), other.begin() + from,
                                      other.end());
}

}  // namespace querent::sim
