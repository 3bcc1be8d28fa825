#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "querent/address.hpp"
#include "querent/time.hpp"

// Numbers that the wire formats of IGMP and MLD have in common, which from IGMPv3 and MLDv2 on
// differ in little but the size of an address; for their codecs and for nobody else.

namespace querent::wire::format {

using namespace std::chrono_literals;

constexpr std::size_t address_size(Family family) {
  return family == Family::kIPv4 ? 4 : 16;
}

// What every message begins with: type, code, checksum (RFC 9776 4, 9777 5).
inline constexpr std::size_t kCommonSize = 4;
inline constexpr std::size_t kAtCode = 1;
inline constexpr std::size_t kAtChecksum = 2;

// What a v3 query has behind the group, and before its sources (RFC 9776 4.1, 9777 5.1). Offsets
// are counted from there.
inline constexpr std::size_t kQueryTailSize = 4;
inline constexpr std::size_t kAtFlags = 0;
inline constexpr std::size_t kAtInterval = 1;
inline constexpr std::size_t kAtQuerySources = 2;
inline constexpr std::uint8_t kSuppress = 0x08;    // RFC 9776 4.1.5, 9777 5.1.7
inline constexpr std::uint8_t kMaxRobustness = 7;  // 4.1.6, 5.1.8, and the field's mask
inline constexpr Duration kIntervalUnit = 1s;      // 4.1.7, 5.1.9

// The v3 report (RFC 9776 4.2, 9777 5.2). Offsets of a record are counted from its own first
// octet.
inline constexpr std::size_t kReportV3Size = 8;
inline constexpr std::size_t kAtRecordCount = 6;
inline constexpr std::size_t kAtAuxiliary = 1;
inline constexpr std::size_t kAtRecordSources = 2;
inline constexpr std::size_t kAtRecordGroup = 4;
inline constexpr std::size_t kAuxiliaryUnit = 4;

// A record without sources and auxiliary data.
constexpr std::size_t record_size(Family family) {
  return kAtRecordGroup + address_size(family);
}

}  // namespace querent::wire::format
