#pragma once

#include <chrono>
#include <string>

namespace querent {

// The clock on the wall: for people, and for those who compare machines. Never computed with.
using WallTime = std::chrono::system_clock::time_point;

// "2026-11-21T21:41:29.123Z"
std::string utc(WallTime time);

}  // namespace querent
