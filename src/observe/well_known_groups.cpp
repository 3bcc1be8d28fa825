#include "observe/well_known_groups.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <span>
#include <string_view>

namespace querent::observe {

namespace {

struct Known {
  std::uint64_t low;  // of the address
  std::string_view name;
};

constexpr std::uint64_t quad(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return Address::v4(a, b, c, d).low64();
}

// IANA, IPv4 Multicast Address Space Registry, where nothing else is said. By address.
constexpr std::array kIpv4Groups = std::to_array<Known>({
    {quad(224, 0, 0, 1), "all hosts"},
    {quad(224, 0, 0, 2), "all routers"},
    {quad(224, 0, 0, 4), "DVMRP"},
    {quad(224, 0, 0, 5), "OSPF"},
    {quad(224, 0, 0, 6), "OSPF designated routers"},
    {quad(224, 0, 0, 9), "RIPv2"},
    {quad(224, 0, 0, 10), "EIGRP"},
    {quad(224, 0, 0, 13), "PIM"},
    {quad(224, 0, 0, 18), "VRRP"},
    {quad(224, 0, 0, 22), "IGMPv3"},
    {quad(224, 0, 0, 102), "HSRPv2, GLBP"},
    {quad(224, 0, 0, 106), "all snoopers"},  // RFC 4286
    {quad(224, 0, 0, 107), "PTP peer delay"},
    {quad(224, 0, 0, 230), "Dante control"},  // Audinate's, not registered
    {quad(224, 0, 0, 231), "Dante control"},
    {quad(224, 0, 0, 232), "Dante control"},
    {quad(224, 0, 0, 233), "Dante control"},
    {quad(224, 0, 0, 251), "mDNS"},
    {quad(224, 0, 0, 252), "LLMNR"},
    {quad(224, 0, 1, 1), "NTP"},
    {quad(224, 0, 1, 39), "PIM Auto-RP announce"},
    {quad(224, 0, 1, 40), "PIM Auto-RP discovery"},
    {quad(224, 0, 1, 75), "SIP"},
    {quad(224, 0, 1, 129), "PTP"},
    {quad(224, 0, 1, 130), "PTP"},
    {quad(224, 0, 1, 131), "PTP"},
    {quad(224, 0, 1, 132), "PTP"},
    {quad(224, 0, 1, 187), "CoAP"},
    {quad(224, 0, 23, 12), "KNXnet/IP"},
    {quad(224, 2, 127, 254), "SAP"},
    {quad(239, 195, 255, 255), "SAP"},              // RFC 2974 3
    {quad(239, 255, 254, 253), "Shure discovery"},  // not registered
    {quad(239, 255, 255, 250), "SSDP, WS-Discovery"},
    {quad(239, 255, 255, 253), "SLP"},
    {quad(239, 255, 255, 255), "SAP"},  // RFC 2974 3
});

// IANA, IPv6 Multicast Address Space Registry: those of ff02:: alone ...
constexpr std::array kLinkLocalGroups = std::to_array<Known>({
    {0x1, "all nodes"},
    {0x2, "all routers"},
    {0x5, "OSPF"},
    {0x6, "OSPF designated routers"},
    {0x9, "RIPng"},
    {0xA, "EIGRP"},
    {0xD, "PIM"},
    {0x12, "VRRP"},
    {0x16, "MLDv2"},
    {0x1A, "RPL"},
    {0x6A, "all snoopers"},
    {0x6B, "PTP peer delay"},
    {0x10002, "DHCPv6"},
    {0x10003, "LLMNR"},
});

// ... and those of every scope.
constexpr std::array kScopedGroups = std::to_array<Known>({
    {0xC, "SSDP, WS-Discovery"},
    {0xFB, "mDNS"},
    {0xFD, "CoAP"},
    {0x101, "NTP"},
    {0x116, "SLP"},
    {0x181, "PTP"},
    {0x182, "PTP"},
    {0x183, "PTP"},
    {0x184, "PTP"},
    {0x27FFE, "SAP"},
});

constexpr bool comes_before(const Known& a, const Known& b) {
  return a.low < b.low;
}

static_assert(std::is_sorted(kIpv4Groups.begin(), kIpv4Groups.end(), comes_before));
static_assert(std::is_sorted(kLinkLocalGroups.begin(), kLinkLocalGroups.end(), comes_before));
static_assert(std::is_sorted(kScopedGroups.begin(), kScopedGroups.end(), comes_before));

std::optional<std::string> find(std::span<const Known> groups, std::uint64_t low) {
  const auto found = std::lower_bound(groups.begin(), groups.end(), Known{low, {}}, comes_before);
  if (found == groups.end() || found->low != low) return std::nullopt;
  return std::string(found->name);
}

// E1.31 9.3: 239.255 and ff18::8300:0 hold the universes.
constexpr std::uint64_t kLastUniverse = 63999;
constexpr std::uint64_t kDiscoveryUniverse = 64214;

std::optional<std::string> sacn_name(std::uint64_t universe) {
  if (universe == kDiscoveryUniverse) return "sACN universe discovery";
  if (universe == 0 || universe > kLastUniverse) return std::nullopt;
  return fmt::format("sACN universe {}", universe);
}

std::optional<std::string> ipv4_name(Address group) {
  constexpr Prefix kUniverses(Address::v4(239, 255, 0, 0), 16);
  constexpr Prefix kDanteAes67(Address::v4(239, 69, 0, 0), 16);  // Audinate's default
  if (auto name = find(kIpv4Groups, group.low64())) return name;
  if (kUniverses.contains(group)) return sacn_name(group.low64() & 0xFFFFU);
  if (kDanteAes67.contains(group)) return "AES67 (Dante)";
  return std::nullopt;
}

std::optional<std::string> ipv6_name(Address group) {
  constexpr Address kLinkLocal = Address::v6(0xFF02000000000000U, 0);
  constexpr Prefix kSolicitedNodes(Address::v6(kLinkLocal.high64(), 0x1FF000000U), 104);
  constexpr Prefix kUniverses(Address::v6(0xFF18000000000000U, 0x83000000U), 112);
  constexpr std::uint64_t kScope = std::uint64_t{0xF} << 48U;  // RFC 4291 2.7
  if (kSolicitedNodes.contains(group)) return "solicited node";
  if (kUniverses.contains(group)) return sacn_name(group.low64() & 0xFFFFU);
  if (group.high64() == kLinkLocal.high64())
    if (auto name = find(kLinkLocalGroups, group.low64())) return name;
  if ((group.high64() & ~kScope) != 0xFF00000000000000U) return std::nullopt;
  return find(kScopedGroups, group.low64());
}

}  // namespace

std::optional<std::string> well_known_name(Address group) {
  return group.is_v4() ? ipv4_name(group) : ipv6_name(group);
}

}  // namespace querent::observe
