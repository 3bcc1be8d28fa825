#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

// Numbers of the IGMP wire format, shared by igmp_decode.cpp and igmp_encode.cpp; for nobody else.

namespace querent::wire::igmp {

using namespace std::chrono_literals;

// RFC 9776 4.
inline constexpr std::uint8_t kTypeQuery = 0x11;
inline constexpr std::uint8_t kTypeReportV1 = 0x12;
inline constexpr std::uint8_t kTypeReportV2 = 0x16;
inline constexpr std::uint8_t kTypeLeave = 0x17;
inline constexpr std::uint8_t kTypeReportV3 = 0x22;

// What every message begins with; and the shortest of those we know (RFC 2236 2, 9776 4.2).
inline constexpr std::size_t kCommonSize = 4;
inline constexpr std::size_t kSmallSize = 8;
inline constexpr std::size_t kAtCode = 1;
inline constexpr std::size_t kAtChecksum = 2;
inline constexpr std::size_t kAtGroup = 4;

inline constexpr Duration kResponseUnit = 100ms;  // RFC 2236 2.2, 9776 4.1.1
inline constexpr Duration kIntervalUnit = 1s;     // RFC 9776 4.1.7

// The v3 query (RFC 9776 4.1).
inline constexpr std::size_t kQueryV3Size = 12;
inline constexpr std::size_t kAtFlags = 8;
inline constexpr std::size_t kAtInterval = 9;
inline constexpr std::size_t kAtQuerySources = 10;
inline constexpr std::uint8_t kSuppress = 0x08;    // 4.1.5
inline constexpr std::uint8_t kMaxRobustness = 7;  // 4.1.6, and the field's mask

// The v3 report (RFC 9776 4.2). Offsets of a record are counted from its own first octet.
inline constexpr std::size_t kReportV3Size = 8;
inline constexpr std::size_t kAtRecordCount = 6;
inline constexpr std::size_t kRecordSize = 8;
inline constexpr std::size_t kAtAuxiliary = 1;
inline constexpr std::size_t kAtRecordSources = 2;
inline constexpr std::size_t kAuxiliaryUnit = 4;

inline constexpr std::size_t kSourceSize = 4;

}  // namespace querent::wire::igmp
