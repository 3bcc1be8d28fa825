#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace querent::fuzz {

// Reads choices from a fuzzer's octets, front to back. Behind their end everything is 0: each
// input is a complete one.
class ByteSource {
 public:
  explicit ByteSource(ByteView bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  // In [0, bound), of at most 256.
  std::size_t below(std::size_t bound) { return byte() % bound; }
  bool coin() { return (byte() & 1U) != 0; }
  ByteView take(std::size_t count) {
    const ByteView taken = left_.first(std::min(count, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }
  template <class Choices>
  auto one_of(const Choices& choices) {
    return choices[below(choices.size())];
  }

 private:
  ByteView left_;
};

}  // namespace querent::fuzz
