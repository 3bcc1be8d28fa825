#include "observe/json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "base/wall_time.hpp"
#include "observe/alarms.hpp"
#include "observe/health.hpp"
#include "observe/segment_counters.hpp"

namespace querent::observe {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

double seconds(Duration duration) {
  return static_cast<double>(std::chrono::round<std::chrono::milliseconds>(duration).count()) /
         1000;
}

// Since then, and until then.
double ago(Instant then, Instant at) {
  return seconds(std::max(at - then, Duration::zero()));
}

Json ahead(const std::optional<Instant>& then, Instant at) {
  return then ? Json(seconds(std::max(*then - at, Duration::zero()))) : Json();
}

Json mac(const MacAddress& address) {
  return address.is_known() ? Json(address.to_string()) : Json();
}

Json tally(const Tally& counts) {
  Json json = Json::object();
  for (const auto& [what, count] : counts)
    json[std::string(what)] = count;
  return json;
}

Json rejections(const std::array<std::uint64_t, core::kRejections>& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    json[std::string(core::name(static_cast<core::Rejection>(i)))] = counts[i];
  }
  return json;
}

using QueryCounts = core::Counters::ByVersion<core::kQueryKinds>;

std::uint64_t in_all_versions(const QueryCounts& counts, core::QueryKind kind) {
  std::uint64_t sum = 0;
  for (const auto& kinds : counts)
    sum += kinds[static_cast<std::size_t>(kind)];
  return sum;
}

Json queries(const QueryCounts& counts) {
  return {{"general", in_all_versions(counts, core::QueryKind::kGeneral)},
          {"group", in_all_versions(counts, core::QueryKind::kGroup)},
          {"group_source", in_all_versions(counts, core::QueryKind::kGroupSource)}};
}

std::uint64_t reports(const core::Counters& counters) {
  std::uint64_t sum = 0;
  for (const auto& kinds : counters.reports_received)
    sum = std::accumulate(kinds.begin(), kinds.end(), sum);
  return sum;
}

Json counters(const SegmentStatus& segment) {
  const auto& core = segment.view.counters;
  const auto& record = segment.record;
  const auto& ledger = segment.view.ledger;
  Json json{{"queries_sent", queries(core.queries_sent)},
            {"queries_received", queries(core.queries_received)},
            {"queries_rejected", rejections(core.queries_rejected)},
            {"reports_received", reports(core)},
            {"reports_rejected", rejections(core.reports_rejected)},
            {"leaves_received", core.leaves_received},
            {"malformed", tally(record.malformed)},
            {"send_errors", tally(record.send_errors)},
            {"refused",
             {{"group", ledger.refused_groups},
              {"source", ledger.refused_sources},
              {"host", ledger.refused_hosts}}}};
  for (const auto& counter : segment_counters())
    json[std::string(counter.key)] = counter.value(segment);
  return json;
}

Json querier(const core::SegmentView& view, Instant at) {
  if (const auto& other = view.elected) {
    return {{"address", other->address.to_string()},
            {"mac", mac(other->mac)},
            {"version", number(other->version, view.family)},
            {"ours", false},
            {"since_s", ago(other->since, at)},
            {"last_heard_ago_s", ago(other->last_heard, at)},
            {"timeout_s", seconds(other->timeout)}};
  }
  if (view.role != core::Role::kQuerier || !view.source) return nullptr;
  return {{"address", view.source->to_string()},
          {"mac", nullptr},
          {"version", number(view.version, view.family)},
          {"ours", true},
          {"since_s", ago(view.role_since, at)},
          {"last_heard_ago_s", nullptr},
          {"timeout_s", nullptr}};
}

Json competitor(const core::SegmentView& view, Instant at) {
  const auto& other = view.last_competitor;
  if (!other) return nullptr;
  return {{"address", other->address.to_string()},
          {"mac", mac(other->mac)},
          {"heard_ago_s", ago(other->heard, at)}};
}

Json alarms_json(const InterfaceStatus& interface, const SegmentStatus& segment, Instant at) {
  Json json = Json::array();
  for (const auto& [id, is_error, text, advice] : alarms(interface, segment, at)) {
    json.push_back({{"id", id},
                    {"severity", is_error ? "error" : "warning"},
                    {"text", text},
                    {"advice", advice}});
  }
  return json;
}

