#include "cli/show_status.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

#include "cli/api_words.hpp"
#include "cli/text_table.hpp"

namespace querent::cli {

namespace {

using Row = std::vector<std::string>;

std::string truth_words(client::JsonValue truth, std::string_view words, bool colour) {
  if (!truth.truth()) return fmt::format("perhaps {}", words);
  return truth.is_true() ? tinted(words, Tint::kGood, colour)
                         : tinted(fmt::format("not {}", words), Tint::kBad, colour);
}

std::string headline(client::JsonValue status, bool colour) {
  constexpr std::size_t kShortCommit = 8;
  return fmt::format("querent {} ({}), up {}, {}, {}\n", status["version"].text_or("?"),
                     status["commit"].text_or("?").substr(0, kShortCommit),
                     span_words(status["uptime_s"]),
                     truth_words(status["healthy"], "healthy", colour),
                     truth_words(status["ready"], "ready", colour));
}

Tint tint_of(const std::string& state) {
  if (state == "querier" || state == "non_querier") return Tint::kGood;
  return state == "missing" || state == "down" || state == "failed" ? Tint::kBad : Tint::kWarning;
}

std::string querier_words(client::JsonValue querier) {
  const auto address = querier["address"].text();
  if (!address) return "nobody";
  return fmt::format("{} ({}, {})", *address, querier["ours"].is_true() ? "ours" : "foreign",
                     version_words(querier["version"]));
}

std::string next_words(client::JsonValue segment) {
  const std::string query = span_words(segment["next_query_in_s"]);
  if (!query.empty()) return "query in " + query;
  const std::string takeover = span_words(segment["takeover_in_s"]);
  return takeover.empty() ? std::string(kNothing) : "takeover in " + takeover;
}

std::string alarm_words(client::JsonValue segment, bool colour) {
  const auto alarms = segment["alarms"].items();
  if (alarms.empty()) return std::string(kNothing);
  const bool bad = std::any_of(alarms.begin(), alarms.end(), [](client::JsonValue alarm) {
    return alarm["severity"].raw() == "error";
  });
  return tinted(std::to_string(alarms.size()), bad ? Tint::kBad : Tint::kWarning, colour);
}

Row row_of(client::JsonValue status, client::JsonValue interface, client::JsonValue segment,
           bool colour) {
  return {
      interface["name"].text_or("?"),
      segment["family"].text_or("?"),
      tinted(state_words(status, segment), tint_of(segment["state"].text_or("")), colour),
      querier_words(segment["querier"]),
      ago_words(segment["last_query_ago_s"]),
      next_words(segment),
      count_words(segment["groups"]),
      alarm_words(segment, colour),
  };
}

// An interface of no family.
Row row_of(client::JsonValue status, client::JsonValue interface) {
  const std::string none(kNothing);
  return {interface["name"].text_or("?"),
          none,
          state_words(status, interface),
          none,
          none,
          none,
          none,
          none};
}

// What is wrong with a segment, and what to do.
std::string alarm_lines(const std::string& where, client::JsonValue segment, bool colour) {
  std::string lines;
  for (const client::JsonValue alarm : segment["alarms"].items()) {
    const std::string severity = alarm["severity"].text_or("?");
    lines += fmt::format(
        "{}: {}: {}\n", tinted(severity, severity == "error" ? Tint::kBad : Tint::kWarning, colour),
        where, alarm["text"].text_or(alarm["id"].text_or("?")));
    const std::string advice = alarm["advice"].text_or("");
    if (!advice.empty()) lines += "    " + advice + '\n';
  }
  return lines;
}

// Where no alarm says it already.
std::string reason_line(client::JsonValue status, const std::string& where, client::JsonValue of,
                        const std::string& said) {
  const std::string reason = of["reason"].text_or("");
  if (reason.empty() || said.find(reason) != std::string::npos) return {};
  return fmt::format("{}: {}: {}\n", where, state_words(status, of), reason);
}

}  // namespace

std::string show_status(client::JsonValue status, const StatusLook& look) {
  std::vector<Row> rows;
  std::string notes;
  for (const client::JsonValue interface : status["interfaces"].items()) {
    if (!look.interface.empty() && interface["name"].raw() != look.interface) continue;
    const auto segments = interface["segments"].items();
    if (segments.empty()) rows.push_back(row_of(status, interface));
    for (const client::JsonValue segment : segments) {
      const std::string where = segment_words(interface, segment);
      rows.push_back(row_of(status, interface, segment, look.colour));
      notes += alarm_lines(where, segment, look.colour);
      notes += reason_line(status, where, segment, notes);
    }
    notes += reason_line(status, interface["name"].text_or("?"), interface, notes);
  }
  for (const client::JsonValue reason : status["reasons"].items()) {
    const std::string text = reason.text_or("?");
    if (notes.find(text) == std::string::npos) notes += text + '\n';
  }
  std::string text = headline(status, look.colour) + '\n';
  if (rows.empty()) {
    text += "No interface.\n";
  } else {
    text += text_table({{"INTERFACE"},
                        {"FAMILY"},
                        {"STATE"},
                        {"QUERIER"},
                        {"LAST QUERY"},
                        {"NEXT"},
                        {"GROUPS", true},
                        {"ALARMS", true}},
                       rows);
  }
  return notes.empty() ? text : text + '\n' + notes;
}

}  // namespace querent::cli
