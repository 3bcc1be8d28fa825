#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <map>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "lab/lan.hpp"
#include "lab/process.hpp"
#include "net/link_monitor.hpp"
#include "os/clock.hpp"

namespace querent::lab {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 10s;

bool done(const SysResult<void>& result) {
  EXPECT_TRUE(result) << result.error().to_string();
  return result.has_value();
}

Namespace make() {
  auto made = Namespace::create();
  EXPECT_TRUE(made) << made.error().to_string();
  return std::move(made.value());
}

ino_t identity(const char* path) {
  struct stat info {};
  EXPECT_EQ(stat(path, &info), 0) << path;
  return info.st_ino;
}

constexpr const char* kOwn = "/proc/thread-self/ns/net";

TEST(LabNamespace, TheCallerStaysWhereItIs) {
  const ino_t before = identity(kOwn);
  const Namespace space = make();
  EXPECT_EQ(space.inside([] { return identity(kOwn); }).value(), identity(space.path().c_str()));
  EXPECT_NE(identity(space.path().c_str()), before);
  EXPECT_EQ(identity(kOwn), before);
}

TEST(LabNamespace, HandsOnWhatIsReturned) {
  const Namespace space = make();
  EXPECT_EQ(space.inside([] { return 7; }).value(), 7);
  bool called = false;
  EXPECT_TRUE(space.inside([&] { called = true; }));
  EXPECT_TRUE(called);
  const auto refused = space.inside([] { return SysResult<int>(os::sys_failure("try", EPERM)); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().to_string(), "cannot try: Operation not permitted (EPERM)");
}

TEST(LabNamespace, HasItsOwnLoopbackAndSysctls) {
  const Namespace one = make();
  const Namespace other = make();
  ASSERT_TRUE(one.await_carrier("lo", kLong));
  ASSERT_TRUE(done(one.force_igmp_version("lo", 2)));
  EXPECT_EQ(one.read_sysctl("ipv4/conf/lo/force_igmp_version").value_or("failed"), "2");
  EXPECT_EQ(other.read_sysctl("ipv4/conf/lo/force_igmp_version").value_or("failed"), "0");
  const auto refused = one.write_sysctl("ipv4/no_such_thing", "1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number, ENOENT);
}

TEST(LabNamespace, AwaitsACarrierOnlySoLong) {
  const auto waited = make().await_carrier("eth0", 10ms);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().number, ETIMEDOUT);
}

TEST(LabLinks, SayWhatTheKernelWouldNotDo) {
  Namespace space = make();
  EXPECT_EQ(space.links().set_up("eth0").error().to_string(),
            "cannot set eth0 up: No such device (ENODEV)");
  EXPECT_EQ(space.links().add_bridge({"lo"}, {}).error().number, EEXIST);
  EXPECT_FALSE(space.links().add_bridge({"a_name_that_is_too_long"}, {}));
  EXPECT_EQ(space.links().add_bridge({std::string(5000, 'x')}, {}).error().number, EMSGSIZE);
}

TEST(LabLinks, MacvlanMtuMacAndMoves) {
  Namespace one = make();
  Namespace other = make();
  Links& links = one.links();
  ASSERT_TRUE(done(links.add_veth({"eth0"}, {"far"}, other.fd())));
  ASSERT_TRUE(done(links.set_mtu("eth0", 9000)));
  ASSERT_TRUE(done(links.set_mac("eth0", {{2, 0, 0, 0, 0, 7}})));
  ASSERT_TRUE(done(links.add_macvlan({"guest", {{2, 0, 0, 0, 0, 8}}}, "eth0")));
  ASSERT_TRUE(done(links.set_up("eth0")));
  ASSERT_TRUE(done(other.links().set_up("far")));
  ASSERT_TRUE(done(links.set_up("guest")));
  EXPECT_TRUE(done(one.await_carrier("guest", kLong)));
  ASSERT_TRUE(done(links.move("guest", other.fd())));
  EXPECT_FALSE(links.index_of("guest"));
  EXPECT_TRUE(other.links().index_of("guest"));
  const auto monitor = one.inside([] { return net::LinkMonitor::open(); });
  ASSERT_TRUE(monitor);
  const net::Interface& eth0 = monitor->interfaces().at(links.index_of("eth0").value());
  EXPECT_EQ(eth0.mtu, 9000U);
  EXPECT_EQ(eth0.mac.to_string(), "02:00:00:00:00:07");
}

// Of br0: the numbers among its attributes.
std::map<int, std::uint64_t> bridge_data(Namespace& space) {
  auto netlink = space.inside([] { return net::NetlinkSocket::open(); });
  net::NetlinkRequest request(RTM_GETLINK);
  request.body(ifinfomsg{}).text(IFLA_IFNAME, "br0");
  const auto answer = netlink.value().ask(request, "ask");
  const auto parts = answer.value().attributes<ifinfomsg>();
  std::map<int, std::uint64_t> numbers;
  for (const auto& one : parts.find(IFLA_LINKINFO).nested().find(IFLA_INFO_DATA).nested()) {
    numbers[one.type] = one.octets.size() == 8   ? one.u64()
                        : one.octets.size() == 4 ? one.u32()
                                                 : one.u8();
  }
  return numbers;
}

TEST(LabLinks, ABridgeTakesItsOptions) {
  Namespace space = make();
  BridgeOptions options;
  options.snooping = true;
  options.querier = true;
  options.query_uses_address = true;
  options.igmp_version = std::uint8_t{3};
  options.mld_version = std::uint8_t{2};
  options.hash_max = 512;
  options.last_member_count = 3;
  options.last_member_interval = 200ms;
  options.membership_interval = 4s;
  options.querier_interval = 5s;
  options.query_interval = 6s;
  options.query_response_interval = 700ms;
  options.startup_query_count = 8;
  options.startup_query_interval = 1100ms;
  ASSERT_TRUE(done(space.links().add_bridge({"br0"}, options)));
  BridgeOptions later;
  later.membership_interval = 9s;
  EXPECT_TRUE(done(space.links().change_bridge("br0", later)));
  const auto in_force = bridge_data(space);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_SNOOPING), 1U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_QUERIER), 1U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_QUERY_USE_IFADDR), 1U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_IGMP_VERSION), 3U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_MLD_VERSION), 2U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_HASH_MAX), 512U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_LAST_MEMBER_CNT), 3U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_LAST_MEMBER_INTVL), 20U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_MEMBERSHIP_INTVL), 900U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_QUERIER_INTVL), 500U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_QUERY_INTVL), 600U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_QUERY_RESPONSE_INTVL), 70U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_STARTUP_QUERY_CNT), 8U);
  EXPECT_EQ(in_force.at(IFLA_BR_MCAST_STARTUP_QUERY_INTVL), 110U);
}

