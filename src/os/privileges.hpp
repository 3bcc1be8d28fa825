#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "os/sys_error.hpp"

// What the process may do, and giving up the rest of it. Capabilities belong to threads: all of
// this is for the calling thread and for those it starts later, so call it before there are others.

namespace querent::os {

// What a process may do beyond what everybody may. privileges.cpp has a row for each: its number,
// and how it is granted.
enum class Capability : std::uint8_t {
  kNetRaw,          // packet and raw sockets
  kNetBindService,  // ports below 1024
  kChangeUser,      // to become somebody else
};
using Capabilities = std::span<const Capability>;

// Whether it is in effect here. Raises it when the process is permitted it and did not use it (a
// file capability without the effective bit).
bool raise(Capability capability);

// Completes "cannot ...: " where it is missing: what is missing, and every way to it.
std::string_view advice(Capability capability);

// Whether become_user(user) can work: the power to change (root with SETUID and SETGID), a user
// that exists, and a user namespace that has it. (`unshare -Ur` has root alone.)
bool can_become(const std::string& user);

// Whether there is such a user: by name, or by number.
bool is_user(const std::string& user);

// Becomes `user`, its group and no other group, unless that is so already, for all threads; this
// one keeps its permitted capabilities, of which `kept` stay in effect. A number is a user too,
// also one without a name: then it is the group as well.
SysResult<void> become_user(const std::string& user, Capabilities kept);

// All capabilities but these are given up for good, and no_new_privs is set: nothing that this
// process could start gets more. One that is missing stays missing. Who has nothing else already
// needs no capset(2).
SysResult<void> keep(Capabilities capabilities);

}  // namespace querent::os
