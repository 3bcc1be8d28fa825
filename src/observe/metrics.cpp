#include "observe/metrics.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "observe/alarms.hpp"
#include "observe/metric_families.hpp"
#include "observe/segment_counters.hpp"

namespace querent::observe {

namespace {

using core::Counters;

constexpr std::array kVersions{Version::k1, Version::k2, Version::k3};
constexpr std::array<std::string_view, core::kQueryKinds> kQueryKindNames{"general", "group",
                                                                          "group_source"};
constexpr std::array<std::string_view, Counters::kReportKinds> kReportKindNames{
    "report", "is_in", "is_ex", "to_in", "to_ex", "allow", "block"};

double unix_seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// One segment's series.
class SegmentMetrics {
 public:
  SegmentMetrics(const Status& status, const InterfaceStatus& interface,
                 const SegmentStatus& segment, MetricFamilies& into)
      : status_(status),
        interface_(interface),
        segment_(segment),
        view_(segment.view),
        record_(segment.record),
        families_(into) {}

  void gather() {
    gather_state();
    gather_queries();
    gather_elections();
    gather_reports();
    gather_groups();
    gather_counters();
    gather_alarms();
  }

 private:
  Labels labels(std::initializer_list<std::pair<const char*, std::string_view>> more = {}) const {
    Labels all{{"interface", interface_.name}, {"family", std::string(name(view_.family))}};
    for (const auto& [label, value] : more)
      all.push_back({label, std::string(value)});
    return all;
  }

  void gauge(const char* name, const char* help, double value) {
    families_.gauge(name, help, labels(), value);
  }

  double wall(Instant then) const {
    return unix_seconds(status_.time) - seconds(status_.at - then);
  }
  std::string version(Version version) const {
    return fmt::format("{}", number(version, view_.family));
  }
  // MLD has no version that would be numbered 0.
  bool has(Version version) const { return number(version, view_.family) > 0; }

  void gather_state() {
    for (const auto& [state, label, words] : kStates) {
      families_.gauge("querent_link_state", "What the segment is: one of its states is 1",
                      labels({{"state", label}}), record_.state == state ? 1 : 0);
    }
    gauge("querent_is_querier", "1 while we are the querier", is_querier(record_.state) ? 1 : 0);
    if (const auto& other = view_.elected) {
      elected(other->address, other->mac, other->version);
      gauge("querent_elected_querier_last_heard_timestamp_seconds",
            "When the elected querier, another one, was last heard", wall(other->last_heard));
      gauge("querent_other_querier_timeout_seconds",
            "How long the elected querier, another one, may be silent", seconds(other->timeout));
    } else if (view_.role == core::Role::kQuerier && view_.source) {
      elected(*view_.source, {}, view_.version);
    }
    gauge("querent_query_interval_seconds", "The query interval in force",
          seconds(view_.values.query_interval));
    if (record_.last_query != kLongAgo) {
      gauge("querent_last_query_timestamp_seconds", "When anybody's last general query was sent",
            wall(record_.last_query));
    }
    gauge("querent_version_mismatch", "1 while a querier of an older version is about",
          view_.version_mismatch ? 1 : 0);
  }

  void elected(Address address, const MacAddress& mac, Version version) {
    families_.gauge("querent_elected_querier_info", "Who is the querier",
                    labels({{"address", address.to_string()},
                            {"mac", mac.is_known() ? mac.to_string() : ""},
                            {"version", this->version(version)}}),
                    1);
  }

  void queries(const char* name, const char* help,
               const Counters::ByVersion<core::kQueryKinds>& counts) {
    for (const Version version : kVersions) {
      if (!has(version)) continue;
      for (std::size_t kind = 0; kind < core::kQueryKinds; ++kind) {
        if (version == Version::k1 && kind > 0) continue;
        families_.counter(
            name, help,
            labels({{"version", this->version(version)}, {"kind", kQueryKindNames[kind]}}),
            core::by_version(counts, version, kind));
      }
    }
  }

  void gather_queries() {
    const auto& counters = view_.counters;
    queries("querent_queries_sent_total", "Queries sent", counters.queries_sent);
    queries("querent_queries_received_total", "Valid queries of others", counters.queries_received);
    by_name("querent_query_send_errors_total", "Queries that the kernel did not take", "errno",
            record_.send_errors);
    families_.histogram("querent_query_lateness_seconds",
                        "How late general queries were sent, after they were due", labels(),
                        record_.query_lateness);
    for (std::size_t i = 0; i < core::kRejections; ++i) {
      const auto reason = core::name(static_cast<core::Rejection>(i));
      if (const auto count = counters.queries_rejected[i]; count > 0) {
        families_.counter("querent_queries_rejected_total", "Queries that must not be believed",
                          labels({{"reason", reason}}), count);
      }
      if (const auto count = counters.reports_rejected[i]; count > 0) {
        families_.counter("querent_reports_rejected_total", "Reports that must not be believed",
                          labels({{"reason", reason}}), count);
      }
    }
  }

  void by_name(const char* name, const char* help, const char* label, const Tally& tally) {
    for (const auto& [what, count] : tally)
      families_.counter(name, help, labels({{label, what}}), count);
  }

