#pragma once

#include <string>
#include <string_view>

#include "core/validity.hpp"
#include "probe/observation.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "wire/drop_reason.hpp"

// Messages in words that a network person understands.

namespace querent::probe {

// One line, the meaning first, without a line end:
//
//   10.0.0.2 (52:54:00:12:34:56) asks everybody: who wants what? (IGMPv2 query, answer within 10 s)
//   10.0.0.7 wants 239.1.2.3 (v2 report)
//   fe80::7 wants ff15::1:2:3 (MLDv1 report)
//
// The MAC stands where it matters: at queries, at what is wrong, and where there is no address.
// What is wrong ends in why: the reason in words, and its name in metrics in parentheses. Of many
// records or sources the first ones, and how many more there are.
std::string describe(const Observation& observation);

// What is wrong, completing "rejected: ...", in the family's words.
std::string_view explain(wire::DropReason reason, Family family);
std::string_view explain(core::Rejection rejection, Family family);

}  // namespace querent::probe
