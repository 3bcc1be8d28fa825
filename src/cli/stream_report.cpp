#include "cli/stream_report.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/duration.hpp"
#include "cli/text_table.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

// Silent for so many intervals, and for so long at least: a sender that is gone, not a late one.
constexpr int kSilentIntervals = 3;
constexpr Duration kSilentAtLeast = 1s;

constexpr const char* kLookForLoss =
    "look for a full link, or a switch that floods or forgets, with `querent watch`";
constexpr const char* kLookForQuerier =
    "see that it is sent, and that the network has a querier: `querent watch` shows both";

bool is_numbered(const probe::StreamView& stream) {
  return stream.stream.has_value();
}

bool fell_silent(const probe::StreamView& stream) {
  return is_numbered(stream) &&
         stream.silence > std::max(kSilentAtLeast, kSilentIntervals * stream.interval);
}

std::string seconds_ago(const probe::StreamView& stream) {
  return "silent for the last " + in_words(stream.silence);
}

std::optional<Shortcoming> loss(const GroupResult& group) {
  const std::string what = probe::to_string(group.channel);
  const probe::StreamCounts& counts = group.view.counts;
  const std::vector<probe::StreamView>& streams = group.view.streams;
  if (!group.view.first_in) return Shortcoming{what, "no datagram arrived", kLookForQuerier};
  if (std::none_of(streams.begin(), streams.end(), is_numbered)) {
    return Shortcoming{what, "what arrived is not numbered, so nobody can tell what was lost",
                       "send it with `querent send`, or expect --max-gap"};
  }
  if (counts.lost > 0) {
    return Shortcoming{
        what,
        fmt::format("{} of {} datagrams were lost", counts.lost, counts.lost + counts.received),
        group.kernel_drops > 0 ? fmt::format("this host itself dropped {}; raise net.core.rmem_max",
                                             group.kernel_drops)
                               : kLookForLoss};
  }
  const auto silent = std::find_if(streams.begin(), streams.end(), fell_silent);
  if (silent != streams.end()) {
    return Shortcoming{what, silent->sender.to_string() + " was " + seconds_ago(*silent),
                       kLookForQuerier};
  }
  return {};
}

std::optional<Shortcoming> start(const GroupResult& group, Duration within) {
  if (group.view.first_in && *group.view.first_in <= within) return {};
  return Shortcoming{probe::to_string(group.channel),
                     "no datagram arrived within " + in_words(within), kLookForQuerier};
}

std::optional<Shortcoming> gap(const GroupResult& group, Duration allowed) {
  const std::string what = probe::to_string(group.channel);
  if (!group.view.first_in) return Shortcoming{what, "no datagram arrived", kLookForQuerier};
  if (group.view.longest_gap <= allowed) return {};
  return Shortcoming{what,
                     fmt::format("silent for {}, which is longer than {}",
                                 in_words(group.view.longest_gap), in_words(allowed)),
                     kLookForLoss};
}

using Row = std::vector<std::string>;

Row row_of(const std::string& group, const probe::StreamView& stream) {
  const probe::StreamCounts& counts = stream.counts;
  const std::string gap = in_words(stream.longest_gap);
  if (!is_numbered(stream)) {
    return {group,
            fmt::format("{}:{}", stream.sender.to_string(), stream.sender_port),
            std::to_string(counts.datagrams),
            "-",
            gap,
            "-",
            "-",
            "-"};
  }
  return {group,
          stream.sender.to_string(),
          std::to_string(counts.received),
          std::to_string(counts.lost),
          gap,
          std::to_string(counts.duplicates),
          std::to_string(counts.reordered),
          in_words(stream.jitter)};
}

std::string notes_of(const GroupResult& group) {
  const probe::StreamGroupView& view = group.view;
  std::string notes;
  const auto note = [&](const std::string& text) {
    notes += probe::to_string(group.channel) + ": " + text + "\n";
  };
  const auto count = [&](std::uint64_t number, const char* text) {
    if (number > 0) note(fmt::format("{} {}", number, text));
  };
  const bool foreign = !std::all_of(view.streams.begin(), view.streams.end(), is_numbered);
  if (foreign) note("not numbered where - stands: sent by another program than `querent send`");
  for (const probe::StreamView& stream : view.streams) {
    if (fell_silent(stream)) note(stream.sender.to_string() + " was " + seconds_ago(stream));
  }
  count(view.restarts, "restarts of a sender");
  count(view.counts.stray, "datagrams too far behind or ahead of the others");
  count(view.unlisted, "datagrams of further senders, not listed");
  count(group.kernel_drops, "datagrams dropped by this host, which was too slow");
  return notes;
}

using Json = nlohmann::ordered_json;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void add_counts(Json& json, const probe::StreamCounts& counts) {
  json["datagrams"] = counts.datagrams;
  json["octets"] = counts.octets;
  json["received"] = counts.received;
  json["lost"] = counts.lost;
  json["duplicates"] = counts.duplicates;
  json["reordered"] = counts.reordered;
  json["stray"] = counts.stray;
}

