#include "cli/inject_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "app/values.hpp"
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

constexpr std::array<RecordType, 6> kRecordTypes = {
    RecordType::kIsInclude, RecordType::kIsExclude, RecordType::kToInclude,
    RecordType::kToExclude, RecordType::kAllow,     RecordType::kBlock};

constexpr Address kAllRouters = Address::v4(224, 0, 0, 2);     // RFC 2236 9
constexpr Address kAllV3Routers = Address::v4(224, 0, 0, 22);  // RFC 9776 4.2.14
constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

struct Range {
  Duration low{};
  Duration high{};
};

// What a field of the version can hold (RFC 2236 2.2, RFC 9776 4.1.1, 4.1.7). A v2 query with a
// response time of 0 would be a v1 query.
constexpr Range kResponseV2{100ms, 25500ms};
constexpr Range kResponseV3{0s, 3174400ms};
constexpr Range kQueryInterval{0s, 31744s};
constexpr Range kInterval{1ms, 365 * 24h};

class Planner {
 public:
  explicit Planner(const InjectOptions& options) : options_(options) {}

  Result<Injection, std::vector<InjectComplaint>> plan() {
    const auto* const kind = std::find_if(kKinds.begin(), kKinds.end(), [this](const Kind& of) {
      return of.name == options_.kind;
    });
    if (kind == kKinds.end()) {
      complain("--type " + options_.kind, fmt::format("must be one of {}", fmt::join(inject_kinds(), ", ")));
      return failure(std::move(complaints_));
    }
    kind_ = *kind;
    refuse_what_does_not_apply();
    read_addresses();
    Injection injection{.packets = packets(),
                        .own_source = !options_.source,
                        .bad_checksum = options_.bad_checksum};
    injection.rounds = static_cast<std::uint64_t>(
        number("--count", options_.count.value_or(1), 0, std::int64_t{1} << 53U));
    injection.interval = duration("--interval", options_.interval, kInterval, 1s);
    if (!complaints_.empty()) return failure(std::move(complaints_));
    return injection;
  }

 private:
  void complain(std::string what, std::string why) {
    complaints_.push_back({std::move(what), std::move(why)});
  }

  void refuse(bool given, const char* flag, std::string_view where) {
    if (given) complain(flag, fmt::format("has no place in a {}, only in {}", kind_.name, where));
  }

  void refuse_what_does_not_apply() {
    const bool v3_query = kind_.is(Speech::kQuery, Version::k3);
    const bool v3_report = kind_.is(Speech::kReport, Version::k3);
    const bool timed = v3_query || kind_.is(Speech::kQuery, Version::k2);
    if (!timed) refuse(options_.max_response.has_value(), "--max-response", "v2_query, v3_query");
    if (!v3_query) {
      refuse(options_.robustness.has_value(), "--qrv", "v3_query");
      refuse(options_.query_interval.has_value(), "--qqic", "v3_query");
      refuse(options_.suppress, "--suppress", "v3_query");
    }
    if (!v3_report) refuse(options_.record.has_value(), "--record", "v3_report");
    if (!v3_query && !v3_report) {
      refuse(!options_.sources.empty(), "--group-source", "v3_query, v3_report");
    }
    if (kind_.is(Speech::kQuery, Version::k1)) {
      refuse(!options_.groups.empty(), "--group", "all others: it asks about all groups");
    } else if (kind_.speech != Speech::kQuery && options_.groups.empty()) {
      complain("--group", fmt::format("is missing: which group is the {} about?", kind_.name));
    }
  }

  Address address(const std::string& flag, const std::string& text) {
    const auto address = Address::parse(text);
    if (address && address->is_v4()) return *address;
    complain(flag + " " + text, "must be an IPv4 address");
    return Address::unspecified(Family::kIPv4);
  }

