#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "core/action.hpp"
#include "core/counters.hpp"
#include "core/election.hpp"
#include "core/event.hpp"
#include "core/family_rules.hpp"
#include "core/local_interface.hpp"
#include "core/membership.hpp"
#include "core/query_schedule.hpp"
#include "core/settings.hpp"
#include "core/view.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

// How core works.
//
// A segment is one interface and one address family. IGMP and MLD are one state machine: wire/
// translates both into the same messages, and FamilyRules holds the few differences. The driver
// (app/ or sim/) calls step(event, now) when a packet arrives, the link changes, settings change or
// a deadline passes. It gets back actions: queries to send, and reports of what was decided.
//
//   event --> Segment --+-- Election       which querier is elected, and for how long
//                       +-- QuerySchedule  when our next general query is due
//                       +-- Membership     table of Groups, Agenda of their deadlines, Ledger
//   actions <-- SendQuery, RoleChanged, QueryHeard, GroupChanged, Refused, ...
//
// Segment owns the role (RFC 9776 6.6.2). Link, source address and settings decide whether we can
// be querier. Election decides whether another querier is. It compares the source address of each
// valid general query with ours and runs the other querier present timer. Election does not know
// what we send, and QuerySchedule does not know of other queriers. Segment connects them: an
// election lost stops the schedule, an election won starts it with a startup burst.
//
// A message is first judged (validity.hpp). What is rejected is counted and reported, and changes
// nothing else. A valid query goes to Election if it is general. If it is about a group, a
// non-querier lowers the timers of that group. A valid report or leave goes to Membership.
//
// Membership finds the group of each record, or adds it while there is room. Group is the state
// machine of RFC 9776 6.4 for one group: filter mode, group timer, source timers, members. The
// last member queries of 6.6.3 are part of it (group_questions.cpp). A group does not know the role
// or the settings. Whatever it needs of them comes with each message as Terms: the time, the
// intervals in force, the version to query in, and whether we are querier. The intervals in force
// are our own while we are querier, else those the elected querier announced (4.1.6, 4.1.7). So an
// election changes the behaviour of 65,536 groups without touching one of them.
//
// Ledger is shared by all groups of a segment. It holds the limits and what is used of them, and
// the budget of specific queries: 256 a second. A newcomer beyond a limit is refused and counted,
// what is known stays. Every source and member that a group adds or drops is booked there.
//
// Time. Timers are instants, compared with `now` when something happens. Each part says when it
// next needs attention, and Segment::deadline() is the earliest of them. Agenda orders the
// deadlines of groups. An entry may be early, never late: a refresh moves the timer and leaves the
// entry, and when the entry comes up the group is scheduled anew. So the cost of a refresh does not
// depend on the number of groups, and it reports nothing. step() first does what is due, then the
// event, then what the event made due. A step that comes much later than the heartbeat means that
// the host slept: the segment starts anew, because nothing is known of the time in between.
//
// A group that changed reports its membership record once, when its message is handled (settle()
// in membership.cpp). A driver that keeps a copy of the table, such as a proxy (RFC 4605), needs
// no more than these actions.

namespace querent::core {

// The querier of one interface and family, as a value without a clock, a socket or a thread.
//
// `now` never goes back from one call to the next. Any event in any state is legal; without a link
// nothing is sent and no packet is looked at.
class Segment {
 public:
  Segment(const Settings& settings, Family family, Random random);

  // What is due at `now` is done first, then the event. Afterwards deadline() lies after `now`.
  std::vector<Action> step(const Event& event, Instant now);

  // When to step with a Tick if nothing else happens before. Nothing: never.
  std::optional<Instant> deadline() const;

  SegmentView view(Instant now) const;

  // The membership table in address order, from behind `after`, at most `limit` groups.
  std::vector<GroupView> groups(std::optional<Address> after, std::size_t limit, Instant now) const;

  // The groups that have been known for longest, at most `limit`, in no particular order.
  std::vector<GroupSummary> oldest_groups(std::size_t limit) const;

  // What view() has of them, without the rest.
  const Counters& counters() const { return counters_; }
  const Ledger& ledger() const { return membership_.ledger(); }
  std::size_t group_count() const { return membership_.size(); }
  Role role() const { return role_; }
  bool is_starting() const { return schedule_.is_starting(); }

 private:
  using Actions = std::vector<Action>;

  // Lets one pass, then none for a while, of what may come in floods.
  struct RateLimit {
    Duration pause = std::chrono::minutes(1);
    Instant until = kLongAgo;
    bool passes(Instant now);
  };

  void handle(const Tick& tick, Instant now, Actions& actions);
  void handle(const Received& received, Instant now, Actions& actions);
  void handle(const LinkUp& up, Instant now, Actions& actions);
  void handle(const LinkChanged& changed, Instant now, Actions& actions);
  void handle(const LinkDown& down, Instant now, Actions& actions);
  void handle(const Reconfigured& reconfigured, Instant now, Actions& actions);

  void receive(const Received& received, const Query& query, Instant now, Actions& actions);
  void receive(const Received& received, const Report& report, Instant now, Actions& actions);
  void receive(const Received& received, const Leave& leave, Instant now, Actions& actions);

  // Somebody else under our address, or our own queries come back.
  void look_for_ourselves(const Received& received, Instant now, Actions& actions);
  bool is_ours(const Received& received) const;
  void note_older_version(Address source, const Query& query, Instant now, Actions& actions);
  void warn_of_short_timeout(Instant now, Actions& actions);
  void hear_candidate(const Candidacy& candidacy, Instant now, Actions& actions);
  void note_competitor(const Candidacy& candidacy, Instant now);
  bool is_credible(const Received& received, Actions& actions);

  void look_for_sleep(Instant now, Actions& actions);
  void do_what_is_due(Instant now, Actions& actions);
  void expire_elected(Instant now, Actions& actions);
  void restart(Instant now, Actions& actions);
  void choose_source(Actions& actions);
  void follow_source(Instant now, Actions& actions);
  void become(Role role, Instant now, Actions& actions);
  void send(Query query, Actions& actions);
  void tell_changes(Instant now, Actions& actions);

  Query general_query(Instant now) const;
  Role role_without_others() const;
  Version version_in_force(Instant now) const;
  Terms terms(Instant now) const;

  const FamilyRules* rules_;
  Settings settings_;
  Role role_ = Role::kDown;
  Instant role_since_ = kLongAgo;
  std::optional<LocalInterface> link_;
  std::optional<Address> source_;
  Election election_;
  QuerySchedule schedule_;
  Membership membership_;
  Membership::Changes changes_;  // scratch space, empty between steps
  Instant heartbeat_ = kNever;   // a step each query interval, whatever else happens
  Instant last_step_ = kLongAgo;
  std::array<Instant, 2> older_version_until_{kLongAgo, kLongAgo};  // of v1 and v2 queriers
  Counters counters_;
  std::optional<LastCompetitor> last_competitor_;
  RateLimit conflict_limit_;
  RateLimit loop_limit_;
  RateLimit mismatch_limit_;
  RateLimit timeout_limit_;
  std::array<RateLimit, Refused::kWhats> refusal_limits_;
};

}  // namespace querent::core
