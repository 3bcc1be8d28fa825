#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "observe/status.hpp"

// What a loop could hand out, in numbers that are easy to read.

namespace querent::observe::test {

// The moment of all samples: 100 days after the machine was started.
inline constexpr Instant kNow = Instant{} + std::chrono::hours(2400);

inline constexpr MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};

Address address(const char* text);

// 2026-11-21T21:41:29.123Z
WallTime wall();

// A querier since an hour, in good health: it asks every 60 s, asked 12 s ago, asks again in 48 s.
SegmentStatus querier(Family family = Family::kIPv4);

// Waits since an hour; 192.168.1.2, or fe80::2, asks.
SegmentStatus non_querier(Family family = Family::kIPv4);

InterfaceStatus interface_up(std::string name, std::vector<SegmentStatus> segments);
InterfaceStatus interface_in(InterfaceStatus::State state, std::string reason);

// Version 1.2.3, up for a day.
Status status_of(std::vector<InterfaceStatus> interfaces);

// Of eth0 alone: an IPv4 querier.
Status good_status();

}  // namespace querent::observe::test
