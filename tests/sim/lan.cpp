#include "lan.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/dialect.hpp"

namespace querent::sim::test {

using std::chrono::seconds;

namespace {

Address group_of(const Message& message) {
  if (const auto* query = std::get_if<Query>(&message)) return query->group;
  if (const auto* leave = std::get_if<Leave>(&message)) return leave->group;
  return std::get<Report>(message).records.front().group;
}

// RFC 1112, 2236 3 and 9776 4.2.14, RFC 2710 4 and 9777 5.2.14: where a message of this kind goes.
Address destination_of(const Message& message) {
  const Address group = group_of(message);
  const Dialect& dialect = dialect_of(group);
  if (group.is_unspecified()) return dialect.all_systems;
  if (std::holds_alternative<Leave>(message)) return dialect.all_routers;
  const auto* report = std::get_if<Report>(&message);
  const bool is_newest = report != nullptr && report->version == Version::k3;
  return is_newest ? dialect.all_version3_routers : group;
}

FramePtr packed(Address source, MacAddress from, Message message) {
  const Address destination = destination_of(message);
  return make_frame(from, {.source = source,
                           .destination = destination,
                           .hop_limit = 1,
                           .router_alert = true,
                           .message = std::move(message)});
}

}  // namespace

Address machine(unsigned number, Family family) {
  if (family == Family::kIPv6) return Address::v6(0xFE80000000000000, number);
  return Address::v4(10, 0, 0, static_cast<std::uint8_t>(number));
}

Address group(unsigned number, Family family) {
  if (family == Family::kIPv6) return Address::v6(0xFF15000000000000, number);
  return Address::v4(239, 1, 1, static_cast<std::uint8_t>(number));
}

MacAddress mac(unsigned number) {
  return {.octets = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(number)}};
}

Query query(Version version, Address group, Addresses sources) {
  const bool says_more = version == Version::k3;
  return {.version = version,
          .group = group,
          .max_response = group.is_unspecified() ? seconds(10) : seconds(1),
          .suppress = false,
          .robustness = static_cast<std::uint8_t>(says_more ? 2 : 0),
          .query_interval = says_more ? seconds(60) : seconds(0),
          .sources = std::move(sources)};
}

FramePtr on_cable(unsigned from, Message message) {
  const Family family = group_of(message).family();
  return packed(machine(from, family), mac(from), std::move(message));
}

FramePtr query_frame(unsigned from, Version version, Family family) {
  return on_cable(from, query(version, Address::unspecified(family)));
}

FramePtr proxy_query_frame(Version version) {
  return packed(Address::v4(0), mac(254), query(version));
}

FramePtr join_frame(unsigned from, Address group, Version version) {
  if (version == Version::k3) return report_frame(from, RecordType::kToExclude, group);
  const Record joined{.type = RecordType::kIsExclude, .group = group, .sources = {}};
  return on_cable(from, Report{.version = version, .records = {joined}});
}

FramePtr leave_frame(unsigned from, Address group) {
  return on_cable(from, Leave{group});
}

FramePtr report_frame(unsigned from, std::vector<Record> records) {
  return on_cable(from, Report{.version = Version::k3, .records = std::move(records)});
}

FramePtr report_frame(unsigned from, RecordType type, Address group, Addresses sources) {
  return report_frame(from, {{.type = type, .group = group, .sources = std::move(sources)}});
}

FramePtr data_frame(Address group, std::uint64_t number) {
  return make_data_frame(mac(200), {.group = group, .number = number});
}

void Alone::hear(const FramePtr& frame) {
  Node::Out out;
  node_->receive(frame, now_, out);
  did(std::move(out));
}

void Alone::advance(Duration span) {
  const Instant end = now_ + span;
  while (node_->deadline() <= end) {
    now_ = std::max(now_, node_->deadline());
    Node::Out out;
    node_->wake(now_, out);
    did(std::move(out));
  }
  now_ = end;
}

void Alone::did(Node::Out&& out) {
  for (auto& frame : out)
    said_.push_back({.at = time(), .frame = std::move(frame)});
  out.clear();
}

Duration Alone::time() const {
  return now_ - kStart;
}

}  // namespace querent::sim::test
