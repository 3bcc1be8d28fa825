#include "cli/inject_plan.hpp"

#include <cstddef>
#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"
#include "probe/message_kinds.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"
#include "wire/ipv6.hpp"

namespace querent::cli {

namespace {

using namespace std::chrono_literals;

constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
constexpr Range<Duration> kInterval{1ms, 365 * 24h};
constexpr Range<std::int64_t> kCount{0, std::int64_t{1} << 53U};

Packet packet(const InjectOrder& order, Message message) {
  const Address usual = probe::usual_destination(message, order.kind.family);
  return {.source = order.source,
          .destination = order.destination.value_or(usual),
          .hop_limit = order.ttl,
          .router_alert = order.router_alert,
          .message = std::move(message)};
}

Query query(const InjectOrder& order, Address group) {
  return {.version = order.kind.version,
          .group = group,
          .max_response = order.max_response,
          .suppress = order.suppress,
          .robustness = order.robustness,
          .query_interval = order.query_interval,
          .sources = order.sources};
}

Report newest_report(const InjectOrder& order) {
  Report report{.version = order.kind.version};
  for (const Address group : order.groups) {
    report.records.push_back({.type = order.record, .group = group, .sources = order.sources});
  }
  return report;
}

Message about(const InjectOrder& order, Address group) {
  if (order.kind.speech == Speech::kQuery) return query(order, group);
  if (order.kind.speech == Speech::kLeave) return Leave{group};
  return Report{.version = order.kind.version, .records = {{.group = group}}};
}

std::vector<Packet> packets(const InjectOrder& order) {
  if (order.kind.is_newest(Speech::kReport)) return {packet(order, newest_report(order))};
  if (order.kind.speech == Speech::kQuery && order.groups.empty()) {
    return {packet(order, query(order, Address::unspecified(order.kind.family)))};
  }
  std::vector<Packet> packets;
  packets.reserve(order.groups.size());
  for (const Address group : order.groups)
    packets.push_back(packet(order, about(order, group)));
  return packets;
}

// One wrong bit is always noticed; the complement of 0 would be as good as 0.
void spoil_checksum(const Packet& packet, Bytes& octets) {
  const std::size_t header = packet.destination.is_v4()
                                 ? (octets[0] & 0xFU) * std::size_t{4}
                                 : wire::ipv6_header_size(packet.router_alert);
  octets[header + 2] ^= 1U;
}

}  // namespace

std::vector<std::string> inject_kinds() {
  std::vector<std::string> names;
  for (const InjectKind& kind : all_inject_kinds())
    names.emplace_back(kind.name);
  return names;
}

Result<Injection, config::Complaints> plan_injection(const InjectOptions& options) {
  const auto* const kind = find_inject_kind(options.kind);
  if (kind == nullptr) {
    return failure(
        config::Complaints{{"--type", fmt::format("{} is none of {}", in_quotes(options.kind),
                                                  fmt::join(inject_kinds(), ", "))}});
  }
  InjectOrderReader reader(options, *kind);
  const InjectOrder order = reader.read();
  Injection injection{
      .family = kind->family, .own_source = !options.source, .bad_checksum = options.bad_checksum};
  injection.rounds = static_cast<std::uint64_t>(reader.number("--count", options.count, kCount, 1));
  injection.interval = reader.duration("--interval", options.interval, kInterval, 1s);
  if (auto complaints = reader.complaints(); !complaints.empty()) {
    return failure(std::move(complaints));
  }
  injection.packets = packets(order);
  return injection;
}

std::vector<Shot> shots(const Injection& injection, Address own) {
  std::vector<Shot> shots;
  shots.reserve(injection.packets.size());
  for (Packet packet : injection.packets) {
    if (injection.own_source) packet.source = own;
    const bool multicast = packet.destination.is_multicast();
    shots.push_back(
        {.packet = wire::encode(packet),
         .destination = multicast ? wire::multicast_mac(packet.destination) : kBroadcast});
    if (injection.bad_checksum) spoil_checksum(packet, shots.back().packet);
  }
  return shots;
}

}  // namespace querent::cli
