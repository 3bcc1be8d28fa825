#include "net/descriptors.hpp"

#include <sys/resource.h>

namespace querent::net {

void allow_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Refused, the limit is what it was, and an interface without a socket says so.
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace querent::net
