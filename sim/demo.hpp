#pragma once

namespace querent::sim {

// Shows on stdout, in virtual time, what querent is for: on a snooping switch without a querier a
// stream dies; with one it lives; a second one with a lower address takes over; when it is killed
// the first one resumes. True when all of it happened.
bool show_demo();

}  // namespace querent::sim
