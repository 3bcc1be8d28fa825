#pragma once

#include <string>
#include <string_view>

#include "os/sys_error.hpp"

// The small files of /proc, in one system call each.

namespace querent::lab {

os::SysResult<std::string> read_file(const std::string& path);
os::SysResult<void> write_file(const std::string& path, std::string_view text);

}  // namespace querent::lab
