#include "probe/describe.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

#include "core/counters.hpp"
#include "probe/usual_destination.hpp"

namespace querent::probe {

namespace {

constexpr std::size_t kShownSources = 4;
constexpr std::size_t kShownRecords = 4;

std::string and_more(std::size_t shown, std::size_t all) {
  return all > shown ? fmt::format(" and {} more", all - shown) : std::string();
}

std::string list(const std::vector<Address>& sources) {
  const std::size_t shown = std::min(sources.size(), kShownSources);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    text += sources[i].to_string();
  }
  return text + and_more(shown, sources.size());
}

std::string upper(std::string_view text) {
  std::string upper;
  std::transform(text.begin(), text.end(), std::back_inserter(upper),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return upper;
}

// RFC 9776 4.2.13: without sources INCLUDE means nobody, and EXCLUDE everybody.
std::string wish(const Record& record) {
  std::string group = record.group.to_string();
  const std::string sources = list(record.sources);
  const bool none = record.sources.empty();
  switch (record.type) {
    case RecordType::kIsInclude:
      return none ? "does not want " + group
                  : fmt::format("wants {} from {} alone", group, sources);
    case RecordType::kIsExclude:
      return none ? "wants " + group : fmt::format("wants {} from all but {}", group, sources);
    case RecordType::kToInclude:
      return none ? "leaves " + group
                  : fmt::format("from now on wants {} from {} alone", group, sources);
    case RecordType::kToExclude:
      return none ? "from now on wants " + group
                  : fmt::format("from now on wants {} from all but {}", group, sources);
    case RecordType::kAllow:
      return none ? "adds no source to " + group
                  : fmt::format("also wants {} from {}", group, sources);
    case RecordType::kBlock:
      return none ? "gives up no source of " + group
                  : fmt::format("no longer wants {} from {}", group, sources);
  }
  return group;
}

std::string wishes(const Report& report) {
  if (report.records.empty()) return "reports about no group";
  const std::size_t shown = std::min(report.records.size(), kShownRecords);
  const bool several = report.records.size() > 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const Record& record = report.records[i];
    if (i > 0) text += ", ";
    text += wish(record);
    if (several) text += " [" + upper(name(record.type)) + "]";
  }
  return text + and_more(shown, report.records.size());
}

std::string what(const Query& query) {
  if (query.is_general()) {
    if (query.sources.empty()) return "asks everybody: who wants what?";
    return fmt::format("asks everybody: who wants what from {}?", list(query.sources));
  }
  if (query.sources.empty()) return fmt::format("asks: who wants {}?", query.group.to_string());
  return fmt::format("asks: who wants {} from {}?", query.group.to_string(), list(query.sources));
}

std::string what(const Report& report) {
  return wishes(report);
}

std::string what(const Leave& leave) {
  return "leaves " + leave.group.to_string();
}

using Remarks = std::vector<std::string>;

// "v2", which everybody takes for IGMP's; "MLDv1".
std::string version_in_words(Version version, Family family) {
  return fmt::format("{}v{}", family == Family::kIPv4 ? "" : "MLD", number(version, family));
}

void remark_kind(const Query& query, Family family, Remarks& remarks) {
  constexpr std::array<std::string_view, core::kQueryKinds> kKinds = {"query", "group query",
                                                                      "group-and-source query"};
  remarks.push_back(fmt::format("{}v{} {}", family == Family::kIPv4 ? "IGMP" : "MLD",
                                number(query.version, family),
                                kKinds.at(static_cast<std::size_t>(core::kind_of(query)))));
  remarks.push_back("answer within " + in_seconds(query.max_response));
  if (query.suppress) remarks.emplace_back("S: routers keep their timers");
  if (query.robustness != 0) remarks.push_back(fmt::format("QRV {}", query.robustness));
  if (query.query_interval != Duration{0}) {
    remarks.push_back("QQIC " + in_seconds(query.query_interval));
  }
}

void remark_kind(const Report& report, Family family, Remarks& remarks) {
  const bool names_its_type = report.version == Version::k3 && report.records.size() == 1;
  remarks.push_back(version_in_words(report.version, family) + " " +
                    (names_its_type ? upper(name(report.records[0].type)) : "report"));
  if (report.skipped_records > 0) {
    remarks.push_back(fmt::format("{} meaningless record{} skipped", report.skipped_records,
                                  report.skipped_records == 1 ? "" : "s"));
  }
}

void remark_kind(const Leave&, Family family, Remarks& remarks) {
  remarks.push_back(version_in_words(Version::k2, family) +
                    (family == Family::kIPv4 ? "" : " done"));
}

// Only IGMPv1 hosts may leave the option out: RFC 1112 does not know it. (MLD has no k1.)
bool needs_router_alert(const Message& message) {
  if (const auto* query = std::get_if<Query>(&message)) return query->version != Version::k1;
  if (const auto* report = std::get_if<Report>(&message)) return report->version != Version::k1;
  return true;
}

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
  Remarks remarks;
  std::visit([&](const auto& message) { remark_kind(message, observation.family, remarks); },
             packet.message);
  remark_envelope(observation, packet, remarks);
  const bool with_mac = std::holds_alternative<Query>(packet.message) || observation.rejection ||
                        observation.source.is_unspecified();
  std::string text =
      fmt::format("{} {} ({})", who(observation, with_mac),
                  std::visit([](const auto& message) { return what(message); }, packet.message),
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

std::string in_seconds(Duration duration) {
  return fmt::format("{:.10g} s", std::chrono::duration<double>(duration).count());
}

std::string_view name(RecordType type) {
  constexpr std::array<std::string_view, 6> kNames = {"is_in", "is_ex", "to_in",
                                                      "to_ex", "allow", "block"};
  return kNames.at(static_cast<std::size_t>(type) - 1);
}

std::string describe(const Observation& observation) {
  if (!observation.packet) return describe_broken(observation, observation.packet.error());
  return describe_packet(observation, *observation.packet);
}

}  // namespace querent::probe
