#pragma once

#include <string>
#include <vector>

#include "observe/status.hpp"

namespace querent::observe {

// A verdict, and why it is not good: sentences for people, each naming its interface.
struct Verdict {
  bool good = true;
  std::vector<std::string> reasons;
};

// What is wrong with the process itself on this segment; empty: nothing. An interface that is not
// there, or has no carrier, is not the process's fault.
std::string trouble(const SegmentStatus& segment, Instant at);

// Every interface that is there has its sockets, and no query is later than it may be.
Verdict health(const Status& status);

// At least one interface is up, on every one that is up somebody asks, and none is of no use.
Verdict readiness(const Status& status);

// How late a query may be: a tenth of the interval, but not less than a second.
Duration tolerated_lateness(Duration query_interval);

}  // namespace querent::observe
