#include "lab/file.hpp"

#include <array>
#include <fcntl.h>
#include <unistd.h>

#include "os/fd.hpp"

namespace querent::lab {

using os::sys_failure;

os::SysResult<std::string> read_file(const std::string& path) {
  const os::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return sys_failure("open " + path);
  std::array<char, 65536> text{};
  const ssize_t size = read(fd.number(), text.data(), text.size());
  if (size < 0) return sys_failure("read " + path);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

os::SysResult<void> write_file(const std::string& path, std::string_view text) {
  const os::Fd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return sys_failure("open " + path);
  if (write(fd.number(), text.data(), text.size()) < 0) {
    return sys_failure("write \"" + std::string(text) + "\" to " + path);
  }
  return {};
}

}  // namespace querent::lab
