#include "observe/segment_counters.hpp"

#include <array>

namespace querent::observe {

namespace {

template <std::uint64_t core::Counters::*Member>
std::uint64_t of_core(const SegmentStatus& segment) {
  return segment.view.counters.*Member;
}

template <std::uint64_t SegmentRecord::*Member>
std::uint64_t of_record(const SegmentStatus& segment) {
  return segment.record.*Member;
}

template <std::uint64_t core::Ledger::*Member>
std::uint64_t of_ledger(const SegmentStatus& segment) {
  return segment.view.ledger.*Member;
}

using core::Counters;
using core::Ledger;

constexpr std::array kCounters{
    SegmentCounter{"proxy_queries", "querent_proxy_queries_total",
                   "Queries from 0.0.0.0: a snooping switch's", of_core<&Counters::proxy_queries>},
    SegmentCounter{"without_router_alert", "querent_without_router_alert_total",
                   "Valid queries without the Router Alert option",
                   of_core<&Counters::without_router_alert>},
    SegmentCounter{"version_mismatches", "querent_version_mismatches_total",
                   "Valid queries of an older version than the configured one",
                   of_core<&Counters::version_mismatches>},
    SegmentCounter{"elections_won", "querent_elections_won_total", "Times we took over",
                   of_core<&Counters::elections_won>},
    SegmentCounter{"elections_lost", "querent_elections_lost_total", "Times another one took over",
                   of_core<&Counters::elections_lost>},
    SegmentCounter{"address_changes", "querent_address_changes_total",
                   "Changes of the source address of our queries",
                   of_core<&Counters::address_changes>},
    SegmentCounter{"address_conflicts", "querent_address_conflicts_total",
                   "Packets of another machine that uses our address",
                   of_core<&Counters::address_conflicts>},
    SegmentCounter{"loops", "querent_loops_detected_total", "Own queries that came back",
                   of_core<&Counters::loops>},
    SegmentCounter{"sleeps", "querent_sleeps_total",
                   "Times the machine slept for more than a query interval",
                   of_core<&Counters::sleeps>},
    SegmentCounter{"ssm_violations", "querent_ssm_violations_total",
                   "Reports that source-specific groups do not allow",
                   of_core<&Counters::ssm_violations>},
    SegmentCounter{"untracked_records", "querent_untracked_records_total",
                   "Records of reports for groups that are not tracked (224.0.0.1, ff02::1)",
                   of_core<&Counters::untracked_records>},
    SegmentCounter{"skipped_records", "querent_skipped_records_total",
                   "Records of reports that are of an unknown type or not for a multicast group",
                   of_core<&Counters::skipped_records>},
    SegmentCounter{"refused_questions", "querent_refused_questions_total",
                   "Leaves that were not followed by a specific query, because there were too many",
                   of_ledger<&Ledger::refused_questions>},
    SegmentCounter{"socket_recoveries", "querent_socket_recoveries_total",
                   "Sockets that were opened again", of_record<&SegmentRecord::socket_recoveries>},
    SegmentCounter{"frames_dropped", "querent_frames_dropped_total",
                   "Packets that the kernel had no room for",
                   of_record<&SegmentRecord::frames_dropped>},
    SegmentCounter{"link_changes", "querent_link_changes_total", "Times the link came or went",
                   of_record<&SegmentRecord::link_changes>},
};

}  // namespace

std::span<const SegmentCounter> segment_counters() {
  return kCounters;
}

}  // namespace querent::observe
