#include "probe/describe.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "probe/message_kinds.hpp"

namespace querent::probe {

namespace {

using Remarks = std::vector<std::string>;

void remark_vlan(const Observation& observation, Remarks& remarks) {
  if (!observation.vlan) return;
  remarks.push_back(observation.inner_vlan ? fmt::format("VLAN {} in VLAN {}",
                                                         *observation.inner_vlan, *observation.vlan)
                                           : fmt::format("VLAN {}", *observation.vlan));
}

void remark_envelope(const Observation& observation, const Packet& packet, Remarks& remarks) {
  if (packet.destination != usual_destination(packet.message, observation.family)) {
    remarks.push_back("sent to " + packet.destination.to_string());
  }
  if (packet.hop_limit != 1) {
    remarks.push_back(fmt::format(
        "{} {}", observation.family == Family::kIPv4 ? "TTL" : "hop limit", packet.hop_limit));
  }
  if (!packet.router_alert && needs_router_alert(packet.message)) {
    remarks.emplace_back("no Router Alert");
  }
  if (observation.is_proxy_query()) {
    remarks.emplace_back("a switch's, without an address: asks, but is no querier");
  }
  remark_vlan(observation, remarks);
}

std::string who(const Observation& observation, bool with_mac) {
  std::string address = observation.source.to_string();
  if (observation.own) return address + " (this host)";
  if (!with_mac || !observation.mac.is_known()) return address;
  return fmt::format("{} ({})", address, observation.mac.to_string());
}

std::string describe_packet(const Observation& observation, const Packet& packet) {
  Remarks remarks = remarks_on(packet.message, observation.family);
  remark_envelope(observation, packet, remarks);
  const bool with_mac = as_query(packet.message) != nullptr || observation.rejection ||
                        observation.source.is_unspecified();
  std::string text = fmt::format("{} {} ({})", who(observation, with_mac), sentence(packet.message),
                                 fmt::join(remarks, ", "));
  if (observation.rejection) {
    text += fmt::format("; rejected: {} ({})", explain(*observation.rejection, observation.family),
                        name(*observation.rejection));
  }
  return text;
}

// https://www.iana.org/assignments/igmp-type-numbers
std::string igmp_type_in_words(std::uint8_t type) {
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 12> kTypes = {{
      {0x11, "query"},
      {0x12, "v1 report"},
      {0x16, "v2 report"},
      {0x17, "leave"},
      {0x22, "v3 report"},
      {0x13, "DVMRP message"},
      {0x14, "PIMv1 message"},
      {0x1E, "traceroute response"},
      {0x1F, "traceroute query"},
      {0x30, "multicast router advertisement"},
      {0x31, "multicast router solicitation"},
      {0x32, "multicast router termination"},
  }};
  const auto* const known =
      std::find_if(kTypes.begin(), kTypes.end(), [type](auto of) { return of.first == type; });
  return known != kTypes.end() ? std::string(known->second)
                               : fmt::format("message of IGMP type {:#04x}", type);
}

// https://www.iana.org/assignments/icmpv6-parameters
std::string_view mld_type_in_words(std::uint8_t type) {
  constexpr std::array<std::pair<std::uint8_t, std::string_view>, 4> kTypes = {
      {{130, "MLD query"}, {131, "MLDv1 report"}, {132, "MLDv1 done"}, {143, "MLDv2 report"}}};
  const auto* const known =
      std::find_if(kTypes.begin(), kTypes.end(), [type](auto of) { return of.first == type; });
  return known != kTypes.end() ? known->second : "MLD packet";
}

std::string type_in_words(const Observation& observation) {
  if (!observation.type) return observation.family == Family::kIPv4 ? "IGMP packet" : "MLD packet";
  return observation.family == Family::kIPv4 ? igmp_type_in_words(*observation.type)
                                             : std::string(mld_type_in_words(*observation.type));
}

std::string describe_broken(const Observation& observation, wire::DropReason reason) {
  Remarks remarks = {"to " + observation.destination.to_string()};
  remark_vlan(observation, remarks);
  const bool foreign = reason == wire::DropReason::kMessageType;
  return fmt::format("{} sends a {}{} ({}); rejected: {} ({})", who(observation, true),
                     foreign ? "" : "broken ", type_in_words(observation), fmt::join(remarks, ", "),
                     explain(reason, observation.family), name(reason));
}

}  // namespace

std::string describe(const Observation& observation) {
  if (!observation.packet) return describe_broken(observation, observation.packet.error());
  return describe_packet(observation, *observation.packet);
}

}  // namespace querent::probe
