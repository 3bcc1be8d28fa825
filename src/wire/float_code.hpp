#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace querent::wire {

// The small floating point numbers that IGMPv3 and MLDv2 put times into. Below half of the code's
// range a code is the number itself; above, a 1, three bits of exponent, and a mantissa:
//
//     | 1 |  exp  |    mant    |      number = (1mant) << (exp + 3)
//
//   std::uint8_t   mant of 4 bits, up to 31,744: Max Resp Code and QQIC of IGMPv3
//                  (RFC 9776 4.1.1, 4.1.7), QQIC of MLDv2 (RFC 9777 5.1.9)
//   std::uint16_t  mant of 12 bits, up to 8,387,584: Maximum Response Code of MLDv2 (5.1.3)

template <class Code>
inline constexpr unsigned kMantissaBits = std::numeric_limits<Code>::digits - 4;

// The number a code stands for. Every code stands for one, and no two for the same.
template <class Code>
constexpr std::uint32_t float_value(Code code) {
  constexpr std::uint32_t kImpliedOne = 1U << kMantissaBits<Code>;
  const std::uint32_t bits = code;
  if (bits < kImpliedOne * 8) return bits;
  const std::uint32_t exponent = (bits >> kMantissaBits<Code>)&7U;
  return (kImpliedOne | (bits & (kImpliedOne - 1))) << (exponent + 3);
}

// The code of the number, or of the next lower one that has a code: a time that is announced is
// never longer than the time that is meant. Above the highest number: the highest code.
template <class Code>
constexpr Code float_code(std::uint64_t number) {
  constexpr unsigned kBits = kMantissaBits<Code>;
  constexpr Code kHighest = std::numeric_limits<Code>::max();
  if (number < (std::uint64_t{8} << kBits)) return static_cast<Code>(number);
  if (number >= float_value(kHighest)) return kHighest;
  const auto exponent = static_cast<unsigned>(std::bit_width(number)) - kBits - 4;
  const auto mantissa = (number >> (exponent + 3)) & ((1U << kBits) - 1);
  return static_cast<Code>((8U << kBits) | (exponent << kBits) | mantissa);
}

}  // namespace querent::wire
