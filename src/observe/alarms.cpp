#include "observe/alarms.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "observe/health.hpp"

namespace querent::observe {

namespace {

constexpr Duration kSnoopingTimeout = std::chrono::seconds(260);  // what most switches forget after

class Judge {
 public:
  Judge(const InterfaceStatus& interface, const SegmentStatus& segment, Instant at)
      : interface_(interface), view_(segment.view), record_(segment.record), at_(at) {}

  std::vector<Alarm> judge() {
    if (interface_.state != InterfaceStatus::State::kUp) {
      judge_interface();
      return std::move(alarms_);
    }
    judge_asking();
    judge_others();
    judge_packets();
    return std::move(alarms_);
  }

 private:
  void judge_interface() {
    switch (interface_.state) {
      case InterfaceStatus::State::kMissing:
        return error("interface_missing", fmt::format("There is no interface {}", interface_.name),
                     "Plug it in or create it, or correct the configured name; querent waits");
      case InterfaceStatus::State::kDown:
        return error("interface_down", fmt::format("{} {}", interface_.name, interface_.reason),
                     "Check the cable and the switch, or bring the interface up; querent waits");
      case InterfaceStatus::State::kFailed:
        return error("interface_failed", fmt::format("{} {}", interface_.name, interface_.reason),
                     "Configure an interface that multicast really arrives at");
      case InterfaceStatus::State::kUp:
        break;
    }
  }

  void judge_asking() {
    if (record_.state == State::kFailed) {
      error("interface_failed",
            fmt::format("No sockets on {}: {}", interface_.name, record_.reason),
            "It is tried again and again; the log says what the kernel objects to");
    } else if (record_.state == State::kNoAddress) {
      warn("no_address", "There is no address to ask from",
           "Give the interface an address, or configure source = \"0.0.0.0\" (IPv4)");
    }
    if (record_.state != State::kFailed && !view_.querier_present()) {
      error("no_querier", "Nobody asks: switches that snoop will forget every receiver",
            view_.role == core::Role::kPassive
                ? "querent only listens here: switch off passive, or start another querier"
                : "querent will ask as soon as it can; see its other alarms");
    }
    if (record_.unsent && at_ - record_.unsent->due > tolerated_lateness(interval())) {
      error("send_failed",
            fmt::format("A query that was due {} ago cannot be sent: {}",
                        in_words(at_ - record_.unsent->due), record_.unsent->why),
            "Check the interface, its routes and the firewall of this host");
    }
    if (view_.querier_present() && interval() > kSnoopingTimeout / 2) judge_interval();
  }

  void judge_interval() {
    const bool too_long = interval() > kSnoopingTimeout;
    add("long_interval", too_long,
        fmt::format("The querier asks only every {}; most switches forget after {}",
                    in_words(interval()), in_words(kSnoopingTimeout)),
        too_long
            ? "Shorten the query interval of the elected querier: streams will stop"
            : "Shorten the query interval of the elected querier: one lost query stops streams");
  }

  void judge_others() {
    if (const auto& other = view_.last_competitor; other && goes_on_asking(*other)) {
      const std::string who = spelled(other->address, other->mac);
      error(
          "two_queriers",
          view_.role == core::Role::kQuerier
              ? fmt::format("{} goes on asking although our address is lower: it does not hear us",
                            who)
              : fmt::format("{} goes on asking although another querier is elected", who),
          "Look for a switch or firewall between the two that does not pass 224.0.0.1 or ff02::1, "
          "or switch one querier off");
    }
    if (is_recent(record_.last_seen.conflict)) {
      error("address_conflict",
            fmt::format("Another machine uses our address{}",
                        view_.source ? ' ' + view_.source->to_string() : ""),
            "Give one of the two another address; the log names its MAC");
    }
    if (is_recent(record_.last_seen.loop)) {
      error("loop", "Our own queries come back to us: the network has a loop",
            "Look for two cables between the same switches; enable spanning tree");
    }
    if (view_.version_mismatch) {
      warn("version_mismatch", "Somebody asks in an older version than we are configured for",
           "Configure the same version of IGMP or MLD on all queriers, or follow_older_version");
    }
  }

  void judge_packets() {
    const auto& seen = record_.last_seen;
    if (is_recent(seen.malformed)) {
      warn("malformed", "Packets arrive that cannot be read",
           "The log names sender and reason; querent watch shows each");
    }
    if (is_recent(seen.forged)) {
      warn("forged", "Queries arrive that must not be believed",
           "The log names sender and reason; they change nothing here, but hosts may obey them");
    }
    if (is_recent(seen.dropped)) {
      warn("frames_dropped", "Packets were lost in a flood",
           "Find who floods, or raise net.core.rmem_max");
    }
    if (is_recent(seen.refused)) {
      warn("table_full", "The membership table is full: newcomers are not tracked",
           "Raise max_groups, max_sources or max_hosts, or find who joins that many");
    }
  }

  // Not if it was elected meanwhile, or if it is another dispute than the one before our role.
  bool goes_on_asking(const core::LastCompetitor& other) const {
    return is_recent(other.heard) && other.heard - other.since >= interval() &&
           other.since >= view_.role_since &&
           !(view_.elected && view_.elected->address == other.address);
  }

  Duration interval() const { return view_.values.query_interval; }
  bool is_recent(Instant seen) const { return seen != kLongAgo && at_ - seen < kAlarmsLast; }

  void add(std::string_view id, bool is_error, std::string text, std::string advice) {
    alarms_.push_back({id, is_error, std::move(text), std::move(advice)});
  }
  void error(std::string_view id, std::string text, std::string advice) {
    add(id, true, std::move(text), std::move(advice));
  }
  void warn(std::string_view id, std::string text, std::string advice) {
    add(id, false, std::move(text), std::move(advice));
  }

  const InterfaceStatus& interface_;
  const core::SegmentView& view_;
  const SegmentRecord& record_;
  Instant at_;
  std::vector<Alarm> alarms_;
};

}  // namespace

std::vector<Alarm> alarms(const InterfaceStatus& interface, const SegmentStatus& segment,
                          Instant at) {
  return Judge(interface, segment, at).judge();
}

}  // namespace querent::observe
