#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/action.hpp"
#include "core/agenda.hpp"
#include "core/family_rules.hpp"
#include "core/group.hpp"
#include "core/ledger.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::core {

// Membership table of one segment (RFC 9776 6): its groups, their limits and timers.
// The cost of a report does not depend on how many other groups there are.
class Membership {
 public:
  // What happened while a message was handled or time passed; the caller clears it.
  struct Changes {
    std::vector<GroupChanged> groups;
    std::vector<Refused> refused;
    std::vector<Query> queries;  // to be sent to their groups, in order
    std::uint64_t ssm_violations = 0;
    std::uint64_t untracked_records = 0;

    bool empty() const {
      return groups.empty() && refused.empty() && queries.empty() && ssm_violations == 0 &&
             untracked_records == 0;
    }
    void clear();  // keeps the memory
  };

  // `hash_key` should be unpredictable where senders are not trusted. `rules` outlives this.
  Membership(const FamilyRules& rules, const Bounds& bounds, std::uint64_t hash_key);

  void report(const Report& report, const Reporter& reporter, const Terms& terms, Changes& changes);
  void leave(const Leave& leave, const Terms& terms, Changes& changes);

  // Another router's group query. Only a non-querier calls this.
  void heard_query(const Query& query, const Terms& terms);

  // Expires what is due and queries what is due.
  void advance(const Terms& terms, Changes& changes);

  // When advance() has something to do; kNever when there is nothing.
  Instant deadline() const { return agenda_.next(); }

  // As if all members had been heard just now: we cannot know what we slept through.
  void restart_timers(const Terms& terms);

  // What is held beyond new bounds stays.
  void set_bounds(const Bounds& bounds) { ledger_.bounds = bounds; }

  const Group* find(Address group) const;
  // The groups behind `after` in address order, at most `limit`; `after` none: from the first.
  std::vector<const Group*> page(std::optional<Address> after, std::size_t limit) const;
  // The groups that were first seen before the others, at most `limit`, in no particular order.
  std::vector<const Group*> oldest(std::size_t limit) const;
  std::size_t size() const { return groups_.size(); }
  std::size_t agenda_size() const { return agenda_.size(); }
  const Ledger& ledger() const { return ledger_; }

 private:
  struct Entry {
    Group group;
    Instant scheduled = kNever;  // the earliest entry of the agenda that is this group's
  };
  using Groups = std::unordered_map<Address, Entry, AddressHash>;

  void record(const Record& record, const Reporter& reporter, const Terms& terms, Changes& changes);
  // nullptr: the record is not worth a new group. Nothing: a limit refused it.
  std::optional<Entry*> find_or_add(const Record& record, Instant now);
  // Last step after every change of a group: does what is due, reports a changed record, drops a
  // group without members.
  void settle(Entry& entry, const Terms& terms, Changes& changes);
  void drop(Entry& entry);
  void schedule(Entry& entry);

  const FamilyRules* rules_;
  Ledger ledger_;
  Groups groups_;
  Agenda agenda_;
};

}  // namespace querent::core