Json json_of(const probe::StreamView& stream) {
  Json json;
  json["address"] = stream.sender.to_string();
  json["port"] = stream.sender_port;
  json["stream"] = stream.stream ? Json(fmt::format("{:016x}", *stream.stream)) : Json();
  add_counts(json, stream.counts);
  json["longest_gap_seconds"] = seconds(stream.longest_gap);
  json["jitter_seconds"] = seconds(stream.jitter);
  json["silence_seconds"] = seconds(stream.silence);
  json["ended"] = stream.ended;
  json["replaced"] = stream.replaced;
  return json;
}

Json json_of(const GroupResult& group) {
  const probe::StreamGroupView& view = group.view;
  Json json;
  json["group"] = group.channel.group.to_string();
  json["port"] = group.channel.port;
  json["source"] = group.channel.source ? Json(group.channel.source->to_string()) : Json();
  add_counts(json, view.counts);
  json["first_after_seconds"] = view.first_in ? Json(seconds(*view.first_in)) : Json();
  json["longest_gap_seconds"] = seconds(view.longest_gap);
  json["jitter_seconds"] = seconds(view.jitter);
  json["restarts"] = view.restarts;
  json["unlisted"] = view.unlisted;
  json["kernel_drops"] = group.kernel_drops;
  json["senders"] = Json::array();
  for (const probe::StreamView& stream : view.streams)
    json["senders"].push_back(json_of(stream));
  return json;
}

}  // namespace

std::vector<Shortcoming> shortcomings(const JoinResult& result, const Expectations& expectations) {
  std::vector<Shortcoming> all;
  const auto add = [&](std::optional<Shortcoming> one) {
    if (one) all.push_back(std::move(*one));
  };
  for (const GroupResult& group : result.groups) {
    const std::size_t before = all.size();
    if (expectations.start_within) {
      add(start(group, std::min(*expectations.start_within, result.took)));
    }
    if (!group.view.first_in && all.size() > before) continue;
    if (expectations.no_loss) add(loss(group));
    if (!group.view.first_in && all.size() > before) continue;
    if (expectations.max_gap) add(gap(group, *expectations.max_gap));
  }
  return all;
}

std::string to_table(const JoinResult& result) {
  std::vector<Row> rows;
  std::string notes;
  for (const GroupResult& group : result.groups) {
    const std::string name = probe::to_string(group.channel);
    if (group.view.streams.empty()) {
      rows.push_back({name, "nobody", "0", "-", "-", "-", "-", "-"});
    }
    for (const probe::StreamView& stream : group.view.streams)
      rows.push_back(row_of(name, stream));
    notes += notes_of(group);
  }
  return text_table({{"GROUP"},
                     {"SENDER"},
                     {"RECEIVED", true},
                     {"LOST", true},
                     {"LONGEST GAP", true},
                     {"DUPLICATES", true},
                     {"REORDERED", true},
                     {"JITTER", true}},
                    rows) +
         notes;
}

std::string to_json(const JoinResult& result, const std::vector<Shortcoming>& shortcomings) {
  Json json;
  json["interface"] = result.interface;
  json["duration_seconds"] = seconds(result.took);
  json["ok"] = shortcomings.empty();
  json["failures"] = Json::array();
  for (const Shortcoming& one : shortcomings) {
    const Json group = one.what == result.interface ? Json() : Json(one.what);
    json["failures"].push_back(Json{{"group", group}, {"reason", one.why}});
  }
  json["groups"] = Json::array();
  for (const GroupResult& group : result.groups)
    json["groups"].push_back(json_of(group));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_live_line(const JoinResult& result) {
  probe::StreamCounts counts;
  Duration longest{};
  Duration silence{};
  std::uint64_t waiting = 0;
  std::uint64_t silent = 0;
  for (const GroupResult& group : result.groups) {
    counts += group.view.counts;
    longest = std::max(longest, group.view.longest_gap);
    silence = std::max(silence, group.view.silence);
    if (!group.view.first_in) ++waiting;
    if (group.view.silence >= kSilentAtLeast) ++silent;
  }
  std::string line = result.groups.size() == 1 ? probe::to_string(result.groups.front().channel)
                                               : fmt::format("{} groups", result.groups.size());
  line += fmt::format(" {}: {} received, {} lost, longest gap {}", in_words(result.took),
                      counts.datagrams - counts.duplicates, counts.lost, in_words(longest));
  if (waiting > 0) line += ", nothing yet";
  if (waiting > 0 && result.groups.size() > 1) line += fmt::format(" to {}", waiting);
  if (silent > 0) line += ", silent for " + in_words(silence);
  return line;
}

}  // namespace querent::cli
