// The part of Appliance that is looked at, and what it says of itself.

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

#include "app/appliance.hpp"
#include "app/build_info.hpp"
#include "observe/group_paging.hpp"
#include "observe/metrics.hpp"

namespace querent::app {

namespace {

// Of a group so many sources and hosts are listed, and of a page so many in all.
constexpr std::size_t kListedMembers = 64;
constexpr std::size_t kMostListed = 16384;

}  // namespace

observe::Status Appliance::status(With with) const {
  const Instant now = runtime_.now;
  observe::Status status{.at = now,
                         .time = std::chrono::system_clock::now(),
                         .started = started_time_,
                         .uptime = now - started_,
                         .version = version(),
                         .commit = commit(),
                         .instance = instance_,
                         .reloads_done = reloads_done_,
                         .reloads_failed = reloads_failed_,
                         .log_dropped = log_.dropped(),
                         .names = runtime_.names};
  for (const auto& [name, configured] : interfaces_) {
    status.interfaces.push_back(configured.status(now));
    if (with == With::kNoGroups) continue;
    auto segment = status.interfaces.back().segments.begin();
    for (const auto& runner : configured.segments())
      segment++->oldest_groups = runner.segment().oldest_groups(observe::kListedGroups);
  }
  return status;
}

observe::GroupPage Appliance::groups(const observe::GroupQuestion& question) const {
  const Instant now = runtime_.now;
  observe::GroupPage page{.names = runtime_.names};
  std::size_t listed = 0;
  for (const auto& [name, configured] : interfaces_) {
    for (const auto& runner : configured.segments()) {
      const auto& segment = runner.segment();
      const Family family = runner.subject().family;
      if (!observe::is_asked_for(question, name, family)) continue;
      page.total += segment.group_count();
      const auto from = observe::beginning(question, name, family);
      if (!from || page.more) continue;
      // One more than fits, to know whether there is more.
      const std::size_t room = question.limit - page.rows.size();
      for (auto& view : segment.groups(from->after, room + 1, now)) {
        if (page.rows.size() == question.limit || listed > kMostListed) {
          page.more = true;
          break;
        }
        observe::GroupRow row{name, family, std::move(view)};
        row.sources = row.view.sources.size();
        row.hosts = row.view.hosts.size();
        row.view.sources.resize(std::min(row.sources, kListedMembers));
        row.view.hosts.resize(std::min(row.hosts, kListedMembers));
        listed += row.view.sources.size() + row.view.hosts.size();
        page.rows.push_back(std::move(row));
      }
    }
  }
  return page;
}

observe::EventPage Appliance::events(const observe::EventQuestion& question) const {
  auto page = events_.page(question);
  page.instance = instance_;
  return page;
}

void Appliance::tell_refused(const std::string& name, const std::string& peer) {
  log_.write({.level = config::LogLevel::kWarn,
              .event = "login_refused",
              .text = fmt::format("HTTP: wrong name or password from {}, as {}", peer,
                                  name.empty() ? "nobody" : name),
              .repeats = true});
}

void Appliance::tell_status(Instant now) {
  constexpr std::size_t kMostNamed = 8;
  std::string words;
  std::size_t segments = 0;
  std::size_t asking = 0;
  for (const auto& [name, configured] : interfaces_) {
    for (const auto& runner : configured.segments()) {
      const auto view = runner.segment().view(now);
      ++segments;
      if (view.role == core::Role::kQuerier) ++asking;
      if (segments > kMostNamed) continue;
      const auto separator = words.empty() ? "" : ", ";
      const auto& reason = configured.reason().empty() ? runner.reason() : configured.reason();
      words += fmt::format("{}{} {}: {}", separator, name, querent::name(view.family),
                           reason.empty() ? observe::words(observe::state_of(view.role)) : reason);
    }
  }
  if (segments == 0) words = "no interface yet";
  manager_.tell(segments <= kMostNamed
                    ? fmt::format("STATUS={}", words)
                    : fmt::format("STATUS=querier on {} of {} segments", asking, segments));
}

void Appliance::tell_final() {
  const Instant now = runtime_.now;
  log_.tell_all_merged(now);
  std::uint64_t sent = 0;
  std::uint64_t won = 0;
  std::uint64_t lost = 0;
  std::uint64_t groups = 0;
  std::uint64_t malformed = 0;
  core::Ledger refused;
  std::uint64_t dropped = 0;
  std::uint64_t recoveries = kernel_.monitor.losses();
  for (const auto& [name, configured] : interfaces_) {
    for (const auto& runner : configured.segments()) {
      const auto view = runner.segment().view(now);
      const auto record = runner.status(now).record;
      for (const auto& kinds : view.counters.queries_sent)
        sent = std::accumulate(kinds.begin(), kinds.end(), sent);
      won += view.counters.elections_won;
      lost += view.counters.elections_lost;
      groups += view.groups;
      for (const auto& [reason, count] : record.malformed)
        malformed += count;
      refused.refused_groups += view.ledger.refused_groups;
      refused.refused_sources += view.ledger.refused_sources;
      refused.refused_hosts += view.ledger.refused_hosts;
      dropped += record.frames_dropped;
      recoveries += record.socket_recoveries;
    }
  }
  log_.write(
      {.event = "final",
       .text = fmt::format("final: {} queries sent, {} elections won, {} elections lost, "
                           "{} groups known, {} malformed packets, refused for want of room: "
                           "{} groups, {} sources, {} hosts; {} frames dropped by the "
                           "kernel, {} socket recoveries, {} log lines dropped",
                           sent, won, lost, groups, malformed, refused.refused_groups,
                           refused.refused_sources, refused.refused_hosts, dropped, recoveries,
                           log_.dropped())});
}

}  // namespace querent::app
