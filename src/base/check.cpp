#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace querent {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "querent: internal error: %s does not hold at %s:%d\n", condition, file,
               line);
  std::abort();
}

}  // namespace querent
