#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace querent::wire {

// The Internet checksum (RFC 1071): the complement of the ones' complement sum of all 16-bit
// words, an odd last octet counting as if a zero followed.
//
// `before` is the checksum of octets that come before these, an even number of them: checksums of
// parts go on into the next one, and the last is the whole's. By default there are none.
//
// To send: over the octets with the checksum field zero; the result goes into the field.
// To verify: over the octets as received; 0 means good. Every single wrong bit is noticed.
std::uint16_t checksum(ByteView bytes, std::uint16_t before = 0xFFFF);

}  // namespace querent::wire
