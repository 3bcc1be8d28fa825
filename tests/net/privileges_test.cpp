#include "os/privileges.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fstream>
#include <grp.h>
#include <initializer_list>
#include <linux/if_ether.h>
#include <sched.h>
#include <seccomp.h>
#include <sstream>
#include <string>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "kit/forked.hpp"
#include "os/fd.hpp"

namespace querent::net {
namespace {

using querent::test::forked;

constexpr std::array kNeeded{os::Capability::kNetRaw};

// One value of /proc/self/status, its words separated by one space.
std::string status(const std::string& key) {
  std::ifstream lines("/proc/self/status");
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.starts_with(key + ":")) continue;
    std::istringstream words(line.substr(key.size() + 1));
    std::string all;
    for (std::string word; words >> word;)
      all += (all.empty() ? "" : " ") + word;
    return all;
  }
  return "no " + key;
}

std::string capabilities() {
  return "inh " + status("CapInh") + " prm " + status("CapPrm") + " eff " + status("CapEff") +
         " bnd " + status("CapBnd") + " amb " + status("CapAmb") + " nnp " + status("NoNewPrivs");
}

constexpr auto kNetRawAlone =
    "inh 0000000000000000 prm 0000000000002000 eff 0000000000002000 bnd 0000000000002000 "
    "amb 0000000000000000 nnp 1";

// From the flags of this process.
bool take_away(std::initializer_list<cap_value_t> which, std::initializer_list<cap_flag_t> flags) {
  auto* const set = cap_get_proc();
  bool good = set != nullptr;
  for (const auto flag : flags) {
    good = good &&
           cap_set_flag(set, flag, static_cast<int>(which.size()), which.begin(), CAP_CLEAR) == 0;
  }
  good = good && cap_set_proc(set) == 0;
  cap_free(set);
  return good;
}

// As systemd's SystemCallFilter= does.
bool refuse_capset() {
  auto* const filter = seccomp_init(SCMP_ACT_ALLOW);
  const bool refused = filter != nullptr &&
                       seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(capset), 0) == 0 &&
                       seccomp_load(filter) == 0;
  seccomp_release(filter);
  return refused;
}

void put(const char* path, const std::string& text) {
  std::ofstream(path) << text;
}

// ThreadSanitizer's own thread keeps what the test takes away from this one, and is no subject of
// any of this.
bool has_other_threads() {
  return status("Threads") != "1";
}

class Privileges : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) FAIL() << "this test must be run as root: it gives up privileges";
  }
};