  void read_addresses() {
    const auto no_address = Address::unspecified(Family::kIPv4);
    source_ = options_.source ? address("--source", *options_.source) : no_address;
    if (options_.destination) destination_ = address("--destination", *options_.destination);
    for (const std::string& text : options_.groups) {
      const auto group = Address::parse(text);
      if (group && group->is_v4() && group->is_multicast()) {
        groups_.push_back(*group);
      } else {
        complain("--group " + text, "must be a group, 224.0.0.0 to 239.255.255.255");
      }
    }
    for (const std::string& text : options_.sources) {
      sources_.push_back(address("--group-source", text));
    }
  }

  std::int64_t number(const char* flag, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value >= low && value <= high) return value;
    complain(fmt::format("{} {}", flag, value), fmt::format("must be {} to {}", low, high));
    return low;
  }

  Duration duration(const char* flag, const std::optional<std::string>& text, const Range& range,
                    Duration by_default) {
    if (!text) return by_default;
    const auto duration = app::parse_duration(*text);
    if (duration && *duration >= range.low && *duration <= range.high) return *duration;
    complain(fmt::format("{} {}", flag, *text),
             fmt::format("must be a duration, {} to {}", in_seconds(range.low),
                         in_seconds(range.high)));
    return by_default;
  }

  wire::Packet packet(wire::Message message, Address destination) {
    return {.source = source_,
            .destination = destination_.value_or(destination),
            .hop_limit = static_cast<std::uint8_t>(number("--ttl", options_.ttl.value_or(1), 0, 255)),
            .router_alert = options_.router_alert,
            .message = std::move(message)};
  }

  wire::Query query(Address group) {
    const bool v3 = kind_.version == Version::k3;
    wire::Query query{.version = kind_.version, .group = group};
    query.max_response = duration("--max-response", options_.max_response,
                                  v3 ? kResponseV3 : kResponseV2, group.is_unspecified() ? 10s : 1s);
    if (!v3) return query;
    query.suppress = options_.suppress;
    query.robustness =
        static_cast<std::uint8_t>(number("--qrv", options_.robustness.value_or(2), 0, 7));
    query.query_interval = duration("--qqic", options_.query_interval, kQueryInterval, 60s);
    query.sources = sources_;
    return query;
  }

  RecordType record_type() {
    if (!options_.record) return RecordType::kIsExclude;
    std::vector<std::string_view> names;
    for (const RecordType type : kRecordTypes) {
      if (name(type) == *options_.record) return type;
      names.push_back(name(type));
    }
    complain("--record " + *options_.record, fmt::format("must be one of {}", fmt::join(names, ", ")));
    return RecordType::kIsExclude;
  }

  std::vector<wire::Packet> report_v3() {
    wire::Report report{.version = Version::k3};
    const RecordType type = record_type();
    constexpr std::size_t kEnvelope = wire::ipv4_header_size(true) + 8;
    if (kEnvelope + groups_.size() * (8 + 4 * sources_.size()) > wire::kMaxIpv4Packet) {
      complain("--group", fmt::format("{} groups of {} sources do not fit into one packet",
                                      groups_.size(), sources_.size()));
      return {};
    }
    for (const Address group : groups_) {
      report.records.push_back({.type = type, .group = group, .sources = sources_});
    }
    return {packet(std::move(report), kAllV3Routers)};
  }

  wire::Packet about(Address group) {
    if (kind_.speech == Speech::kQuery) return packet(query(group), group);
    if (kind_.speech == Speech::kLeave) return packet(wire::Leave{group}, kAllRouters);
    return packet(wire::Report{.version = kind_.version, .records = {{.group = group}}}, group);
  }

  std::vector<wire::Packet> packets() {
    if (kind_.is(Speech::kReport, Version::k3)) return report_v3();
    if (kind_.speech == Speech::kQuery && options_.groups.empty()) {
      return {packet(query(Address::unspecified(Family::kIPv4)),
                     core::family_rules(Family::kIPv4).all_systems)};
    }
    std::vector<wire::Packet> packets;
    packets.reserve(groups_.size());
    for (const Address group : groups_) packets.push_back(about(group));
    return packets;
  }

  const InjectOptions& options_;
  Kind kind_;
  Address source_;
  std::optional<Address> destination_;
  std::vector<Address> groups_;
  std::vector<Address> sources_;
  std::vector<InjectComplaint> complaints_;
};

}  // namespace
