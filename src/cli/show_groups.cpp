#include "cli/show_groups.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "cli/api_words.hpp"
#include "cli/text_table.hpp"

namespace querent::cli {

namespace {

// "10.0.0.1, 10.0.0.2, +3": the first ones, and how many more there are in all.
std::string some_of(const std::vector<std::string>& words, std::uint64_t total) {
  constexpr std::size_t kNamed = 3;
  const std::size_t named = std::min(words.size(), kNamed);
  std::string text;
  for (std::size_t i = 0; i < named; ++i)
    text += (text.empty() ? "" : ", ") + words[i];
  if (total > named) text += fmt::format("{}+{}", text.empty() ? "" : ", ", total - named);
  return text;
}

// "any", "any but 10.0.0.1", "10.0.0.1"
std::string source_words(client::JsonValue group) {
  const bool exclude = group["mode"].raw() == "exclude";
  std::vector<std::string> named;
  std::uint64_t wanted_anyway = 0;
  for (const client::JsonValue source : group["sources"].items()) {
    const bool blocked = !source["expires_in_s"].seconds();
    if (exclude && !blocked) {
      ++wanted_anyway;
      continue;
    }
    named.push_back(source["address"].text_or("?"));
  }
  const std::uint64_t total = group["sources_total"].count().value_or(0);
  const std::uint64_t left = total - std::min(total, wanted_anyway);
  const std::string some = some_of(named, std::max<std::uint64_t>(left, named.size()));
  if (!exclude) return some.empty() ? std::string(kNothing) : some;
  return some.empty() ? "any" : "any but " + some;
}

// Who reported last, and how many more there are.
std::string reporter_words(client::JsonValue group) {
  const std::uint64_t total = group["hosts_total"].count().value_or(0);
  const auto last = group["last_reporter"]["address"].text();
  if (!last) return total == 0 ? std::string(kNothing) : fmt::format("{}", total);
  return some_of({*last}, std::max<std::uint64_t>(total, 1));
}

std::vector<std::string> row_of(client::JsonValue group) {
  const std::string expires = span_words(group["expires_in_s"]);
  return {
      group["interface"].text_or("?"),
      group["group"].text_or("?"),
      group["name"].text_or(kNothing),
      group["mode"].text_or("?"),
      source_words(group),
      reporter_words(group),
      expires.empty() ? std::string(kNothing) : expires,
      version_words(group["version"]),
      ago_words(group["last_report_ago_s"]),
  };
}

std::string doubt_of(client::JsonValue status, client::JsonValue interface,
                     client::JsonValue segment) {
  const auto state = segment["state"].raw().value_or("");
  if (state == "querier" || state == "starting") return {};
  const auto other = segment["querier"]["address"].text();
  const bool foreign = other && !segment["querier"]["ours"].is_true();
  return fmt::format(
      "{}: {}: only a querier hears all reports on a snooping switch\n",
      segment_words(interface, segment),
      foreign ? fmt::format("{} asks, not this host", *other)
              : fmt::format("this host does not ask ({})", state_words(status, segment)));
}

}  // namespace

std::optional<std::string> GroupsView::add(client::JsonValue page) {
  for (const client::JsonValue group : page["groups"].items()) {
    rows_.push_back(row_of(group));
    objects_ += (objects_.empty() ? "\n  " : ",\n  ") + group.compact();
  }
  return page["after"].raw();
}

std::string GroupsView::table() const {
  if (rows_.empty()) return "No groups.\n";
  return text_table({{"INTERFACE"},
                     {"GROUP"},
                     {"NAME"},
                     {"MODE"},
                     {"SOURCES"},
                     {"REPORTERS"},
                     {"EXPIRES IN", true},
                     {"VERSION"},
                     {"LAST REPORT", true}},
                    rows_);
}

std::string GroupsView::json() const {
  return fmt::format("{{\"groups\": [{}{}], \"total\": {}}}\n", objects_,
                     objects_.empty() ? "" : "\n", rows_.size());
}

std::string doubtful_segments(client::JsonValue status, const std::string& interface) {
  std::string lines;
  for (const client::JsonValue one : status["interfaces"].items()) {
    if (!interface.empty() && one["name"].raw() != interface) continue;
    for (const client::JsonValue segment : one["segments"].items())
      lines += doubt_of(status, one, segment);
  }
  return lines;
}

}  // namespace querent::cli