  void gather_elections() {
    const auto& counters = view_.counters;
    for (const auto& [address, count] : counters.competitor_queries) {
      families_.counter("querent_competitor_queries_total",
                        "Queries of those who are not the elected querier",
                        labels({{"address", address.to_string()}}), count);
    }
    if (counters.competitors_other > 0) {
      families_.counter("querent_competitor_queries_total",
                        "Queries of those who are not the elected querier",
                        labels({{"address", "other"}}), counters.competitors_other);
    }
  }

  void gather_reports() {
    const auto& counters = view_.counters;
    for (const Version version : kVersions) {
      if (!has(version)) continue;
      for (std::size_t kind = 0; kind < Counters::kReportKinds; ++kind) {
        // Only the newest version has records, and says in them what others say by their type.
        if (version != Version::k3 && kind != Counters::kPlainReport) continue;
        families_.counter(
            "querent_reports_received_total", "Reports, of the newest version each record",
            labels({{"version", this->version(version)}, {"kind", kReportKindNames[kind]}}),
            core::by_version(counters.reports_received, version, kind));
      }
    }
    families_.counter("querent_leaves_received_total", "Leaves (MLDv1: Done)",
                      labels({{"version", version(Version::k2)}}), counters.leaves_received);
    by_name("querent_malformed_total", "Packets that cannot be read", "reason", record_.malformed);
    families_.histogram("querent_report_delay_seconds",
                        "From a general query to each report that answers it", labels(),
                        record_.report_delay);
  }

  void gather_groups() {
    gauge("querent_groups", "Groups that somebody listens to", static_cast<double>(view_.groups));
    const auto& groups = segment_.oldest_groups;
    for (const auto& group : groups) {
      families_.gauge("querent_group_members",
                      "Members of a group that can be told apart, where none can: 1",
                      labels({{"group", group.group.to_string()},
                              {"name", status_.names->find(group.group).value_or("")}}),
                      static_cast<double>(group.members));
    }
    gauge("querent_groups_unlisted", "Groups beyond those that querent_group_members lists",
          static_cast<double>(view_.groups - std::min(view_.groups, groups.size())));
    const auto& ledger = view_.ledger;
    for (const auto& [what, count] :
         {std::pair("group", ledger.refused_groups), std::pair("source", ledger.refused_sources),
          std::pair("host", ledger.refused_hosts)}) {
      families_.counter("querent_refused_total", "Newcomers that found the table full",
                        labels({{"what", what}}), count);
    }
  }

  void gather_counters() {
    for (const auto& counter : segment_counters())
      families_.counter(counter.metric, counter.help, labels(), counter.value(segment_));
  }

  void gather_alarms() {
    for (const auto& alarm : alarms(interface_, segment_, status_.at)) {
      families_.gauge("querent_alarm", "1 for what somebody should do something about",
                      labels({{"alarm", alarm.id}}), 1);
    }
  }

  const Status& status_;
  const InterfaceStatus& interface_;
  const SegmentStatus& segment_;
  const core::SegmentView& view_;
  const SegmentRecord& record_;
  MetricFamilies& families_;
};

void gather_program(const Status& status, MetricFamilies& families) {
  families.gauge("querent_build_info", "What runs",
                 {{"version", std::string(status.version)}, {"commit", std::string(status.commit)}},
                 1);
  families.gauge("querent_start_time_seconds", "When the process started, since 1970", {},
                 unix_seconds(status.started));
  constexpr const char* kReloads = "querent_config_reloads_total";
  constexpr const char* kReloadsHelp = "Times the configuration was read again";
  families.counter(kReloads, kReloadsHelp, {{"result", "ok"}}, status.reloads_done);
  families.counter(kReloads, kReloadsHelp, {{"result", "failed"}}, status.reloads_failed);
  families.counter("querent_log_dropped_total", "Lines of the log that nobody read fast enough", {},
                   status.log_dropped);
}

void gather_process(const Status& status, const ProcessFacts& process, MetricFamilies& families) {
  families.gauge("process_start_time_seconds", "When the process started, since 1970", {},
                 unix_seconds(status.started));
  families.seconds_counter("process_cpu_seconds_total", "Processor time, user and system", {},
                           process.cpu_seconds);
  families.gauge("process_resident_memory_bytes", "Memory in use", {},
                 static_cast<double>(process.resident));
  families.gauge("process_virtual_memory_bytes", "Memory that is mapped", {},
                 static_cast<double>(process.virtual_memory));
  families.gauge("process_open_fds", "Descriptors in use", {},
                 static_cast<double>(process.open_fds));
  families.gauge("process_max_fds", "Descriptors that are allowed", {},
                 static_cast<double>(process.max_fds));
  families.gauge("process_threads", "Threads", {}, static_cast<double>(process.threads));
}

}  // namespace

std::string metrics_text(const Status& status, const HttpCounts& http,
                         const ProcessFacts& process) {
  MetricFamilies families;
  gather_program(status, families);
  for (const auto& interface : status.interfaces)
    for (const auto& segment : interface.segments)
      SegmentMetrics(status, interface, segment, families).gather();
  for (const auto& [request, count] : http.requests) {
    families.counter("querent_http_requests_total", "Requests that were answered",
                     {{"path", request.first}, {"code", fmt::format("{}", request.second)}}, count);
  }
  gather_process(status, process, families);
  return families.to_text();
}

}  // namespace querent::observe
