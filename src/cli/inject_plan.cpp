#include "cli/inject_plan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "app/values.hpp"
#include "app/words.hpp"
#include "cli/describe.hpp"
#include "core/family_rules.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"
#include "wire/ipv4.hpp"

namespace querent::cli {

namespace {

using namespace std::chrono_literals;
using wire::RecordType;
using wire::Version;

enum class Speech : std::uint8_t { kQuery, kReport, kLeave };

struct Kind {
  std::string_view name;
  Speech speech{};
  Version version{};

  bool is(Speech of, Version in) const { return speech == of && version == in; }
};

constexpr std::array<Kind, 7> kKinds = {{
    {"v1_query", Speech::kQuery, Version::k1},
    {"v2_query", Speech::kQuery, Version::k2},
    {"v3_query", Speech::kQuery, Version::k3},
    {"v1_report", Speech::kReport, Version::k1},
    {"v2_report", Speech::kReport, Version::k2},
    {"v3_report", Speech::kReport, Version::k3},
    {"leave", Speech::kLeave, Version::k2},
}};

constexpr std::array kRecordTypes = {RecordType::kIsInclude, RecordType::kIsExclude,
                                     RecordType::kToInclude, RecordType::kToExclude,
                                     RecordType::kAllow,     RecordType::kBlock};

constexpr Address kNoAddress = Address::v4(0);
constexpr Address kAllRouters = Address::v4(224, 0, 0, 2);     // RFC 2236 9
constexpr Address kAllV3Routers = Address::v4(224, 0, 0, 22);  // RFC 9776 4.2.14
constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

template <class Value>
struct Range {
  Value low{};
  Value high{};
};

// What a field of the version can hold (RFC 2236 2.2, RFC 9776 4.1.1, 4.1.6, 4.1.7). A v2 query
// with a response time of 0 would be a v1 query.
constexpr Range<Duration> kResponseV2{100ms, 25500ms};
constexpr Range<Duration> kResponseV3{0s, 3174400ms};
constexpr Range<Duration> kQueryInterval{0s, 31744s};
constexpr Range<std::int64_t> kRobustness{0, 7};
constexpr Range<std::int64_t> kTtl{0, 255};
constexpr Range<Duration> kInterval{1ms, 365 * 24h};
constexpr Range<std::int64_t> kCount{0, std::int64_t{1} << 53U};

// The options as values.
struct Order {
  Kind kind;
  Address source = kNoAddress;
  std::optional<Address> destination{};
  std::vector<Address> groups{};
  std::vector<Address> sources{};
  RecordType record = RecordType::kIsExclude;
  Duration max_response{};
  std::uint8_t robustness = 0;
  Duration query_interval{};
  std::uint8_t ttl = 1;
  bool suppress = false;
  bool router_alert = true;
};

wire::Packet packet(const Order& order, wire::Message message, Address destination) {
  return {.source = order.source,
          .destination = order.destination.value_or(destination),
          .hop_limit = order.ttl,
          .router_alert = order.router_alert,
          .message = std::move(message)};
}

wire::Query query(const Order& order, Address group) {
  return {.version = order.kind.version,
          .group = group,
          .max_response = order.max_response,
          .suppress = order.suppress,
          .robustness = order.robustness,
          .query_interval = order.query_interval,
          .sources = order.sources};
}

wire::Packet report_v3(const Order& order) {
  wire::Report report{.version = Version::k3};
  for (const Address group : order.groups) {
    report.records.push_back({.type = order.record, .group = group, .sources = order.sources});
  }
  return packet(order, std::move(report), kAllV3Routers);
}

wire::Packet about(const Order& order, Address group) {
  if (order.kind.speech == Speech::kQuery) return packet(order, query(order, group), group);
  if (order.kind.speech == Speech::kLeave) return packet(order, wire::Leave{group}, kAllRouters);
  return packet(order, wire::Report{.version = order.kind.version, .records = {{.group = group}}},
                group);
}

std::vector<wire::Packet> packets(const Order& order) {
  if (order.kind.is(Speech::kReport, Version::k3)) return {report_v3(order)};
  if (order.kind.speech == Speech::kQuery && order.groups.empty()) {
    return {packet(order, query(order, kNoAddress), core::family_rules(Family::kIPv4).all_systems)};
  }
  std::vector<wire::Packet> packets;
  packets.reserve(order.groups.size());
  for (const Address group : order.groups)
    packets.push_back(about(order, group));
  return packets;
}

// Reads the options and collects what is wrong with them.
class OrderReader {
 public:
  OrderReader(const InjectOptions& options, const Kind& kind)
      : options_(options), order_{.kind = kind} {}

  Order read() {
    refuse_what_does_not_apply();
    read_addresses();
    read_query();
    read_record();
    order_.ttl = static_cast<std::uint8_t>(number("--ttl", options_.ttl, kTtl, 1));
    order_.router_alert = options_.router_alert;
    return order_;
  }

  std::int64_t number(const char* flag, std::optional<std::int64_t> value,
                      const Range<std::int64_t>& range, std::int64_t by_default) {
    if (!value) return by_default;
    if (*value >= range.low && *value <= range.high) return *value;
    complain(flag, fmt::format("{} is not {} to {}", *value, range.low, range.high));
    return by_default;
  }

  Duration duration(const char* flag, const std::optional<std::string>& text,
                    const Range<Duration>& range, Duration by_default) {
    if (!text) return by_default;
    const auto duration = app::parse_duration(*text);
    if (duration && *duration >= range.low && *duration <= range.high) return *duration;
    complain(flag, fmt::format("{} is not a duration of {} to {}", app::quoted(*text),
                               in_seconds(range.low), in_seconds(range.high)));
    return by_default;
  }

