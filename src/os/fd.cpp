#include "os/fd.hpp"

#include <unistd.h>

namespace querent::os {

Fd::~Fd() {
  if (number_ >= 0) ::close(number_);
}

}  // namespace querent::os
