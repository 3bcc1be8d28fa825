#include "hostile_queries.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "core/family_rules.hpp"
#include "lab/lan.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"
#include "wire/ipv6.hpp"

namespace querent::test {

using lab::Lan;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kIpv6Header = 40;

Address address_in(Family family, ByteView packet, std::size_t at4, std::size_t at6) {
  return family == Family::kIPv4 ? Address::from_bytes(packet.subspan(at4).first<4>())
                                 : Address::from_bytes(packet.subspan(at6).first<16>());
}

Address source_of(Family family, ByteView packet) {
  return address_in(family, packet, 12, 8);
}

// As far as the packet's own headers say.
std::size_t header_size(Family family, ByteView packet) {
  if (family == Family::kIPv4) return std::size_t{4} * (packet[0] & 0xFU);
  return packet[6] == 0 ? kIpv6Header + 8 + std::size_t{8} * packet[kIpv6Header + 1] : kIpv6Header;
}

std::uint16_t sum_before(Family family, ByteView packet, std::size_t message) {
  if (family == Family::kIPv4) return 0xFFFF;
  return wire::pseudo_header_checksum(
      {.source = source_of(family, packet), .destination = address_in(family, packet, 16, 24)},
      message);
}

}  // namespace

Address everybody(Family family) {
  return core::family_rules(family).all_systems;
}

Address some_group(Family family) {
  return family == Family::kIPv4 ? Address::v4(239, 1, 2, 3)
                                 : Address::v6(0xFF1E000000000000, 0x123);
}

Address nobody(Family family) {
  return Address::unspecified(family);
}

Packet general_query(Family family, Version version) {
  return {.source = Lan::address_of(kLower, family),
          .destination = everybody(family),
          .message = Query{.version = version, .group = nobody(family), .max_response = 1s}};
}

Bytes query_from(Address source, Family family) {
  auto packet = general_query(family);
  packet.source = source;
  return wire::encode(packet);
}

Bytes query_to(Address destination) {
  auto packet = general_query(destination.family());
  packet.destination = destination;
  return wire::encode(packet);
}

Bytes query_with_hop_limit(Family family, std::uint8_t hop_limit) {
  auto packet = general_query(family);
  packet.hop_limit = hop_limit;
  return wire::encode(packet);
}

Bytes query_about(Address group, Version version, Address destination,
                  const std::vector<Address>& sources) {
  auto packet = general_query(destination.family(), version);
  packet.destination = destination;
  auto& query = std::get<Query>(packet.message);
  query.group = group;
  query.sources = sources;
  return wire::encode(packet);
}

std::size_t message_at(Family family) {
  return family == Family::kIPv4 ? 24 : wire::ipv6_header_size(true);
}

Bytes sealed(Family family, Bytes packet) {
  const std::size_t header = header_size(family, packet);
  if (packet.size() >= header + 4) {
    const auto before = sum_before(family, packet, packet.size() - header);
    store16(packet, header + 2, 0);
    store16(packet, header + 2, wire::checksum(ByteView(packet).subspan(header), before));
  }
  if (family == Family::kIPv6) return packet;
  store16(packet, 10, 0);
  store16(packet, 10, wire::checksum(ByteView(packet).first(std::min(header, packet.size()))));
  return packet;
}

void store_length(Family family, Bytes& packet) {
  if (family == Family::kIPv4) return store16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  store16(packet, 4, static_cast<std::uint16_t>(packet.size() - kIpv6Header));
}

Bytes query_of_length(Family family, std::size_t octets) {
  auto packet = wire::encode(general_query(family, Version::k3));
  packet.resize(message_at(family) + octets);
  store_length(family, packet);
  return sealed(family, std::move(packet));
}

Bytes query_with(const Packet& query, std::size_t at, std::uint8_t octet) {
  auto packet = wire::encode(query);
  packet[at] = octet;
  return sealed(query.destination.family(), std::move(packet));
}

BadQuery unreadable(wire::DropReason reason, Bytes packet) {
  const std::string name(wire::name(reason));
  return {.told = fmt::format("unreadable packet from {}: {}", kAttacker.to_string(), name),
          .reason = name,
          .unreadable = true,
          .packet = std::move(packet)};
}

BadQuery rejected(core::Rejection reason, Family family, Bytes packet) {
  const std::string name(core::name(reason));
  auto told = fmt::format("query from {} ({}) rejected: {}", source_of(family, packet).to_string(),
                          kAttacker.to_string(), name);
  return {.told = std::move(told), .reason = name, .packet = std::move(packet)};
}

}  // namespace querent::test
