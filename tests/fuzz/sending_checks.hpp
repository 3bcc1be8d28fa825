#pragma once

#include <cstdint>
#include <map>

#include "core/action.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "step.hpp"

namespace querent::fuzz {

// The most general queries that a querier may have sent since it began, or since its settings
// changed: the startup burst, then one an interval at its shortest. Lateness gives no more.
struct GeneralBudget {
  Instant start{};
  int startup_count = 0;
  Duration startup_gap{1};
  Duration regular_gap{1};
  std::uint64_t sent = 0;

  std::uint64_t allowed(Instant now) const;
};

// Watches all that a segment sends, step by step.
class SendingChecks {
 public:
  void watch(const Step& step);

 private:
  // How often a group was asked about since a new question can have begun.
  struct Rounds {
    int count = 0;
    Instant last = kLongAgo;
  };

  void watch_query(const Step& step, const Query& query);
  void check_general(const Step& step);
  void check_questions(const Step& step) const;

  GeneralBudget general_;
  core::Role role_ = core::Role::kDown;  // as it was when each action was decided
  std::map<Address, Rounds> rounds_;
  int most_robust_ = 1;
  std::uint64_t sent_ = 0;  // in this step
  std::uint64_t general_sent_ = 0;
  std::uint64_t questions_sent_ = 0;  // to groups, ever
};

}  // namespace querent::fuzz
