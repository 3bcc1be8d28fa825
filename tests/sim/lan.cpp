#include "lan.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace querent::sim::test {

using std::chrono::seconds;
using wire::Record;
using wire::RecordType;

namespace {

// RFC 1112, 2236 3 and 9776 4.2.14: where a message of this kind goes.
Address destination_of(const wire::Message& message) {
  if (const auto* query = std::get_if<wire::Query>(&message)) {
    return query->is_general() ? Address::v4(224, 0, 0, 1) : query->group;
  }
  if (std::holds_alternative<wire::Leave>(message)) return Address::v4(224, 0, 0, 2);
  const auto& report = std::get<wire::Report>(message);
  return report.version == Version::k3 ? Address::v4(224, 0, 0, 22) : report.records.front().group;
}

FramePtr packed(Address source, MacAddress from, wire::Message message) {
  const Address destination = destination_of(message);
  return make_frame(from, {.source = source,
                           .destination = destination,
                           .hop_limit = 1,
                           .router_alert = true,
                           .message = std::move(message)});
}

}  // namespace

Address machine(unsigned number) {
  return Address::v4(10, 0, 0, static_cast<std::uint8_t>(number));
}

Address group(unsigned number) {
  return Address::v4(239, 1, 1, static_cast<std::uint8_t>(number));
}

MacAddress mac(unsigned number) {
  return {.octets = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(number)}};
}

wire::Query query(Version version, Address group, Addresses sources) {
  const bool says_more = version == Version::k3;
  return {.version = version,
          .group = group,
          .max_response = group.is_unspecified() ? seconds(10) : seconds(1),
          .suppress = false,
          .robustness = static_cast<std::uint8_t>(says_more ? 2 : 0),
          .query_interval = says_more ? seconds(60) : seconds(0),
          .sources = std::move(sources)};
}

FramePtr on_cable(unsigned from, wire::Message message) {
  return packed(machine(from), mac(from), std::move(message));
}

FramePtr query_frame(unsigned from, Version version) {
  return on_cable(from, query(version));
}

FramePtr proxy_query_frame(Version version) {
  return packed(Address::v4(0), mac(254), query(version));
}

FramePtr join_frame(unsigned from, Address group, Version version) {
  if (version == Version::k3) return report_frame(from, RecordType::kToExclude, group);
  const Record joined{.type = RecordType::kIsExclude, .group = group, .sources = {}};
  return on_cable(from, wire::Report{.version = version, .records = {joined}});
}

FramePtr leave_frame(unsigned from, Address group) {
  return on_cable(from, wire::Leave{group});
}

FramePtr report_frame(unsigned from, std::vector<Record> records) {
  return on_cable(from, wire::Report{.version = Version::k3, .records = std::move(records)});
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
