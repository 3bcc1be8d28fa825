#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/segment.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"
#include "sim/heard_querier.hpp"
#include "sim/look_for.hpp"
#include "sim/node.hpp"
#include "sim/querier_node.hpp"

namespace querent::sim {

struct Violation {
  Instant at{};
  std::string_view checker;
  std::string what;
};

using Violations = std::vector<Violation>;

// What one querier did in one step, and what it was told.
struct Step {
  NodeId id = 0;
  const QuerierNode& node;
  const core::Event& event;
  const std::vector<core::Action>& actions;
  Instant now;

  template <class Kind>
  const Kind* received() const {
    const auto* frame = look_for<core::Received>(event);
    return frame == nullptr ? nullptr : look_for<Kind>(frame->packet.message);
  }
  // What it did of this kind, in order.
  template <class Kind>
  std::vector<const Kind*> done() const {
    std::vector<const Kind*> done;
    for (const auto& action : actions) {
      if (const auto* one = look_for<Kind>(action)) done.push_back(one);
    }
    return done;
  }
  std::vector<const Query*> asked() const;
  std::vector<Address> forgotten() const;
  // The query it heard, if it had no reason to reject it.
  const Query* believed() const;
  // The records it heard in a proper envelope; of a leave the TO_IN that it means.
  std::vector<Record> records() const;
  bool slept() const { return !done<core::Slept>().empty(); }
};

// What is known of a group at a querier from nothing but the messages that reached and left it.
struct GroupWitness {
  // So long it must be held, and its group timer must run, after the last report that wants it.
  Instant must_hold_until = kLongAgo;
  Instant must_exclude_until = kLongAgo;
  // A question is open since then: the group may end at this time.
  Instant questioned_until = kNever;
  // At most so long the group timer may run, and the sources' timers. Reports move them on,
  // questions bring them back.
  Instant may_exclude_until = kLongAgo;
  std::map<Address, Instant> may_hold_source_until;

  bool doubted = false;        // there was a leave, or TO_IN, and nobody spoke up since
  bool reassured = false;      // somebody spoke up since the last of them
  bool version1_host = false;  // ever: leaves may be ignored
  // So long hosts of v1 and v2 count as present (RFC 9776 7.3.1).
  std::array<Instant, 2> older_hosts_until{kLongAgo, kLongAgo};
  bool others_asked = false;  // another querier did, since somebody last wanted the group
  int times_asked = 0;        // by us, since then
  Instant last_asked = kLongAgo;
  int asked_in_a_row = 0;          // of the question after a leave: robustness, and it is over
  Instant asked_until = kLongAgo;  // so long our first question after a leave is open
  // How often we asked, ever, about all of the group or about sources; and how often at most we
  // had cause to.
  std::uint64_t questions = 0;
  std::uint64_t questions_due = 0;
  std::uint64_t source_questions = 0;
  std::uint64_t source_questions_due = 0;

  // What the oldest host speaks that counts as present.
  Version compatibility(Instant now) const;
  // When the group may go: a report's time is up, or a question was not answered.
  Instant may_go_at() const { return std::min(must_hold_until, questioned_until); }
  // When it must be gone.
  Instant may_hold_until() const;
};

// One querier, seen from outside, since it was switched on. Kept by witness_step(), read by the
// checkers: a second opinion that shares no code with the tables it is compared to.
struct Witness {
  std::map<Address, GroupWitness> groups;
  std::map<Address, core::MembershipRecord> records;  // as it reports their changes
  Hearsay queriers;                                   // others that ask
  Instant follows_since = kLongAgo;                   // when it last accepted one of them
  std::optional<Instant> reign_start;                 // when its last startup burst began
  std::uint64_t general_queries = 0;                  // since then
  bool overslept = false;                             // since then: it may be behind its schedule
  std::optional<Instant> last_step;
  core::SegmentView view;  // after its last step
};

// Updates what the witness knows.
void witness_step(const Step& step, Witness& witness);

// We asked about the group so lately that the question may have to be repeated now.
bool has_open_question(const Witness& witness, Address group, const Step& step);

// Whether a record, received on a segment of this version, is one that wants its group.
bool wants_group(const Record& record, Version record_version, Version segment_version);

}  // namespace querent::sim
