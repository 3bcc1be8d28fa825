#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/host.hpp"
#include "sim/node.hpp"
#include "sim/witness.hpp"

// What must always hold. Each checker is one small function with one opinion; a violation names it.

namespace querent::sim {

struct Outcome {
  Violations violations;          // the first few
  std::uint64_t fingerprint = 0;  // of everything that was said and done
  std::uint64_t events = 0;
  Duration simulated{0};
};

// After every step of a querier, against what the witness knew before it, and after.
void check_step_against_past(const Step& step, const Witness& before, Violations& violations);
void check_step(const Step& step, const Witness& after, Violations& violations);

// Every few seconds, over a querier's whole table.
void check_table(const QuerierNode& node, const Witness& witness, Instant now,
                 Violations& violations);

// A message that must be ignored was just delivered.
void check_forgery_harmless(const core::SegmentView& before, const core::SegmentView& after,
                            Instant now, Violations& violations);

// Everybody who hears each other, once the storm is over and the dust has settled.
struct Neighbourhood {
  struct Member {
    const QuerierNode* node = nullptr;
    const Witness* witness = nullptr;
  };
  std::vector<Member> queriers;  // awake and plugged in
  std::vector<Address> foreign;  // other queriers that are alive
  std::vector<const Host*> hosts;

  // The lowest address that can ask; unspecified when nobody can.
  Address rightful() const;
};

void check_one_querier(const Neighbourhood& all, Instant now, Violations& violations);
void check_table_is_truth(const Neighbourhood& all, bool sources_too, Instant now,
                          Violations& violations);

// Only when nothing but single losses happens.
void check_steady_roles(const Step& step, Violations& violations);
void check_stream_unbroken(const Host& host, std::uint64_t last_sent, Instant now,
                           Violations& violations);

// Two runs of one seed.
void check_same_trace(const Outcome& one, const Outcome& other, Violations& violations);

// The parts of the checks of a step, in files of their own.
void check_wire(const Step& step, Violations& violations);
void check_asking_against_past(const Step& step, const Witness& before, Violations& violations);
void check_asking(const Step& step, const Witness& after, Violations& violations);
void check_election_against_past(const Step& step, const Witness& before, Violations& violations);
void check_election(const Step& step, const Witness& after, Violations& violations);

// How a checker speaks.
void complain(Violations& violations, Instant now, std::string_view checker, std::string what);
std::string who(const Step& step);

}  // namespace querent::sim
