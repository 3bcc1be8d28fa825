#include "sim/scenario_parts.hpp"

#include <algorithm>

namespace querent::sim {

namespace {

bool is_usable_unicast(Address address, const Prefix& range) {
  if (!address.is_v4()) return address.low64() > 1;
  const std::uint32_t top = address.v4_bits() >> 24U;
  return top != 0 && top < 224 && !address.is_loopback() && !address.is_link_local() &&
         address != range.first() && address != range.last();
}

// Whoever shares an interface identifier with another would share the election with it.
Address identity_of(Address address) {
  return address.is_v4() ? address : Address::v6(0, address.low64());
}

}  // namespace

Address AddressPool::take() {
  const std::uint64_t span = range_.last().low64() - range_.first().low64();
  for (;;) {
    const std::uint64_t offset = span == UINT64_MAX ? random_.next() : random_.below(span + 1);
    const Address address = elsewhere(numbered(range_.first(), offset));
    if (!is_usable_unicast(address, range_)) continue;
    if (taken_.insert(identity_of(address)).second) return address;
  }
}

Address AddressPool::elsewhere(Address address) {
  if (address.is_v4() || random_.chance(0.7)) return address;
  const auto [first, last] = std::pair(subnet().first().high64(), subnet().last().high64());
  return Address::v6(first + random_.below(last - first + 1), address.low64());
}

Prefix random_range(const Dialect& dialect, Random& random) {
  if (dialect.family == Family::kIPv6) {
    const auto bits = pick<unsigned>(random, {64, 64, 48, 32, 16});
    return {Address::v6(dialect.unicast.first().high64(), random.next()), 128 - bits};
  }
  const auto length = pick<unsigned>(random, {0, 0, 8, 12, 16, 20, 24});
  return {AddressPool(dialect.unicast, random.fork()).take(), length};
}

MacAddress mac_of(std::size_t number) {
  return {{0x02, 0x00, 0x5E, 0x10, static_cast<std::uint8_t>(number >> 8U),
           static_cast<std::uint8_t>(number)}};
}

namespace {

std::vector<Address> random_groups4(Random& random) {
  std::vector<Address> groups{Address::v4(224, 0, 0, 251), Address::v4(239, 255, 255, 250),
                              Address::v4(232, 1, 2, 3), dialect_of(Family::kIPv4).example};
  for (int i = 0; i < 6; ++i) {
    const auto low = static_cast<std::uint32_t>(random.below(1U << 24U));
    groups.push_back(Address::v4((random.chance(0.8) ? 0xEF000000U : 0xE1000000U) | low));
  }
  return groups;
}

// mDNS, the solicited-node groups of two hosts, a source-specific one, and of every other scope
// that is tracked.
std::vector<Address> random_groups6(Random& random) {
  constexpr std::uint64_t kLinkLocal = 0xFF02000000000000;
  constexpr std::uint64_t kSolicitedNode = 0x1FF000000;
  std::vector<Address> groups{Address::v6(kLinkLocal, 0xFB),
                              Address::v6(kLinkLocal, kSolicitedNode | random.below(1U << 24U)),
                              Address::v6(kLinkLocal, kSolicitedNode | random.below(1U << 24U)),
                              Address::v6(0xFF3E000000000000, 0x80000000 | random.below(1U << 24U)),
                              dialect_of(Family::kIPv6).example};
  for (const std::uint64_t first16 : {0xFF03U, 0xFF05U, 0xFF0EU, 0xFF15U, 0xFF1EU, 0xFF35U}) {
    groups.push_back(Address::v6(first16 << 48U | random.below(2), 1 + random.next() % 1000));
  }
  return groups;
}

}  // namespace

std::vector<Address> random_groups(const Dialect& dialect, Random& random) {
  auto groups = dialect.family == Family::kIPv4 ? random_groups4(random) : random_groups6(random);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

Wish random_wish(Random& random, Version version, Address group) {
  const Dialect& dialect = dialect_of(group);
  const bool source_specific = dialect.is_source_specific(group);
  if (random.chance(0.3)) return {};
  if (version != Version::k3) return {.excludes = true, .sources = {}};
  Wish wish{.excludes = !source_specific && random.chance(0.7), .sources = {}};
  const std::uint64_t sources = wish.excludes ? random.below(3) : 1 + random.below(3);
  for (std::uint64_t i = 0; i < sources; ++i) {
    wish.sources.insert(numbered(dialect.sources, 1 + random.below(5)));
  }
  return wish;
}

}  // namespace querent::sim
