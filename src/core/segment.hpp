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

namespace querent::core {

// One interface and one family: the querier itself, as a value without a clock, a socket or a
// thread. It is told what happens and answers with what to do about it.
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
