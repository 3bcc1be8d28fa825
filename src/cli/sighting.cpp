#include "cli/sighting.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

#include "core/family_rules.hpp"
#include "core/settings.hpp"
#include "wire/codec.hpp"

namespace querent::cli {

namespace {

// RFC 791 3.1.
constexpr std::size_t kAtProtocol = 9;
constexpr std::size_t kAtSource = 12;
constexpr std::size_t kAtDestination = 16;
constexpr std::size_t kFixedHeader = 20;
constexpr std::uint8_t kProtocolIgmp = 2;

bool is_igmp(const wire::Frame& frame) {
  return frame.family == Family::kIPv4 && frame.payload.size() > kAtProtocol &&
         frame.payload[kAtProtocol] == kProtocolIgmp;
}

std::optional<core::Rejection> judge(const wire::Packet& packet, const core::Link& link) {
  const auto& rules = core::family_rules(Family::kIPv4);
  const auto* query = std::get_if<wire::Query>(&packet.message);
  if (query == nullptr) return core::judge_report(packet, rules);
  if (core::is_proxy_query(packet)) return std::nullopt;
  return core::judge_query(packet, *query,
                           {.link = link, .settings = core::Settings{}, .rules = rules});
}

}  // namespace

Observer observer_of(const net::Interface& interface) {
  Observer observer{.mac = interface.mac, .link = {.mac = interface.mac}};
  for (const auto& own : interface.addresses) {
    if (own.address.is_v4()) observer.link.addresses.emplace_back(own.address, own.prefix_length);
  }
  return observer;
}

bool Sighting::is_proxy_query() const {
  return packet && std::holds_alternative<wire::Query>(packet->message) &&
         core::is_proxy_query(*packet);
}

bool Sighting::names(Address group) const {
  if (!packet) return false;
  if (const auto* query = std::get_if<wire::Query>(&packet->message)) return query->group == group;
  if (const auto* leave = std::get_if<wire::Leave>(&packet->message)) return leave->group == group;
  const auto& records = std::get<wire::Report>(packet->message).records;
  return std::any_of(records.begin(), records.end(),
                     [group](const wire::Record& record) { return record.group == group; });
}

std::optional<Sighting> look(wire::LinkType type, ByteView frame, const Observer& observer) {
  const auto read = wire::read_frame(type, frame);
  if (!read || !is_igmp(*read)) return std::nullopt;
  const ByteView ip = read->payload;
  Sighting sighting{.mac = read->source,
                    .vlan = read->vlan,
                    .inner_vlan = read->inner_vlan,
                    .packet = wire::decode(Family::kIPv4, ip)};
  sighting.own = read->outgoing || (observer.mac.is_known() && read->source == observer.mac);
  if (ip.size() >= kFixedHeader) {
    sighting.source = Address::v4(load32(ip, kAtSource));
    sighting.destination = Address::v4(load32(ip, kAtDestination));
  }
  const std::size_t header = (ip[0] & 0xFU) * std::size_t{4};
  if (header >= kFixedHeader && ip.size() > header) sighting.igmp_type = ip[header];
  if (sighting.packet) sighting.rejection = judge(*sighting.packet, observer.link);
  return sighting;
}

}  // namespace querent::cli
