#pragma once

#include <cstddef>
#include <cstdint>

#include "wire/message_format.hpp"

// Numbers of the MLD wire format, shared by mld_decode.cpp and mld_encode.cpp; for nobody else.

namespace querent::wire::mld {

using namespace format;

// RFC 2710 3.1, 9777 5.
inline constexpr std::uint8_t kTypeQuery = 130;
inline constexpr std::uint8_t kTypeReportV1 = 131;
inline constexpr std::uint8_t kTypeDone = 132;
inline constexpr std::uint8_t kTypeReportV2 = 143;

// All but the v2 report begin so (RFC 2710 3, 9777 5.1): the common part, the response, 2
// reserved octets and the group.
inline constexpr std::size_t kSmallSize = 24;
inline constexpr std::size_t kAtResponse = 4;
inline constexpr std::size_t kAtGroup = 8;

inline constexpr Duration kResponseUnit = 1ms;  // RFC 2710 3.4, 9777 5.1.3

// An MLDv2 query without sources (RFC 9777 5.1).
inline constexpr std::size_t kQueryV2Size = kSmallSize + kQueryTailSize;

}  // namespace querent::wire::mld