Json history(const std::vector<Slot>& slots) {
  Json json = Json::array();
  for (const auto& slot : slots) {
    json.push_back({{"state", name(slot.state)},
                    {"sent", slot.sent},
                    {"heard", slot.heard},
                    {"elections", slot.elections},
                    {"failures", slot.failures}});
  }
  return {{"slot_s", seconds(History::kSlot)}, {"slots", std::move(json)}};
}

Json segment_json(const InterfaceStatus& interface, const SegmentStatus& segment, Instant at) {
  const auto& [view, record, groups] = segment;
  const bool was_asked = record.last_query != kLongAgo;
  return {{"family", name(view.family)},
          {"state", name(record.state)},
          {"reason", record.reason},
          {"in_state_s", ago(record.state_since, at)},
          {"source", view.source ? Json(view.source->to_string()) : Json()},
          {"version", number(view.version, view.family)},
          {"querier", querier(view, at)},
          {"last_competitor", competitor(view, at)},
          {"query_interval_s", seconds(view.values.query_interval)},
          {"max_response_s", seconds(view.values.query_response)},
          {"last_member_interval_s", seconds(view.values.last_member_interval)},
          {"robustness", view.values.robustness},
          {"last_query_ago_s", was_asked ? Json(ago(record.last_query, at)) : Json()},
          {"next_query_in_s", ahead(view.next_query, at)},
          {"takeover_in_s", ahead(view.takeover, at)},
          {"version_mismatch", view.version_mismatch},
          {"groups", view.groups},
          {"sources", view.ledger.sources},
          {"hosts", view.ledger.hosts},
          {"counters", counters(segment)},
          {"alarms", alarms_json(interface, segment, at)},
          {"history", history(record.history)}};
}

Json segment_health(const InterfaceStatus& interface, const SegmentStatus& segment, Instant at) {
  const auto& [view, record, groups] = segment;
  const auto& core = view.counters;
  const bool failed = interface.state == InterfaceStatus::State::kFailed;
  return {{"interface", interface.name},
          {"family", name(view.family)},
          {"state", name(record.state)},
          {"querier", querier(view, at)},
          {"last_competitor", competitor(view, at)},
          {"queries_sent", in_all_versions(core.queries_sent, core::QueryKind::kGeneral)},
          {"elections_won", core.elections_won},
          {"elections_lost", core.elections_lost},
          {"socket_recoveries", record.socket_recoveries},
          {"next_query_in_s", ahead(view.next_query, at)},
          {"reason", failed ? interface.reason : trouble(segment, at)}};
}

Json source_json(const core::SourceView& source) {
  return {{"address", source.address.to_string()},
          {"expires_in_s", source.expires_in ? Json(seconds(*source.expires_in)) : Json()}};
}

Json host_json(const core::HostView& host) {
  return {{"address", host.address.to_string()},
          {"mac", mac(host.mac)},
          {"last_report_ago_s", seconds(host.last_report_ago)}};
}

Json group_json(const GroupRow& row, const GroupNames& names) {
  const auto& view = row.view;
  const auto called = names.find(view.group);
  Json sources = Json::array();
  for (const auto& source : view.sources)
    sources.push_back(source_json(source));
  Json hosts = Json::array();
  for (const auto& host : view.hosts)
    hosts.push_back(host_json(host));
  return {{"interface", row.interface},
          {"family", name(row.family)},
          {"group", view.group.to_string()},
          {"name", called ? Json(*called) : Json()},
          {"link_local", view.link_local},
          {"mode", view.mode == core::FilterMode::kExclude ? "exclude" : "include"},
          {"version", number(view.compatibility, row.family)},
          {"known_for_s", seconds(view.known_for)},
          {"last_report_ago_s", seconds(view.last_report_ago)},
          {"expires_in_s", seconds(view.expires_in)},
          {"last_reporter",
           {{"address", view.last_reporter.to_string()}, {"mac", mac(view.last_reporter_mac)}}},
          {"sources", std::move(sources)},
          {"sources_total", row.sources},
          {"hosts", std::move(hosts)},
          {"hosts_total", row.hosts}};
}

