#include "probe/describe_json.hpp"

#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probe/describe.hpp"
#include "probe/message_kinds.hpp"

namespace querent::probe {

namespace {

using Json = nlohmann::ordered_json;

void add_frame(const Observation& observation, Json& json) {
  if (observation.mac.is_known()) json["mac"] = observation.mac.to_string();
  if (observation.own) json["this_host"] = true;
  if (observation.vlan) json["vlan"] = *observation.vlan;
  if (observation.inner_vlan) json["inner_vlan"] = *observation.inner_vlan;
  json["family"] = name(observation.family);
  json["source"] = observation.source.to_string();
  json["destination"] = observation.destination.to_string();
}

void add_packet(const Observation& observation, const Packet& packet, Json& json) {
  json[observation.family == Family::kIPv4 ? "ttl" : "hop_limit"] = packet.hop_limit;
  json["router_alert"] = packet.router_alert;
  add_fields(packet.message, observation.family, json);
  if (observation.is_proxy_query()) json["proxy"] = true;
  if (!observation.rejection) return;
  json["rejected"] = name(*observation.rejection);
  json["why"] = explain(*observation.rejection, observation.family);
}

void add_broken(const Observation& observation, Json& json) {
  json["kind"] = "broken";
  if (observation.type) {
    json[observation.family == Family::kIPv4 ? "igmp_type" : "icmpv6_type"] = *observation.type;
  }
  json["rejected"] = name(observation.packet.error());
  json["why"] = explain(observation.packet.error(), observation.family);
}

}  // namespace

std::string in_utc(Duration time) {
  using std::chrono::floor;
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string describe_json(const Observation& observation, const Occasion& occasion) {
  Json json;
  json["time"] = in_utc(occasion.time);
  if (!occasion.interface.empty()) json["interface"] = occasion.interface;
  add_frame(observation, json);
  if (observation.packet) {
    add_packet(observation, *observation.packet, json);
  } else {
    add_broken(observation, json);
  }
  json["text"] = describe(observation);
  // An interface may be named in any octets.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace querent::probe
