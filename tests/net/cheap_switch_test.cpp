#include <algorithm>
#include <array>
#include <chrono>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>

#include <gtest/gtest.h>

#include "kit/switch_table.hpp"
#include "lab/lan.hpp"
#include "net/link_monitor.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"

namespace querent::lab {
namespace {

using namespace std::chrono_literals;
using os::Fd;
using os::now;

constexpr Duration kLong = 20s;
constexpr Duration kMembership = 2s;
constexpr std::uint16_t kPort = 5004;
constexpr std::size_t kHeaders = 28;  // of IPv4 and UDP
const Address kGroup = Address::v4(239, 1, 2, 3);

int milliseconds(Duration time) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

// A socket that was opened inside.
Fd open_in(const Namespace& host, int domain, int type, int protocol) {
  const auto fd = host.inside([&] { return socket(domain, type, protocol); });
  EXPECT_TRUE(fd && *fd >= 0);
  return Fd(fd.value_or(-1));
}

void say(const Fd& from, std::string_view text, Address to) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(kPort);
  address.sin_addr.s_addr = htonl(to.v4_bits());
  EXPECT_EQ(
      sendto(from.number(), text.data(), text.size(), 0, os::as_sockaddr(address), sizeof address),
      static_cast<ssize_t>(text.size()));
}

// The text of the next packet at this tap; "" when none comes in time.
std::string hear(const Fd& tap, Duration timeout) {
  pollfd waiting{tap.number(), POLLIN, 0};
  if (poll(&waiting, 1, milliseconds(timeout)) <= 0) return "";
  std::array<char, 200> packet{};
  const ssize_t size = recv(tap.number(), packet.data(), packet.size(), 0);
  if (size <= static_cast<ssize_t>(kHeaders)) return "short";
  return {packet.begin() + kHeaders, packet.begin() + size};
}

// Host 1 speaks; the last one listens at its cable, and is a member of what it joins.
struct Stage {
  explicit Stage(const LanPlan& plan) : lan(make(plan)), listener(lan.size()) {
    // Those of IGMPv3 repeat their first report within a second, and not within ten.
    for (int host = 1; host <= listener; ++host) {
      EXPECT_TRUE(lan.host(host).force_igmp_version(Lan::kInterface, 3));
    }
    speaker = open_in(lan.host(1), AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    tap = open_in(lan.host(listener), AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP));
    member = open_in(lan.host(listener), AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }

  static Lan make(const LanPlan& plan) {
    auto made = Lan::create(plan);
    EXPECT_TRUE(made) << made.error().to_string();
    return std::move(made.value());
  }

  void join() const {
    ip_mreqn group{};
    group.imr_multiaddr.s_addr = htonl(kGroup.v4_bits());
    EXPECT_EQ(setsockopt(member.number(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), 0);
  }

  // Whether a word to the group arrives. One to the host follows it on the same way: when that is
  // there, the first is lost.
  bool passes() const {
    say(speaker, "group", kGroup);
    say(speaker, "host", Lan::address_of(listener));
    const Instant until = now() + kLong;
    bool passed = false;
    while (now() < until) {
      const std::string heard = hear(tap, until - now());
      if (heard == "group") passed = true;
      if (heard == "host") return passed;
    }
    ADD_FAILURE() << "the host itself is not reached";
    return passed;
  }

  static bool await_listed(CheapSwitch& at, const std::string& port, bool wanted) {
    return test::await_table(at, {port, kGroup, wanted}, kLong);
  }

  Lan lan;
  int listener;
  Fd speaker, tap, member;
};

TEST(CheapSwitch, DropsWhatNobodyReportedAndSaysNothing) {
  Stage stage({.hosts = {2}});
  EXPECT_FALSE(stage.passes());
  const auto table = stage.lan.switch_at(1).table();
  ASSERT_TRUE(table) << table.error().to_string();
  for (const MulticastEntry& entry : table->entries) {
    EXPECT_EQ(entry.port.front(), 'h') << entry.group.to_string() << " at " << entry.port;
  }
}

TEST(CheapSwitch, AGroupLivesAsLongAsItIsReported) {
  Stage stage({.hosts = {2}, .switches = {.membership_interval = kMembership}});
  CheapSwitch& box = stage.lan.switch_at(1);
  stage.join();
  ASSERT_TRUE(Stage::await_listed(box, "h2", true));
  EXPECT_TRUE(stage.passes());

  const auto table = box.table();
  ASSERT_TRUE(table) << table.error().to_string();
  const MulticastEntry* entry = table->find("h2", kGroup);
  ASSERT_NE(entry, nullptr);
  EXPECT_TRUE(entry->exclude);
  EXPECT_FALSE(entry->permanent);
  EXPECT_GT(entry->remaining, 0s);
  EXPECT_LE(entry->remaining, kMembership);
  EXPECT_EQ(table->find("h1", kGroup), nullptr);
  EXPECT_FALSE(table->is_router_port("h1"));
  EXPECT_FALSE(table->is_router_port("h2"));

  ASSERT_TRUE(Stage::await_listed(box, "h2", false));
  EXPECT_FALSE(stage.passes()) << "still a member, but nobody asks";
}

TEST(CheapSwitch, ARefreshedGroupLivesOn) {
  Stage stage({.hosts = {2}, .switches = {.membership_interval = kMembership}});
  stage.join();
  ASSERT_TRUE(Stage::await_listed(stage.lan.switch_at(1), "h2", true));
  const Instant end = now() + 3 * kMembership;
  while (now() < end) {
    ASSERT_TRUE(stage.lan.switch_at(1).prime()) << "asks";
    EXPECT_TRUE(stage.passes());
    EXPECT_EQ(hear(stage.tap, kMembership / 4), "");
  }
}

TEST(CheapSwitch, KeepsWhatIsForOneSourceApart) {
  Stage stage({.hosts = {2}});
  CheapSwitch& box = stage.lan.switch_at(1);
  BridgeOptions version3;
  version3.igmp_version = std::uint8_t{3};
  ASSERT_TRUE(box.space().links().change_bridge(CheapSwitch::kBridge, version3));
  ip_mreq_source one{};
  one.imr_multiaddr.s_addr = htonl(kGroup.v4_bits());
  one.imr_sourceaddr.s_addr = htonl(Lan::address_of(1).v4_bits());
  ASSERT_EQ(
      setsockopt(stage.member.number(), IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &one, sizeof one), 0);
  ASSERT_TRUE(Stage::await_listed(box, "h2", true));
  const auto table = box.table();
  ASSERT_TRUE(table) << table.error().to_string();
  const MulticastEntry* group = table->find("h2", kGroup);
  ASSERT_NE(group, nullptr);
  EXPECT_FALSE(group->exclude);
  ASSERT_EQ(group->sources.size(), 1U);
  EXPECT_EQ(group->sources.front().address, Lan::address_of(1));
  EXPECT_GT(group->sources.front().remaining, 0s);
  const bool with_source =
      std::any_of(table->entries.begin(), table->entries.end(), [](const MulticastEntry& entry) {
        return entry.port == "h2" && entry.group == kGroup && entry.source == Lan::address_of(1);
      });
  EXPECT_TRUE(with_source);
}

TEST(CheapSwitch, TwoInARowNeedAQuerierAtOnce) {
  Stage stage({.hosts = {1, 1}});
  // Reports of version 3 are flooded, those of version 2 go to queriers alone.
  ASSERT_TRUE(stage.lan.host(2).force_igmp_version(Lan::kInterface, 2));
  stage.join();
  ASSERT_TRUE(Stage::await_listed(stage.lan.switch_at(2), "h2", true));
  EXPECT_FALSE(stage.passes()) << "the report did not cross";
  ASSERT_TRUE(stage.lan.switch_at(1).prime());
  ASSERT_TRUE(Stage::await_listed(stage.lan.switch_at(1), "next", true));
  EXPECT_TRUE(stage.passes());
}

TEST(CheapSwitch, AHostLosesItsCarrierWithItsCable) {
  Stage stage({.hosts = {2}});
  auto monitor = stage.lan.host(2).inside([] { return net::LinkMonitor::open(); });
  ASSERT_TRUE(monitor);
  const int index = stage.lan.host(2).links().index_of(Lan::kInterface).value_or(0);
  ASSERT_TRUE(stage.lan.switch_of(2).pull(Lan::port_of(2)));
  const Instant until = now() + kLong;
  while (monitor->interfaces().at(index).carrier && now() < until) {
    pollfd waiting{monitor->fd().number(), POLLIN, 0};
    poll(&waiting, 1, milliseconds(until - now()));
    ASSERT_TRUE(monitor->read());
  }
  EXPECT_FALSE(monitor->interfaces().at(index).carrier);
  ASSERT_TRUE(stage.lan.switch_of(2).plug(Lan::port_of(2)));
  EXPECT_TRUE(stage.lan.host(2).await_carrier(Lan::kInterface, kLong));
}

TEST(CheapSwitch, FiltersIpv6WhereItShould) {
  auto plain = CheapSwitch::create({});
  auto both = CheapSwitch::create({.filters_ipv6 = true});
  ASSERT_TRUE(plain) << plain.error().to_string();
  ASSERT_TRUE(both) << both.error().to_string();
  const auto knows = [](CheapSwitch& box, Family family) {
    return box.space().links().bridge_knows_querier(CheapSwitch::kBridge, family).value();
  };
  EXPECT_TRUE(knows(*plain, Family::kIPv4));
  EXPECT_FALSE(knows(*plain, Family::kIPv6));
  EXPECT_TRUE(knows(*both, Family::kIPv6));
}

TEST(Lan, HostsOfALargeOneReachEachOther) {
  Stage stage({.hosts = {20, 20}});
  stage.passes();
  EXPECT_EQ(stage.lan.size(), 40);
  EXPECT_FALSE(Lan::create({.hosts = {200, 200}})) << "more than the subnet holds";
}

}  // namespace
}  // namespace querent::lab
