#include "wire/checksum.hpp"

#include <cstddef>

namespace querent::wire {

std::uint16_t checksum(ByteView bytes, std::uint16_t before) {
  std::uint64_t sum = 0xFFFFU - before;
  std::size_t at = 0;
  // 2^16 is 1 in ones' complement arithmetic, so words of 32 bits add up to the same.
  for (; bytes.size() - at >= 4; at += 4)
    sum += load32(bytes, at);
  if (bytes.size() - at >= 2) {
    sum += load16(bytes, at);
    at += 2;
  }
  if (at < bytes.size()) sum += std::uint64_t{bytes[at]} << 8U;
  while (sum > 0xFFFFU)
    sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace querent::wire
