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

// A querier other than us, as far as it can be known from its queries.
struct OtherQuerier {
  Address address{};
  MacAddress mac{};
  Version version = Version::k2;
  Instant since{};
  Instant last_heard{};
  Values announced{};  // what it does not announce is our own value
  QueryGaps gaps{};
  Duration patience{0};  // the least timeout, after we once gave it up too soon
};

// Who asks on this segment (docs/design/protocol.md 3.1 to 3.4; RFC 9776 6.6.2). Holds the elected
// querier, its timer, and the successor that was seen while it was silent. Knows nothing of what we
// send.
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
    kVacant,     // nobody else is left: we are querier, if we can be
  };

  // Forgets everything and starts as its own querier. `own` none: we can never be querier, and
  // every candidate wins.
  void restart(std::optional<Address> own);

  Heard hear(const Candidacy& candidacy, const Settings& settings, Instant now);
  Expired expire(const Settings& settings, Instant now);

  // When expire() has something to do; kNever while nobody else is elected.
  Instant deadline(const Settings& settings) const;

  // None: we are querier, or if we cannot be, nobody is known to be.
  const std::optional<OtherQuerier>& elected() const { return elected_; }

  // What a non-querier goes by (RFC 9776 4.1.6, 4.1.7), own values where nobody else is elected.
  Values values(const Settings& settings, Version version) const;

  // How often this querier asks: as announced, or learned. None: not known (yet).
  static std::optional<Duration> interval(const OtherQuerier& querier);

  // How long we wait for this querier: as configured, or learned (docs/design/protocol.md 3.4).
  static Duration timeout(const OtherQuerier& querier, const Settings& settings);

 private:
  static Duration learned_timeout(const OtherQuerier& querier);
  OtherQuerier first_heard(const Candidacy& candidacy, const Settings& settings, Instant now) const;
  static void heard_again(OtherQuerier& querier, const Candidacy& candidacy,
                          const Settings& settings, Instant now);
  void note_successor(const Candidacy& candidacy, const Settings& settings, Instant now);

  std::optional<Address> own_;
  std::optional<OtherQuerier> elected_;
  std::optional<OtherQuerier> successor_;  // lowest below us heard since the elected one was
  std::optional<OtherQuerier> deposed_;    // whom we gave up last, to see if it was too soon
};

}  // namespace querent::core
