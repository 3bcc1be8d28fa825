#pragma once

#include <string>

#include "base/result.hpp"

namespace querent::os {

// What the kernel refused, and why: a value, for the caller to decide about.
struct SysError {
  std::string doing;  // completes "cannot ...": "open a packet socket"
  int number = 0;     // errno

  // "cannot open a packet socket: Operation not permitted (EPERM)"
  std::string to_string() const;
};

template <class T>
using SysResult = Result<T, SysError>;

// The failure that errno tells of, or that `number` names.
tl::unexpected<SysError> sys_failure(std::string doing);
tl::unexpected<SysError> sys_failure(std::string doing, int number);

// "EPERM", also the metric's label; "errno 4711" for a number without a name.
std::string errno_name(int number);

}  // namespace querent::os