  app::Complaints complaints() { return std::move(complaints_); }

 private:
  void complain(std::string what, std::string why) {
    complaints_.push_back({std::move(what), std::move(why)});
  }

  void refuse(bool given, const char* flag, std::string_view where) {
    if (!given) return;
    complain(flag, fmt::format("means nothing in a {}, only in {}", order_.kind.name, where));
  }

  void refuse_what_does_not_apply() {
    const Kind& kind = order_.kind;
    const bool v3_query = kind.is(Speech::kQuery, Version::k3);
    const bool v3_report = kind.is(Speech::kReport, Version::k3);
    if (!v3_query && !kind.is(Speech::kQuery, Version::k2)) {
      refuse(options_.max_response.has_value(), "--max-response", "v2_query and v3_query");
    }
    if (!v3_query) {
      refuse(options_.robustness.has_value(), "--qrv", "v3_query");
      refuse(options_.query_interval.has_value(), "--qqic", "v3_query");
      refuse(options_.suppress, "--suppress", "v3_query");
    }
    if (!v3_report) refuse(options_.record.has_value(), "--record", "v3_report");
    if (!v3_query && !v3_report) {
      refuse(!options_.sources.empty(), "--group-source", "v3_query and v3_report");
    }
    if (kind.is(Speech::kQuery, Version::k1)) {
      refuse(!options_.groups.empty(), "--group", "the others: it asks about all groups");
    } else if (kind.speech != Speech::kQuery && options_.groups.empty()) {
      complain("--group", fmt::format("is missing: which group is the {} about?", kind.name));
    }
  }

  Address address(const char* flag, const std::string& text) {
    const auto address = Address::parse(text);
    if (address && address->is_v4()) return *address;
    complain(flag, app::quoted(text) + " is not an IPv4 address");
    return kNoAddress;
  }

  void read_addresses() {
    if (options_.source) order_.source = address("--source", *options_.source);
    if (options_.destination) order_.destination = address("--destination", *options_.destination);
    for (const std::string& text : options_.groups) {
      order_.groups.push_back(Address::parse(text).value_or(kNoAddress));
      const Address group = order_.groups.back();
      if (group.is_v4() && group.is_multicast()) continue;
      complain("--group", app::quoted(text) + " is not a group, 224.0.0.0 to 239.255.255.255");
    }
    for (const std::string& text : options_.sources) {
      order_.sources.push_back(address("--group-source", text));
    }
    // A report's packet, which is the largest of all that are made of so many addresses.
    constexpr std::size_t kEnvelope = wire::ipv4_header_size(true) + 8;
    const std::size_t record = 8 + 4 * order_.sources.size();
    if (kEnvelope + std::max<std::size_t>(order_.groups.size(), 1) * record >
        wire::kMaxIpv4Packet) {
      complain("--group", fmt::format("{} groups of {} sources do not fit into a packet",
                                      order_.groups.size(), order_.sources.size()));
    }
  }

  void read_query() {
    if (order_.kind.speech != Speech::kQuery) return;
    const bool v3 = order_.kind.version == Version::k3;
    order_.max_response =
        duration("--max-response", options_.max_response, v3 ? kResponseV3 : kResponseV2,
                 options_.groups.empty() ? 10s : 1s);
    if (!v3) return;
    order_.suppress = options_.suppress;
    order_.robustness =
        static_cast<std::uint8_t>(number("--qrv", options_.robustness, kRobustness, 2));
    order_.query_interval = duration("--qqic", options_.query_interval, kQueryInterval, 60s);
  }

  void read_record() {
    if (!options_.record) return;
    std::vector<std::string_view> names;
    for (const RecordType type : kRecordTypes) {
      names.push_back(name(type));
      if (names.back() != *options_.record) continue;
      order_.record = type;
      return;
    }
    complain("--record", fmt::format("{} is none of {}", app::quoted(*options_.record),
                                     fmt::join(names, ", ")));
  }

  const InjectOptions& options_;
  Order order_;
  app::Complaints complaints_;
};

// One wrong bit is always noticed; the complement of 0 would be as good as 0.
void spoil_checksum(Bytes& packet) {
  const std::size_t header = (packet[0] & 0xFU) * std::size_t{4};
  packet[header + 2] ^= 1U;
}

}  // namespace

std::vector<std::string> inject_kinds() {
  std::vector<std::string> names;
  names.reserve(kKinds.size());
  for (const Kind& kind : kKinds)
    names.emplace_back(kind.name);
  return names;
}

Result<Injection, app::Complaints> plan_injection(const InjectOptions& options) {
  const auto* const kind = std::find_if(kKinds.begin(), kKinds.end(),
                                        [&](const Kind& of) { return of.name == options.kind; });
  if (kind == kKinds.end()) {
    return failure(
        app::Complaints{{"--type", fmt::format("{} is none of {}", app::quoted(options.kind),
                                               fmt::join(inject_kinds(), ", "))}});
  }
  OrderReader reader(options, *kind);
  const Order order = reader.read();
  Injection injection{.own_source = !options.source, .bad_checksum = options.bad_checksum};
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
  for (wire::Packet packet : injection.packets) {
    if (injection.own_source) packet.source = own;
    const bool multicast = packet.destination.is_multicast();
    shots.push_back(
        {.packet = wire::encode(packet),
         .destination = multicast ? wire::multicast_mac(packet.destination) : kBroadcast});
    if (injection.bad_checksum) spoil_checksum(shots.back().packet);
  }
  return shots;
}

}  // namespace querent::cli
