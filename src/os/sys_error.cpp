#include "os/sys_error.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace querent::os {

std::string SysError::to_string() const {
  std::string text = "cannot " + doing + ": ";
  const char* why = strerrordesc_np(number);
  if (why == nullptr) return text + errno_name(number);
  return text + why + " (" + errno_name(number) + ")";
}

tl::unexpected<SysError> sys_failure(std::string doing) {
  return sys_failure(std::move(doing), errno);
}

tl::unexpected<SysError> sys_failure(std::string doing, int number) {
  return failure(SysError{std::move(doing), number});
}

std::string errno_name(int number) {
  const char* name = number == 0 ? nullptr : strerrorname_np(number);
  return name != nullptr ? name : "errno " + std::to_string(number);
}

}  // namespace querent::os
