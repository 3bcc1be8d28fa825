#pragma once

#include <cstddef>
#include <cstdint>

#include "wire/message_format.hpp"

// Numbers of the IGMP wire format, shared by igmp_decode.cpp and igmp_encode.cpp; for nobody else.

namespace querent::wire::igmp {

using namespace format;

// RFC 9776 4.
inline constexpr std::uint8_t kTypeQuery = 0x11;
inline constexpr std::uint8_t kTypeReportV1 = 0x12;
inline constexpr std::uint8_t kTypeReportV2 = 0x16;
inline constexpr std::uint8_t kTypeLeave = 0x17;
inline constexpr std::uint8_t kTypeReportV3 = 0x22;

// The shortest of the messages we know (RFC 2236 2, 9776 4.2), and where its group is.
inline constexpr std::size_t kSmallSize = 8;
inline constexpr std::size_t kAtGroup = 4;

inline constexpr Duration kResponseUnit = 100ms;  // RFC 2236 2.2, 9776 4.1.1

// A v3 query without sources (RFC 9776 4.1).
inline constexpr std::size_t kQueryV3Size = kSmallSize + kQueryTailSize;

}  // namespace querent::wire::igmp
