#include "cli/inject_order.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "probe/message_kinds.hpp"

namespace querent::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::array kRecordTypes = {RecordType::kIsInclude, RecordType::kIsExclude,
                                     RecordType::kToInclude, RecordType::kToExclude,
                                     RecordType::kAllow,     RecordType::kBlock};

// What a field can hold (RFC 9776 4.1.6, 4.1.7; 9777 5.1.8, 5.1.9).
constexpr Range<Duration> kQueryInterval{0s, 31744s};
constexpr Range<std::int64_t> kRobustness{0, 7};
constexpr Range<std::int64_t> kTtl{0, 255};

}  // namespace

InjectOrder InjectOrderReader::read() {
  refuse_what_does_not_apply();
  read_addresses();
  read_query();
  read_record();
  order_.ttl = static_cast<std::uint8_t>(number("--ttl", options_.ttl, kTtl, 1));
  order_.router_alert = options_.router_alert;
  return order_;
}

std::int64_t InjectOrderReader::number(const char* flag, std::optional<std::int64_t> value,
                                       const Range<std::int64_t>& range, std::int64_t by_default) {
  if (!value) return by_default;
  if (*value >= range.low && *value <= range.high) return *value;
  complain(flag, fmt::format("{} is not {} to {}", *value, range.low, range.high));
  return by_default;
}

Duration InjectOrderReader::duration(const char* flag, const std::optional<std::string>& text,
                                     const Range<Duration>& range, Duration by_default) {
  if (!text) return by_default;
  const auto duration = parse_duration(*text);
  if (duration && *duration >= range.low && *duration <= range.high) return *duration;
  complain(flag, fmt::format("{} is not a duration of {} to {}", in_quotes(*text),
                             probe::in_seconds(range.low), probe::in_seconds(range.high)));
  return by_default;
}

// ---- what does not belong together

void InjectOrderReader::refuse(bool given, const char* flag, const std::string& where) {
  if (!given) return;
  complain(flag, fmt::format("means nothing in a {}, only in {}", order_.kind.name, where));
}

std::string InjectOrderReader::kind_named(Speech speech, Version version) const {
  return std::string(inject_kind_name(order_.kind.family, speech, version));
}

void InjectOrderReader::refuse_what_does_not_apply() {
  const InjectKind& kind = order_.kind;
  const bool new_query = kind.is_newest(Speech::kQuery);
  const bool new_report = kind.is_newest(Speech::kReport);
  const std::string queries = kind_named(Speech::kQuery, Version::k3);
  const std::string reports = kind_named(Speech::kReport, Version::k3);
  if (!new_query && !kind.is(Speech::kQuery, Version::k2)) {
    refuse(options_.max_response.has_value(), "--max-response",
           kind_named(Speech::kQuery, Version::k2) + " and " + queries);
  }
  if (!new_query) {
    refuse(options_.robustness.has_value(), "--qrv", queries);
    refuse(options_.query_interval.has_value(), "--qqic", queries);
    refuse(options_.suppress, "--suppress", queries);
  }
  if (!new_report) refuse(options_.record.has_value(), "--record", reports);
  if (!new_query && !new_report) {
    refuse(!options_.sources.empty(), "--group-source", queries + " and " + reports);
  }
  if (kind.is(Speech::kQuery, Version::k1)) {
    refuse(!options_.groups.empty(), "--group", "the others: it asks about all groups");
  } else if (kind.speech != Speech::kQuery && options_.groups.empty()) {
    complain("--group", fmt::format("is missing: which group is the {} about?", kind.name));
  }
}

// ---- addresses

// One of the other family belongs to another kind.
void InjectOrderReader::complain_of_address(const char* flag, const std::string& text,
                                            const std::string& what) {
  const auto parsed = Address::parse(text);
  const bool foreign = parsed && parsed->family() != order_.kind.family;
  complain(flag, in_quotes(text) + " is not " + what,
           foreign ? std::string(inject_family(parsed->family()).kinds) : std::string());
}

Address InjectOrderReader::address(const char* flag, const std::string& text) {
  const auto address = Address::parse(text);
  if (address && address->family() == order_.kind.family) return *address;
  complain_of_address(flag, text,
                      fmt::format("an {} address", inject_family(order_.kind.family).name));
  return Address::unspecified(order_.kind.family);
}

Address InjectOrderReader::group(const std::string& text) {
  const auto group = Address::parse(text);
  if (group && group->family() == order_.kind.family && group->is_multicast()) return *group;
  complain_of_address("--group", text,
                      fmt::format("a group, {}", inject_family(order_.kind.family).groups));
  return Address::unspecified(order_.kind.family);
}

void InjectOrderReader::read_addresses() {
  if (options_.source) order_.source = address("--source", *options_.source);
  if (options_.destination) order_.destination = address("--destination", *options_.destination);
  for (const std::string& text : options_.groups)
    order_.groups.push_back(group(text));
  for (const std::string& text : options_.sources)
    order_.sources.push_back(address("--group-source", text));
  check_size();
}

// A report's packet is the largest of all that are made of so many addresses.
void InjectOrderReader::check_size() {
  const InjectFamily& family = inject_family(order_.kind.family);
  const std::size_t records = std::max<std::size_t>(order_.groups.size(), 1);
  const std::size_t record = family.bare_record + family.address * order_.sources.size();
  if (family.report_overhead + records * record <= family.largest_packet) return;
  complain("--group", fmt::format("{} groups of {} sources do not fit into a packet",
                                  order_.groups.size(), order_.sources.size()));
}

// ---- the message

void InjectOrderReader::read_query() {
  if (order_.kind.speech != Speech::kQuery) return;
  const bool newest = order_.kind.version == Version::k3;
  const InjectFamily& family = inject_family(order_.kind.family);
  order_.max_response =
      duration("--max-response", options_.max_response,
               newest ? family.new_answer : family.old_answer, options_.groups.empty() ? 10s : 1s);
  if (!newest) return;
  order_.suppress = options_.suppress;
  order_.robustness =
      static_cast<std::uint8_t>(number("--qrv", options_.robustness, kRobustness, 2));
  order_.query_interval = duration("--qqic", options_.query_interval, kQueryInterval, 60s);
}

void InjectOrderReader::read_record() {
  if (!options_.record) return;
  std::vector<std::string_view> names;
  for (const RecordType type : kRecordTypes) {
    names.push_back(probe::name(type));
    if (names.back() != *options_.record) continue;
    order_.record = type;
    return;
  }
  complain("--record",
           fmt::format("{} is none of {}", in_quotes(*options_.record), fmt::join(names, ", ")));
}

}  // namespace querent::cli
