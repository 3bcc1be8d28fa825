#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "querent_lan.hpp"
#include "query_listener.hpp"

// Whether a querent starts anew, or goes on, when something happens to its interface.

namespace querent::test {

inline constexpr Duration kQueryInterval = 2s;  // 1.5 s at least, with its jitter
inline constexpr Duration kStartupInterval = 200ms;

// One query every 2 s; three to start with, 200 ms apart. It has written that it is started.
lab::Process start_slowly(const lab::Namespace& where, const std::vector<std::string>& arguments);

// How often `text` holds `part`.
std::size_t count(std::string_view text, std::string_view part);

// The `n`th that passes.
QueryListener::Test nth(const QueryListener::Test& test, int n);

// The startup burst, once, and a regular query behind it. The first came soon enough after `since`,
// when it could be sent.
void expect_fresh_start(const QueryListener& ear, Address source, std::size_t from, Instant since);
// Two more queries, in the rhythm of those before.
void expect_undisturbed(const QueryListener& ear, Address source, std::size_t from);
// Nobody asks for a query interval and a half.
void expect_silence(const QueryListener& ear, std::size_t from);

// It ends as it should; what it wrote. CPU time is printed, and bounded: it does not spin.
std::string stop(lab::Process& process);

}  // namespace querent::test
