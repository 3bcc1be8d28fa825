#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/intervals.hpp"
#include "core/ledger.hpp"
#include "core/membership_record.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::core {

// A source that members of a group want, or (in EXCLUDE mode, blocked) that none of them wants.
struct Source {
  Address address{};
  Instant expires{};  // the source timer; of no meaning while blocked
  bool blocked = false;
  std::uint8_t queries_left = 0;
};

struct Member {
  Address address{};
  MacAddress mac{};
  Instant last_report{};
  Instant expires{};
};

// The sender of a report, and its version.
struct Reporter {
  Address address{};
  MacAddress mac{};
  Version version = Version::k3;
};

// What a group needs to know while it handles one message: the time, and what the election changes.
struct Terms {
  Instant now{};
  Values values{};
  Version version = Version::k2;      // of our queries
  Version answered_in = Version::k2;  // the elected querier's, if that is older
  bool asks = false;                  // we are querier: a leave causes last member queries
  std::size_t max_query_sources = 366;
};

// One group on one segment: what RFC 9776 6.2.2 keeps of it, and its state machine (6.4, 6.6.3,
// 7.3.2). Sources and hosts are sorted by address. A group that is not wanted() has nothing left
// to remember and is the table's to drop.
class Group {
 public:
  Group(Address address, bool link_local, Instant now)
      : address_(address), link_local_(link_local), first_seen_(now) {}

  // Everything that members can report: a v1 or v2 report is an IS_EX, a leave a TO_IN. Returns the
  // number of sources that a limit refused.
  std::size_t record(const Record& record, const Terms& terms, Ledger& ledger);

  // A host of an older version than v3 spoke: for a while the group is treated as it would
  // (RFC 9776 7.3.2).
  void heard_older_host(Version version, const Terms& terms);

  // The last reporter; and of hosts that never suppress a report (v3), each member.
  void reported_by(const Reporter& reporter, const Terms& terms);
  // False: a limit refused the host.
  bool track_host(const Reporter& reporter, const Terms& terms, Ledger& ledger);
  void untrack_host(Address host, Ledger& ledger);

  // Group query of another querier with S clear: members must answer by `expires`.
  void heard_query(const Query& query, Instant expires);

  // Timers start anew; open questions are dropped.
  void restart_timers(const Terms& terms);

  // Whatever is due now, expiry first; queries to be sent are appended to `queries`.
  void advance(const Terms& terms, Ledger& ledger, std::vector<Query>& queries);

  // When advance() has something to do; may be early, never late.
  Instant deadline() const { return deadline_; }

  bool wanted() const { return mode_ == FilterMode::kExclude || !sources_.empty(); }

  // Whether membership_record() has changed since it was last published, and whether it ever was.
  bool has_changed() const { return changed_; }
  bool is_published() const { return published_; }
  void mark_published();
  MembershipRecord membership_record() const;

  // Gives back what is booked, before the group is dropped.
  void release(Ledger& ledger) const;

  // The version the group is treated in, at `now`.
  Version compatibility(Instant now) const;

  Address address() const { return address_; }
  bool is_link_local() const { return link_local_; }
  FilterMode mode() const { return mode_; }
  Instant expires() const { return expires_; }  // the group timer; of no meaning in INCLUDE mode
  const std::vector<Source>& sources() const { return sources_; }
  const std::vector<Member>& hosts() const { return hosts_; }
  Instant first_seen() const { return first_seen_; }
  Instant last_report() const { return last_report_; }
  const Reporter& last_reporter() const { return last_reporter_; }

 private:
  using Addresses = std::vector<Address>;  // sorted, each once

  // The rows of RFC 9776 6.4.1 and 6.4.2, those of both filter modes in one.
  // Each returns how many sources were refused.
  std::size_t request(const Addresses& listed, Instant expires, Ledger& ledger);
  std::size_t exclude(const Addresses& listed, Instant new_sources_expire, Instant group_expires,
                      Ledger& ledger);
  std::size_t block(const Addresses& listed, Ledger& ledger);

  Addresses unknown_of(const Addresses& listed) const;
  std::size_t add_sources(const Addresses& unknown, const Source& like, Ledger& ledger);
  Source* find_source(Address address);

  // Queries Q(G) and Q(G, A) of 6.6.3: lower the timers, then query as often as robustness says.
  enum class Which { kListed, kOthers };
  void ask_group(const Terms& terms, Ledger& ledger);
  void ask_sources(Which which, const Addresses& listed, const Terms& terms, Ledger& ledger);
  bool may_ask(const Terms& terms) const;
  void ask_at_once(Instant now);
  void answered(const Terms& terms);
  void cancel_questions();
  void send_due(const Terms& terms, std::vector<Query>& queries);
  void append_source_questions(const Terms& terms, bool answered,
                               std::vector<Query>& queries) const;
  Query question(const Terms& terms, bool suppress) const;
  void count_down(const Terms& terms);

  void expire(Ledger& ledger, Instant now);
  void wake_at(Instant when) { deadline_ = std::min(deadline_, when); }
  Instant earliest_timer(Instant now) const;

  Address address_;
  bool link_local_;
  FilterMode mode_ = FilterMode::kInclude;
  std::uint8_t queries_left_ = 0;
  bool changed_ = true;
  bool published_ = false;
  Instant expires_ = kLongAgo;
  Instant next_query_ = kNever;
  Instant question_ends_ = kLongAgo;  // of the last Q(G)
  Instant deadline_ = kNever;
  Instant version1_host_until_ = kLongAgo;
  Instant version2_host_until_ = kLongAgo;
  Instant first_seen_;
  Instant last_report_ = kLongAgo;
  Reporter last_reporter_;
  std::vector<Source> sources_;
  std::vector<Member> hosts_;
};

}  // namespace querent::core
