#include "os/clock.hpp"

#include <ctime>

#include "base/check.hpp"

namespace querent::os {

Instant now() {
  timespec time{};
  CHECK(clock_gettime(CLOCK_BOOTTIME, &time) == 0);
  return Instant{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

}  // namespace querent::os
