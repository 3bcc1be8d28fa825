#include "probe/observation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/family_rules.hpp"
#include "core/settings.hpp"
#include "probe/message_kinds.hpp"
#include "wire/codec.hpp"

namespace querent::probe {

namespace {

// RFC 791 3.1.
constexpr std::size_t kAt4Protocol = 9;
constexpr std::size_t kAt4Source = 12;
constexpr std::size_t kAt4Destination = 16;
constexpr std::size_t kFixed4Header = 20;
constexpr std::uint8_t kProtocolIgmp = 2;

// RFC 8200 3.
constexpr std::size_t kAt6NextHeader = 6;
constexpr std::size_t kAt6Source = 8;
constexpr std::size_t kAt6Destination = 24;
constexpr std::size_t kFixed6Header = 40;
constexpr std::size_t kAddress6 = 16;

// Extension headers (RFC 8200 4.1): each begins with what comes next, and all but a fragment's
// have their length behind it, in units of 8 octets but the first.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::size_t kUnit = 8;
constexpr std::size_t kAtFragmentOffset = 2;
constexpr std::uint16_t kFragmentOffset = 0xFFF8;

// RFC 2710 3, 9777 5.
constexpr std::array<std::uint8_t, 4> kMldTypes = {130, 131, 132, 143};

// Of an IPv6 packet, by its ICMPv6 type: what is there of it is enough.
std::optional<std::uint8_t> mld_type(ByteView ip) {
  if (ip.size() <= kFixed6Header) return std::nullopt;
  std::uint8_t next = ip[kAt6NextHeader];
  ByteView rest = ip.subspan(kFixed6Header);
  while (next != kIcmpv6) {
    if (next != kHopByHop && next != kRouting && next != kFragment && next != kDestinationOptions) {
      return std::nullopt;
    }
    if (rest.size() < kUnit) return std::nullopt;
    const bool fragment = next == kFragment;
    if (fragment && (load16(rest, kAtFragmentOffset) & kFragmentOffset) != 0) return std::nullopt;
    const std::size_t size = fragment ? kUnit : kUnit * (std::size_t{1} + rest[1]);
    if (rest.size() < size) return std::nullopt;
    next = rest[0];
    rest = rest.subspan(size);
  }
  if (rest.empty()) return std::nullopt;
  const bool known = std::find(kMldTypes.begin(), kMldTypes.end(), rest[0]) != kMldTypes.end();
  return known ? std::optional(rest[0]) : std::nullopt;
}

bool is_igmp(ByteView ip) {
  return ip.size() > kAt4Protocol && ip[kAt4Protocol] == kProtocolIgmp;
}

// What a packet says of itself before anybody has judged it.
void read_igmp_envelope(ByteView ip, Observation& observation) {
  if (ip.size() >= kFixed4Header) {
    observation.source = Address::v4(load32(ip, kAt4Source));
    observation.destination = Address::v4(load32(ip, kAt4Destination));
  }
  const std::size_t header = (ip[0] & 0xFU) * std::size_t{4};
  if (header >= kFixed4Header && ip.size() > header) observation.type = ip[header];
}

void read_mld_envelope(ByteView ip, std::uint8_t type, Observation& observation) {
  observation.source = Address::from_bytes(ip.subspan(kAt6Source).first<kAddress6>());
  observation.destination = Address::from_bytes(ip.subspan(kAt6Destination).first<kAddress6>());
  observation.type = type;
}

}  // namespace

Observer observer_of(const net::Interface& interface) {
  Observer observer{
      .mac = interface.mac, .ipv4 = {.mac = interface.mac}, .ipv6 = {.mac = interface.mac}};
  for (const auto& own : interface.addresses) {
    // MLD speaks from link-local addresses alone (RFC 9777 5.1.14).
    const bool usable = own.address.is_v4() || (own.address.is_link_local() && !own.tentative);
    if (!usable) continue;
    core::LocalInterface& link = own.address.is_v4() ? observer.ipv4 : observer.ipv6;
    link.addresses.emplace_back(own.address, own.prefix_length);
  }
  return observer;
}

bool Observation::is_proxy_query() const {
  return packet && as_query(packet->message) != nullptr && core::is_proxy_query(*packet);
}

bool Observation::names(Address group) const {
  return packet && probe::names(packet->message, group);
}

std::optional<Observation> look(wire::LinkType type, ByteView frame, const Observer& observer) {
  const auto read = wire::read_frame(type, frame);
  if (!read) return std::nullopt;
  const ByteView ip = read->payload;
  const bool igmp = read->family == Family::kIPv4 && is_igmp(ip);
  const auto mld = read->family == Family::kIPv6 ? mld_type(ip) : std::nullopt;
  if (!igmp && !mld) return std::nullopt;
  Observation observation{.family = read->family,
                          .mac = read->source,
                          .vlan = read->vlan,
                          .inner_vlan = read->inner_vlan,
                          .packet = wire::decode(read->family, ip)};
  observation.own = read->outgoing || (observer.mac.is_known() && read->source == observer.mac);
  if (igmp) read_igmp_envelope(ip, observation);
  if (mld) read_mld_envelope(ip, *mld, observation);
  if (observation.packet) {
    observation.rejection = judge(*observation.packet, {.link = observer.link(read->family),
                                                        .settings = core::Settings{},
                                                        .rules = core::family_rules(read->family)});
  }
  return observation;
}

}  // namespace querent::probe