// What the states in the document are called where people read them.
Json state_words() {
  Json json = Json::object();
  for (const auto& row : kStates)
    json[std::string(row.name)] = row.words;
  return json;
}

}  // namespace

std::string status_json(const Status& status) {
  const Verdict healthy = health(status);
  const Verdict ready = readiness(status);
  std::vector<std::string> reasons = healthy.reasons;
  for (const auto& reason : ready.reasons)
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
      reasons.push_back(reason);
  Json interfaces = Json::array();
  for (const auto& interface : status.interfaces) {
    Json segments = Json::array();
    for (const auto& segment : interface.segments)
      segments.push_back(segment_json(interface, segment, status.at));
    interfaces.push_back({{"name", interface.name},
                          {"state", name(interface.state)},
                          {"reason", interface.reason},
                          {"segments", std::move(segments)}});
  }
  return dump({{"version", status.version},
               {"commit", status.commit},
               {"instance", status.instance},
               {"time", utc(status.time)},
               {"started", utc(status.started)},
               {"uptime_s", seconds(status.uptime)},
               {"healthy", healthy.good},
               {"ready", ready.good},
               {"reasons", reasons},
               {"state_words", state_words()},
               {"interfaces", std::move(interfaces)}});
}

std::string health_json(const Status& status) {
  const Verdict verdict = health(status);
  Json segments = Json::array();
  for (const auto& interface : status.interfaces)
    for (const auto& segment : interface.segments)
      segments.push_back(segment_health(interface, segment, status.at));
  return dump(
      {{"healthy", verdict.good}, {"reasons", verdict.reasons}, {"segments", std::move(segments)}});
}

std::string readiness_json(const Status& status) {
  const Verdict verdict = readiness(status);
  return dump({{"ready", verdict.good}, {"reasons", verdict.reasons}});
}

std::string groups_json(const GroupPage& page) {
  Json groups = Json::array();
  for (const auto& row : page.rows)
    groups.push_back(group_json(row, *page.names));
  Json after;
  if (page.more && !page.rows.empty()) {
    const auto& last = page.rows.back();
    after = to_text(GroupCursor{last.interface, last.family, last.view.group});
  }
  return dump({{"groups", std::move(groups)}, {"total", page.total}, {"after", std::move(after)}});
}

std::string events_json(const EventPage& page) {
  Json events = Json::array();
  for (const auto& event : page.events) {
    events.push_back({{"id", event.id},
                      {"time", utc(event.time)},
                      {"level", event.level},
                      {"event", event.event},
                      {"interface", event.interface.empty() ? Json() : Json(event.interface)},
                      {"family", event.family ? Json(name(*event.family)) : Json()},
                      {"text", event.text}});
  }
  return dump({{"instance", page.instance},
               {"events", std::move(events)},
               {"last", page.last},
               {"first", page.first}});
}

std::string unhealthy_json(std::string_view reason) {
  return dump({{"healthy", false}, {"reasons", {reason}}, {"segments", Json::array()}});
}

std::string unready_json(std::string_view reason) {
  return dump({{"ready", false}, {"reasons", {reason}}});
}

std::string to_text(const GroupCursor& cursor) {
  return fmt::format("{}/{}/{}", cursor.interface, name(cursor.family), cursor.group.to_string());
}

std::optional<Family> parse_family(std::string_view text) {
  for (const Family family : {Family::kIPv4, Family::kIPv6})
    if (text == name(family)) return family;
  return std::nullopt;
}

// No interface has a slash in its name.
std::optional<GroupCursor> parse_cursor(std::string_view text) {
  const auto first = text.find('/');
  const auto second = text.find('/', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto family = parse_family(text.substr(first + 1, second - first - 1));
  const auto group = Address::parse(text.substr(second + 1));
  if (!family || !group || group->family() != *family) return std::nullopt;
  return GroupCursor{std::string(text.substr(0, first)), *family, *group};
}

}  // namespace querent::observe
