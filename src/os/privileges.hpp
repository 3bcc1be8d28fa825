#pragma once

#include <string>
#include <string_view>

#include "os/sys_error.hpp"

// What the process may do, and giving up the rest of it. Capabilities belong to threads: all of
// this is for the calling thread and for those it starts later, so call it before there are others.

namespace querent::os {

// Whether packet and raw sockets may be opened here. Raises CAP_NET_RAW when the process is
// permitted it and did not use it (a file capability without the effective bit).
bool raise_net_raw();

// Completes "cannot ...: " where raise_net_raw() says no: what is missing, and every way to it.
std::string_view net_raw_advice();

// The same where a UDP port was refused (EACCES).
std::string_view low_port_advice();

// Whether become_user(user) can work: the power to change (root with SETUID and SETGID), a user
// that exists, and a user namespace that has it. (`unshare -Ur` has root alone.)
bool can_become(const std::string& user);

// Whether there is such a user: by name, or by number.
bool is_user(const std::string& user);

// Completes "cannot become ...: " where the power to change is missing.
std::string_view change_user_advice();

// Becomes `user`, its group and no other group, unless that is so already, for all threads; this
// one keeps its permitted capabilities, of which CAP_NET_RAW stays in effect. A number is a user
// too, also one without a name: then it is the group as well.
SysResult<void> become_user(const std::string& user);

// All capabilities but CAP_NET_RAW are given up for good, and no_new_privs is set: nothing that
// this process could start gets more. A CAP_NET_RAW that is missing stays missing. Who has nothing
// else already needs no capset(2).
SysResult<void> keep_net_raw_alone();

}  // namespace querent::os
