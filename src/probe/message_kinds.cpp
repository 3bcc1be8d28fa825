#include "probe/message_kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "base/overloaded.hpp"
#include "core/counters.hpp"
#include "core/family_rules.hpp"

namespace querent::probe {

namespace {

using Json = nlohmann::ordered_json;
using Remarks = std::vector<std::string>;

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

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Json json_list(const std::vector<Address>& addresses) {
  Json list = Json::array();
  for (const Address& address : addresses)
    list.push_back(address.to_string());
  return list;
}

void add(const Query& query, Family family, Json& json) {
  constexpr std::array<std::string_view, core::kQueryKinds> kKinds = {
      "general_query", "group_query", "group_source_query"};
  json["kind"] = kKinds.at(static_cast<std::size_t>(core::kind_of(query)));
  json["version"] = number(query.version, family);
  if (!query.is_general()) json["group"] = query.group.to_string();
  json["max_response_seconds"] = seconds(query.max_response);
  if (!query.sources.empty()) json["sources"] = json_list(query.sources);
  if (query.version != Version::k3) return;
  json["suppress"] = query.suppress;
  json["robustness"] = query.robustness;
  json["query_interval_seconds"] = seconds(query.query_interval);
}

void add(const Report& report, Family family, Json& json) {
  json["kind"] = "report";
  json["version"] = number(report.version, family);
  if (report.version != Version::k3) {
    if (!report.records.empty()) json["group"] = report.records[0].group.to_string();
    return;
  }
  Json records = Json::array();
  for (const Record& record : report.records) {
    records.push_back({{"type", name(record.type)},
                       {"group", record.group.to_string()},
                       {"sources", json_list(record.sources)}});
  }
  json["records"] = std::move(records);
  if (report.skipped_records > 0) json["skipped_records"] = report.skipped_records;
}

void add(const Leave& leave, Family family, Json& json) {
  json["kind"] = "leave";
  json["version"] = number(Version::k2, family);
  json["group"] = leave.group.to_string();
}

constexpr Address link_group(std::uint64_t number) {
  return Address::v6(0xFF02000000000000, number);
}

// RFC 2236 9, 2710 4.
Address all_routers(Family family) {
  return family == Family::kIPv4 ? Address::v4(224, 0, 0, 2) : link_group(2);
}

// Of the newest version: RFC 9776 4.2.14, 9777 5.2.14.
Address all_report_readers(Family family) {
  return family == Family::kIPv4 ? Address::v4(224, 0, 0, 22) : link_group(0x16);
}

}  // namespace

std::string sentence(const Message& message) {
  return std::visit([](const auto& one) { return what(one); }, message);
}

std::vector<std::string> remarks_on(const Message& message, Family family) {
  Remarks remarks;
  std::visit([&](const auto& one) { remark_kind(one, family, remarks); }, message);
  return remarks;
}

void add_fields(const Message& message, Family family, nlohmann::ordered_json& json) {
  std::visit([&](const auto& one) { add(one, family, json); }, message);
}

Address usual_destination(const Message& message, Family family) {
  return std::visit(
      Overloaded{[&](const Query& query) {
                   return query.is_general() ? core::family_rules(family).all_systems : query.group;
                 },
                 [&](const Report& report) {
                   const bool newest = report.version == Version::k3;
                   return newest || report.records.empty() ? all_report_readers(family)
                                                           : report.records[0].group;
                 },
                 [&](const Leave&) { return all_routers(family); }},
      message);
}

bool needs_router_alert(const Message& message) {
  return std::visit(Overloaded{[](const Query& query) { return query.version != Version::k1; },
                               [](const Report& report) { return report.version != Version::k1; },
                               [](const Leave&) { return true; }},
                    message);
}

bool names(const Message& message, Address group) {
  return std::visit(Overloaded{[&](const Query& query) { return query.group == group; },
                               [&](const Report& report) {
                                 return std::any_of(
                                     report.records.begin(), report.records.end(),
                                     [&](const Record& one) { return one.group == group; });
                               },
                               [&](const Leave& leave) { return leave.group == group; }},
                    message);
}

std::optional<core::Rejection> judge(const Packet& packet, const core::Standards& standards) {
  using Verdict = std::optional<core::Rejection>;
  return std::visit(
      Overloaded{[&](const Query& query) -> Verdict {
                   if (core::is_proxy_query(packet)) return std::nullopt;
                   return core::judge_query(packet, query, standards);
                 },
                 [&](const Report&) { return core::judge_report(packet, standards.rules); },
                 [&](const Leave&) { return core::judge_report(packet, standards.rules); }},
      packet.message);
}

std::string in_seconds(Duration duration) {
  return fmt::format("{:.10g} s", std::chrono::duration<double>(duration).count());
}

std::string_view name(RecordType type) {
  constexpr std::array<std::string_view, 6> kNames = {"is_in", "is_ex", "to_in",
                                                      "to_ex", "allow", "block"};
  return kNames.at(static_cast<std::size_t>(type) - 1);
}

}  // namespace querent::probe
