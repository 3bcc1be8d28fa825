#pragma once

#include <optional>

#include "core/intervals.hpp"
#include "core/query_gaps.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::core {

// A valid general query and who sent it.
struct Candidacy {
  Address address;
  MacAddress mac;
  const Query& query;
};

// Another querier, as known from its queries.
struct OtherQuerier {
  Address address{};
  MacAddress mac{};
  Version version = Version::k2;
  Instant since{};
  Instant last_heard{};
  Values announced{};  // what it does not announce is our own value
  QueryGaps gaps{};
  Duration patience{0};  // the least timeout, after it once expired too early
};

// Querier election (docs/design/protocol.md 3.1 to 3.4; RFC 9776 6.6.2). Holds the elected querier,
// its other querier present timer, and the successor that was heard while it was silent. Knows
// nothing of what we send.
class Election {
 public:
  enum class Heard {
    kRefreshed,   // the elected querier, again
    kElected,     // we were querier, or nobody was
    kReplaced,    // it takes the role from another one
    kCompetitor,  // the elected querier stays who it is
  };
  enum class Expired {
    kNothing,
    kSucceeded,  // another querier was heard meanwhile and is the elected one now
    kVacant,     // no other querier is left: we are querier, if we can be
  };

  // Forgets everything and starts as its own querier. `own` none: we can never be querier, and
  // every candidate wins.
  void restart(std::optional<Address> own);

  Heard hear(const Candidacy& candidacy, const Settings& settings, Instant now);
  Expired expire(const Settings& settings, Instant now);

  // When expire() has something to do; kNever while no other querier is elected.
  Instant deadline(const Settings& settings) const;

  // None: we are querier, or if we cannot be, none is known.
  const std::optional<OtherQuerier>& elected() const { return elected_; }

  // The values that a non-querier adopts (RFC 9776 4.1.6, 4.1.7); our own while no other querier is
  // elected.
  Values values(const Settings& settings, Version version) const;

  // Query interval of this querier: as announced, or learned. None: not known (yet).
  static std::optional<Duration> interval(const OtherQuerier& querier);

  // Other querier present timeout of this querier: as configured, or learned
  // (docs/design/protocol.md 3.4).
  static Duration timeout(const OtherQuerier& querier, const Settings& settings);

 private:
  static Duration learned_timeout(const OtherQuerier& querier);
  OtherQuerier first_heard(const Candidacy& candidacy, const Settings& settings, Instant now) const;
  static void heard_again(OtherQuerier& querier, const Candidacy& candidacy,
                          const Settings& settings, Instant now);
  void note_successor(const Candidacy& candidacy, const Settings& settings, Instant now);

  std::optional<Address> own_;
  std::optional<OtherQuerier> elected_;
  std::optional<OtherQuerier> successor_;  // the lowest below us heard since the elected one was
  std::optional<OtherQuerier> deposed_;    // the last that expired, to see if it was too early
};

}  // namespace querent::core
