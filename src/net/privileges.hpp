#pragma once

#include <string>

#include "net/sys_error.hpp"

// What the process may do, and giving up the rest of it.

namespace querent::net {

// Whether packet and raw sockets may be opened here. Raises CAP_NET_RAW when the process is
// permitted it and did not use it (a file capability without the effective bit).
bool raise_net_raw();

// Whether this process can become another user (root with SETUID and SETGID).
bool can_change_user();

// Becomes `user`, its group and no other group, keeping CAP_NET_RAW.
SysResult<void> become_user(const std::string& user);

// All capabilities but CAP_NET_RAW are given up for good, and no_new_privs is set.
SysResult<void> keep_net_raw_alone();

}  // namespace querent::net
