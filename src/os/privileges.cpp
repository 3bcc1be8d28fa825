#include "os/privileges.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <grp.h>
#include <memory>
#include <optional>
#include <pwd.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <type_traits>
#include <unistd.h>
#include <vector>

namespace querent::os {
namespace {

struct FreeCapabilities {
  void operator()(void* set) const { cap_free(set); }
};
using CapabilitySet = std::unique_ptr<std::remove_pointer_t<cap_t>, FreeCapabilities>;

struct CapabilityRow {
  Capability capability;
  cap_value_t number;
  const char* name;
  std::string_view advice;
  std::string_view without_new_privileges;  // what to do then; empty: the same
};

constexpr std::array kRows{
    CapabilityRow{
        Capability::kNetRaw, CAP_NET_RAW, "CAP_NET_RAW",
        "CAP_NET_RAW is missing; run as root, or `setcap cap_net_raw+p $(command -v querent)`, "
        "or docker run --cap-add NET_RAW, or systemd AmbientCapabilities=CAP_NET_RAW",
        "CAP_NET_RAW is missing, and with no-new-privileges it cannot come from the program's "
        "file; leave that out, or run as root: docker run --user 0 --cap-add NET_RAW, or "
        "systemd AmbientCapabilities=CAP_NET_RAW"},
    CapabilityRow{
        Capability::kNetBindService, CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE",
        "CAP_NET_BIND_SERVICE is missing; take a port from 1024 on, or run as root, or `setcap "
        "cap_net_bind_service+ep $(command -v querent)`, or `sysctl "
        "net.ipv4.ip_unprivileged_port_start=0`",
        ""},
    CapabilityRow{
        Capability::kChangeUser, CAP_SETUID, "CAP_SETUID",
        "CAP_SETUID and CAP_SETGID are missing; run as root, or docker run --cap-add SETUID "
        "--cap-add SETGID, or let who starts it choose the user (systemd User=, docker --user)",
        ""},
};

constexpr const CapabilityRow& row_of(Capability capability) {
  return kRows.at(static_cast<std::size_t>(capability));
}

std::vector<cap_value_t> numbers_of(Capabilities capabilities) {
  std::vector<cap_value_t> numbers;
  for (const Capability capability : capabilities)
    numbers.push_back(row_of(capability).number);
  return numbers;
}

std::string names_of(Capabilities capabilities) {
  std::string names;
  for (const Capability capability : capabilities)
    names += (names.empty() ? "" : " and ") + std::string(row_of(capability).name);
  return names.empty() ? "none" : names;
}

bool has(const CapabilitySet& set, cap_value_t which, cap_flag_t flag) {
  cap_flag_value_t value = CAP_CLEAR;
  return set && cap_get_flag(set.get(), which, flag, &value) == 0 && value == CAP_SET;
}

// Whether `which` is in effect now.
bool raise_number(cap_value_t which) {
  const CapabilitySet set(cap_get_proc());
  if (has(set, which, CAP_EFFECTIVE)) return true;
  return has(set, which, CAP_PERMITTED) &&
         cap_set_flag(set.get(), CAP_EFFECTIVE, 1, &which, CAP_SET) == 0 &&
         cap_set_proc(set.get()) == 0;
}

bool put(const CapabilitySet& set, cap_flag_t flag, const std::vector<cap_value_t>& numbers,
         cap_flag_value_t value) {
  return numbers.empty() || cap_set_flag(set.get(), flag, static_cast<int>(numbers.size()),
                                         numbers.data(), value) == 0;
}

// Whether nothing else is there to be given up.
bool has_at_most(const std::vector<cap_value_t>& numbers) {
  const CapabilitySet set(cap_get_proc());
  if (!set) return false;
  for (const auto flag : {CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE}) {
    if (!put(set, flag, numbers, CAP_CLEAR)) return false;
  }
  const CapabilitySet none(cap_init());
  return none && cap_compare(set.get(), none.get()) == 0;
}

struct Account {
  uid_t user = 0;
  gid_t group = 0;
};

std::optional<uid_t> number_in(const std::string& text) {
  uid_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  constexpr auto kUnchanged = static_cast<uid_t>(-1);
  if (error != std::errc{} || stopped != end || number == kUnchanged) return std::nullopt;
  return number;
}

SysResult<Account> account_of(const std::string& user) {
  constexpr std::size_t kLongestEntry = 65536;
  std::vector<char> room(kLongestEntry);
  passwd entry{};
  passwd* found = nullptr;
  const int error = ::getpwnam_r(user.c_str(), &entry, room.data(), room.size(), &found);
  if (found != nullptr) return Account{found->pw_uid, found->pw_gid};
  if (const auto number = number_in(user)) {
    ::getpwuid_r(*number, &entry, room.data(), room.size(), &found);
    if (found != nullptr) return Account{found->pw_uid, found->pw_gid};
    return Account{*number, *number};
  }
  return failure(SysError{"find the user " + user, error == 0 ? ENOENT : error});
}

// Lines of "first id inside, first id outside, how many": user_namespaces(7). No such file: no
// user namespaces, so every id is there.
bool is_mapped(const char* map, std::uint64_t id) {
  std::ifstream lines(map);
  if (!lines) return true;
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  while (lines >> inside >> outside >> count) {
    if (id >= inside && id - inside < count) return true;
  }
  return false;
}

bool may_set_groups() {
  std::string answer;
  std::ifstream("/proc/self/setgroups") >> answer;
  return answer != "deny";
}

bool is_already(const Account& account) {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  gid_t real_group = 0;
  gid_t effective_group = 0;
  gid_t saved_group = 0;
  const bool known = getresuid(&real, &effective, &saved) == 0 &&
                     getresgid(&real_group, &effective_group, &saved_group) == 0;
  return known && real == account.user && effective == account.user && saved == account.user &&
         real_group == account.group && effective_group == account.group &&
         saved_group == account.group && ::getgroups(0, nullptr) <= 0;
}

// What an exec could give back; empty when that is all out of reach already.
SysResult<void> drop_bounding_set(const std::vector<cap_value_t>& kept) {
  if (!raise_number(CAP_SETPCAP)) return {};
  for (cap_value_t which = 0; which < cap_max_bits(); ++which) {
    if (std::find(kept.begin(), kept.end(), which) == kept.end() && cap_drop_bound(which) != 0)
      return sys_failure("drop capabilities from the bounding set");
  }
  return {};
}

// Those of them that are in effect, raised where they were only permitted.
std::vector<cap_value_t> raised_of(Capabilities wanted) {
  std::vector<cap_value_t> raised = numbers_of(wanted);
  std::erase_if(raised, [](cap_value_t which) { return !raise_number(which); });
  return raised;
}

}  // namespace

bool raise(Capability capability) {
  return raise_number(row_of(capability).number);
}

std::string_view advice(Capability capability) {
  const auto& row = row_of(capability);
  const bool no_new = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
  return no_new && !row.without_new_privileges.empty() ? row.without_new_privileges : row.advice;
}

bool is_user(const std::string& user) {
  return account_of(user).has_value();
}

bool can_become(const std::string& user) {
  const CapabilitySet set(cap_get_proc());
  if (!has(set, CAP_SETUID, CAP_EFFECTIVE) || !has(set, CAP_SETGID, CAP_EFFECTIVE)) return false;
  const auto account = account_of(user);
  return account && is_mapped("/proc/self/uid_map", account->user) &&
         is_mapped("/proc/self/gid_map", account->group) && may_set_groups();
}

SysResult<void> become_user(const std::string& user, Capabilities kept) {
  const auto account = account_of(user);
  if (!account) return tl::unexpected(account.error());
  const auto [uid, gid] = *account;
  const auto doing = "become the user " + user;
  if (is_already(*account)) return {};
  const auto had = raised_of(kept);
  if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return sys_failure(doing);
  if (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 ||
      ::setresuid(uid, uid, uid) != 0)
    return sys_failure(doing);
  if (::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0) return sys_failure(doing);
  if (!std::all_of(had.begin(), had.end(), raise_number))
    return sys_failure("keep " + names_of(kept) + " as the user " + user);
  return {};
}

SysResult<void> keep(Capabilities capabilities) {
  const auto doing = "give up all capabilities but " + names_of(capabilities);
  const auto had = raised_of(capabilities);
  if (auto dropped = drop_bounding_set(numbers_of(capabilities)); !dropped) return dropped;
  if (cap_reset_ambient() != 0) return sys_failure(doing);
  const CapabilitySet alone(cap_init());
  if (!alone || !put(alone, CAP_PERMITTED, had, CAP_SET) ||
      !put(alone, CAP_EFFECTIVE, had, CAP_SET))
    return sys_failure(doing);
  // Refused by whoever started it, who gave it nothing else (systemd's SystemCallFilter=).
  if (cap_set_proc(alone.get()) != 0 && !(errno == EPERM && has_at_most(numbers_of(capabilities))))
    return sys_failure(doing);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return sys_failure("set no_new_privs");
  return {};
}

}  // namespace querent::os