// What runs as somebody without rights.
int make_a_lab_as_nobody() {
  if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) return 10;
  if (prctl(PR_SET_DUMPABLE, 1) != 0) return 11;
  if (Namespace::create()) return 12;
  if (!become_root_here()) return 13;
  if (geteuid() != 0) return 14;
  return Lan::create({.hosts = {2}}) ? 0 : 15;
}

TEST(LabDeathTest, NobodyBecomesRootInALabOfTheirOwn) {
  EXPECT_EXIT(_exit(make_a_lab_as_nobody()), testing::ExitedWithCode(0), "");
}

TEST(LabDeathTest, WhoMayMakeNamespacesStaysWhoTheyAre) {
  const ino_t user = identity("/proc/self/ns/user");
  const ino_t space = identity(kOwn);
  const auto made_a_user_namespace = become_root_here();
  ASSERT_TRUE(made_a_user_namespace) << made_a_user_namespace.error().to_string();
  EXPECT_FALSE(*made_a_user_namespace);
  EXPECT_EQ(identity("/proc/self/ns/user"), user);
  EXPECT_EQ(identity(kOwn), space);
}

// A process with a lab: another namespace at the other end of a cable, and in it a program that
// gave up its rights, as daemons do.
[[noreturn]] void hold_a_lab(Namespace& ours, int ready) {
  auto theirs = Namespace::create();
  if (!theirs) _exit(1);
  if (!ours.links().add_veth({"eth0"}, {"far"}, theirs->fd())) _exit(2);
  auto program = Process::spawn({.argv = {"setpriv", "--reuid=65534", "--clear-groups", "sh", "-c",
                                          "echo up; exec sleep 600"},
                                 .where = &*theirs});
  if (!program || !program->wait_for_output("up", kLong)) _exit(3);
  const pid_t pid = program->pid();
  if (write(ready, &pid, sizeof pid) != sizeof pid) _exit(4);
  for (;;)
    pause();
}

TEST(Lab, NothingIsLeftWhenItsProcessIsKilled) {
  Namespace space = make();
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t holder = fork();
  if (holder == 0) hold_a_lab(space, ready[1]);
  close(ready[1]);
  pid_t program = 0;
  ASSERT_EQ(read(ready[0], &program, sizeof program), ssize_t{sizeof program});
  close(ready[0]);
  auto monitor = space.inside([] { return net::LinkMonitor::open(); });
  ASSERT_TRUE(monitor);
  EXPECT_EQ(monitor->interfaces().size(), 2U);
  EXPECT_EQ(kill(program, 0), 0);

  ASSERT_EQ(kill(holder, SIGKILL), 0);
  ASSERT_EQ(waitpid(holder, nullptr, 0), holder);
  // The other namespace took its end of the cable along, and it lived as long as the program.
  const Instant until = os::now() + 30s;
  while (monitor->interfaces().size() > 1 && os::now() < until) {
    pollfd waiting{monitor->fd().number(), POLLIN, 0};
    poll(&waiting, 1, 30'000);
    ASSERT_TRUE(monitor->read());
  }
  EXPECT_EQ(monitor->interfaces().size(), 1U);
}

}  // namespace
}  // namespace querent::lab
