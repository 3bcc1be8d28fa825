#pragma once

#include <cstddef>
#include <malloc.h>

namespace querent::bench {

// Octets of the heap in use, with what the allocator itself spends on them.
inline std::size_t heap_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace querent::bench