TEST_F(Privileges, NobodyWithNetRawAloneCanStillOpenAPacketSocket) {
  const auto ended = forked([]() -> std::string {
    if (::unshare(CLONE_NEWNET) != 0) return "cannot make a network namespace";
    if (!os::raise(os::Capability::kNetRaw)) return "no CAP_NET_RAW to begin with";
    const std::array<gid_t, 2> groups{1, 4711};
    if (::setgroups(groups.size(), groups.data()) != 0) return "cannot be in groups";
    if (auto became = os::become_user("nobody", kNeeded); !became)
      return became.error().to_string();
    if (status("CapEff") != "0000000000002000") return "in effect: " + status("CapEff");
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    if (capabilities() != kNetRawAlone) return capabilities();
    if (status("Uid") != "65534 65534 65534 65534") return "uid " + status("Uid");
    if (status("Gid") != "65534 65534 65534 65534") return "gid " + status("Gid");
    if (!status("Groups").empty()) return "groups " + status("Groups");
    const os::Fd packets(::socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP)));
    if (!packets) return "cannot open a packet socket";
    if (::setuid(0) == 0) return "is root again";
    if (os::raise(os::Capability::kNetRaw)) return "";
    return "raise() does not see what is there";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, RootKeepsNetRawAloneToo) {
  const auto ended = forked([]() -> std::string {
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    return capabilities() == kNetRawAlone ? "" : capabilities();
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, WithoutSetpcapTheBoundingSetStays) {
  const auto ended = forked([]() -> std::string {
    const auto bounding = status("CapBnd");
    if (!take_away({CAP_SETPCAP}, {CAP_PERMITTED, CAP_EFFECTIVE})) return "cannot take away";
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    if (status("CapBnd") != bounding) return "bounding " + status("CapBnd");
    return status("CapPrm") == "0000000000002000" ? "" : "permitted " + status("CapPrm");
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, AmbientAndInheritableAreCleared) {
  const auto ended = forked([]() -> std::string {
    auto* const set = cap_get_proc();
    constexpr cap_value_t kNetRaw = CAP_NET_RAW;
    cap_set_flag(set, CAP_INHERITABLE, 1, &kNetRaw, CAP_SET);
    if (cap_set_proc(set) != 0 || cap_set_ambient(kNetRaw, CAP_SET) != 0) return "cannot prepare";
    cap_free(set);
    if (status("CapAmb") != "0000000000002000") return "not prepared";
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    return capabilities() == kNetRawAlone ? "" : capabilities();
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, WhoHasNothingElseNeedsNoCapset) {
  const auto ended = forked([]() -> std::string {
    if (!os::keep(kNeeded) || !refuse_capset()) return "cannot prepare";
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    return capabilities() == kNetRawAlone ? "" : capabilities();
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, WhoHasMoreMustBeAbleToGiveItUp) {
  const auto ended = forked([]() -> std::string {
    if (!take_away({CAP_SETPCAP}, {CAP_EFFECTIVE, CAP_PERMITTED})) return "cannot take away";
    if (!refuse_capset()) return "cannot prepare";
    return os::keep(kNeeded) ? "kept " + capabilities() : "";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, NetRawIsRaisedWhenItIsPermittedOnly) {
  const auto ended = forked([]() -> std::string {
    if (!take_away({CAP_NET_RAW}, {CAP_EFFECTIVE})) return "cannot take away";
    if (!os::raise(os::Capability::kNetRaw)) return "not raised";
    return ::socket(AF_PACKET, SOCK_DGRAM, 0) >= 0 ? "" : "raised, but of no use";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, NetRawThatIsMissingStaysMissing) {
  const auto ended = forked([]() -> std::string {
    if (!take_away({CAP_NET_RAW}, {CAP_EFFECTIVE, CAP_PERMITTED})) return "cannot take away";
    if (os::raise(os::Capability::kNetRaw)) return "raised";
    if (auto became = os::become_user("nobody", kNeeded); !became)
      return became.error().to_string();
    if (auto kept = os::keep(kNeeded); !kept) return kept.error().to_string();
    return status("CapPrm") == "0000000000000000" ? "" : "permitted " + status("CapPrm");
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST_F(Privileges, AnUnknownUserHasAName) {
  EXPECT_FALSE(os::can_become("no such user"));
  const auto became = os::become_user("no such user", kNeeded);
  ASSERT_FALSE(became);
  EXPECT_EQ(became.error().to_string(),
            "cannot find the user no such user: No such file or directory (ENOENT)");
  EXPECT_FALSE(os::can_become(""));
  EXPECT_FALSE(os::can_become("4294967295")) << "means \"unchanged\" to the kernel";
  EXPECT_FALSE(os::can_become("-1"));
}

TEST_F(Privileges, ANumberIsAUserToo) {
  const auto ended = forked([]() -> std::string {
    if (!os::can_become("47110815")) return "cannot";
    if (auto became = os::become_user("47110815", kNeeded); !became)
      return became.error().to_string();
    return status("Uid") + " / " + status("Gid");
  });
  EXPECT_EQ(ended.said,
            "47110815 47110815 47110815 47110815 / 47110815 47110815 47110815 47110815");
}

TEST_F(Privileges, ChangingTheUserTakesBothCapabilities) {
  if (has_other_threads()) GTEST_SKIP() << "the sanitizer has a thread of its own";
  EXPECT_TRUE(os::can_become("nobody"));
  for (const cap_value_t missing : {CAP_SETUID, CAP_SETGID}) {
    const auto ended = forked([missing]() -> std::string {
      if (!take_away({missing}, {CAP_EFFECTIVE, CAP_PERMITTED})) return "cannot take away";
      if (os::can_become("nobody")) return "thinks it can";
      const auto became = os::become_user("nobody", kNeeded);
      return became ? "became" : became.error().to_string();
    });
    EXPECT_EQ(ended.said, "cannot become the user nobody: Operation not permitted (EPERM)");
  }
}

TEST_F(Privileges, RootOfItsOwnUserNamespaceIsAlone) {
  if (has_other_threads()) GTEST_SKIP() << "the sanitizer has a thread of its own";
  const auto ended = forked([]() -> std::string {
    if (::unshare(CLONE_NEWUSER) != 0) return "cannot make a user namespace";
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", "0 0 1");
    put("/proc/self/gid_map", "0 0 1");
    if (::geteuid() != 0) return "not root there";
    if (os::can_become("nobody")) return "thinks it can";
    return os::become_user("nobody", kNeeded) ? "became" : "";
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(PrivilegesAdvice, KnowsWhatMakesTheFilesCapabilityCountForNothing) {
  const auto ended = forked([]() -> std::string {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto advice = os::advice(os::Capability::kNetRaw);
    return advice.find("no-new-privileges") != std::string_view::npos &&
                   advice.find("setcap") == std::string_view::npos
               ? ""
               : std::string(advice);
  });
  EXPECT_TRUE(ended.well()) << ended;
}

TEST(PrivilegesAdvice, NamesTheCapabilityAndTheWays) {
  for (const auto* part : {"CAP_NET_RAW", "root", "setcap", "--cap-add", "AmbientCapabilities"})
    EXPECT_NE(os::advice(os::Capability::kNetRaw).find(part), std::string_view::npos) << part;
}

}  // namespace
}  // namespace querent::net
