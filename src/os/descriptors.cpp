#include "os/descriptors.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace querent::os {

void allow_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Refused, the limit is what it was, and an interface without a socket says so.
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

void occupy_standard_descriptors() {
  int next = 0;
  do {
    next = ::open("/dev/null", O_RDONLY);
  } while (next >= 0 && next <= STDERR_FILENO);
  if (next >= 0) ::close(next);
}

}  // namespace querent::os
