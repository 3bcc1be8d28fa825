#include "net/link_monitor.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "lab/namespace.hpp"
#include "os/clock.hpp"

namespace querent::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 10s;

bool done(const os::SysResult<void>& result) {
  EXPECT_TRUE(result) << result.error().to_string();
  return result.has_value();
}

// "eth0" present, "-eth0" gone; changes of one interface that follow each other are one.
std::vector<std::string> names(const std::vector<LinkEvent>& events) {
  std::vector<std::string> all;
  for (const LinkEvent& event : events) {
    const std::string name =
        (event.kind == LinkEvent::Kind::kGone ? "-" : "") + event.interface.name;
    if (all.empty() || all.back() != name) all.push_back(name);
  }
  return all;
}

// eth0 here, its other end "far" in another namespace; both up, and watched from before that.
class LinkMonitorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto here = lab::Namespace::create();
    auto there = lab::Namespace::create();
    ASSERT_TRUE(here) << here.error().to_string();
    ASSERT_TRUE(there) << there.error().to_string();
    here_.emplace(std::move(*here));
    there_.emplace(std::move(*there));
    ASSERT_TRUE(done(links().add_veth({"eth0", kMac}, {"far"}, there_->fd())));
    ASSERT_TRUE(done(links().set_up("eth0")));
    ASSERT_TRUE(done(far().set_up("far")));
    ASSERT_TRUE(done(here_->await_carrier("eth0", kLong)));
    watch();
  }

  void watch() {
    auto monitor = here_->inside([] { return LinkMonitor::open(); });
    ASSERT_TRUE(monitor) << monitor.error().to_string();
    monitor_.emplace(std::move(*monitor));
    forget();
  }

  lab::Links& links() { return here_->links(); }
  lab::Links& far() { return there_->links(); }

  const Interface* find(const std::string& name) const {
    for (const auto& [index, interface] : monitor_->interfaces()) {
      if (interface.name == name) return &interface;
    }
    return nullptr;
  }

  // All events since the last forget().
  const std::vector<LinkEvent>& read() {
    auto events = monitor_->read();
    EXPECT_TRUE(events) << events.error().to_string();
    if (events) events_.insert(events_.end(), events->begin(), events->end());
    return events_;
  }
  // Until nothing is news any more and the condition holds.
  bool await(const std::function<bool()>& holds) {
    const Instant until = os::now() + kLong;
    for (;;) {
      read();
      if (holds()) return true;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - os::now());
      if (left.count() <= 0) return false;
      pollfd waiting{monitor_->fd().number(), POLLIN, 0};
      poll(&waiting, 1, static_cast<int>(left.count()));
    }
  }
  bool await_carrier(bool wanted) {
    return await([&] { return find("eth0") != nullptr && find("eth0")->carrier == wanted; });
  }
  void forget() { events_.clear(); }

  static constexpr MacAddress kMac{{2, 0, 0, 0, 0, 1}};

  std::optional<lab::Namespace> here_;
  std::optional<lab::Namespace> there_;
  std::optional<LinkMonitor> monitor_;
  std::vector<LinkEvent> events_;
};

using Names = std::vector<std::string>;

TEST_F(LinkMonitorTest, KnowsWhatIsThere) {
  ASSERT_NE(find("lo"), nullptr);
  EXPECT_TRUE(find("lo")->loopback);
  ASSERT_NE(find("eth0"), nullptr);
  EXPECT_EQ(find("eth0")->mac, kMac);
  EXPECT_EQ(find("eth0")->mtu, 1500U);
  EXPECT_TRUE(find("eth0")->up && find("eth0")->carrier && find("eth0")->multicast);
  EXPECT_FALSE(find("eth0")->loopback);
  EXPECT_EQ(find("eth0")->master, "");
}

TEST_F(LinkMonitorTest, UpAndDown) {
  ASSERT_TRUE(done(links().set_down("eth0")));
  ASSERT_TRUE(await([&] { return !find("eth0")->up; }));
  EXPECT_FALSE(find("eth0")->carrier);
  ASSERT_TRUE(done(links().set_up("eth0")));
  EXPECT_TRUE(await_carrier(true));
  EXPECT_EQ(names(read()), Names{"eth0"}) << "never gone";
}

TEST_F(LinkMonitorTest, ACarrierThatWasLostBetweenTwoReadsIsSeen) {
  auto other = here_->inside([] { return LinkMonitor::open(); });
  ASSERT_TRUE(other);
  std::swap(*monitor_, *other);
  ASSERT_TRUE(done(far().set_down("far")));
  ASSERT_TRUE(await_carrier(false));
  ASSERT_TRUE(done(far().set_up("far")));
  ASSERT_TRUE(await_carrier(true));
  std::swap(*monitor_, *other);
  forget();
  std::vector<bool> carrier;
  for (const LinkEvent& event : read()) {
    if (event.interface.name != "eth0") continue;
    if (carrier.empty() || carrier.back() != event.interface.carrier) {
      carrier.push_back(event.interface.carrier);
    }
  }
  EXPECT_EQ(carrier, (std::vector<bool>{false, true}));
}

TEST_F(LinkMonitorTest, ARenameKeepsTheInterface) {
  const int index = find("eth0")->index;
  ASSERT_TRUE(done(links().rename("eth0", "lan")));
  EXPECT_EQ(names(read()), Names{"lan"});
  ASSERT_NE(find("lan"), nullptr);
  EXPECT_EQ(find("lan")->index, index);
}

TEST_F(LinkMonitorTest, OneRecreatedWithTheSameIndexWasGone) {
  const int index = find("eth0")->index;
  ASSERT_TRUE(done(links().remove("eth0")));
  ASSERT_TRUE(done(links().add_veth({"eth0", kMac, index}, {"far"}, there_->fd())));
  EXPECT_EQ(names(read()), (Names{"eth0", "-eth0", "eth0"})) << "down, gone, there";
  EXPECT_EQ(find("eth0")->index, index);
  EXPECT_FALSE(find("eth0")->up);
}

TEST_F(LinkMonitorTest, OneMovedAwayAndBackWasGone) {
  ASSERT_TRUE(done(links().move("eth0", there_->fd())));
  ASSERT_TRUE(done(far().move("eth0", here_->fd())));
  EXPECT_EQ(names(read()), (Names{"eth0", "-eth0", "eth0"})) << "down, gone, there";
}

TEST_F(LinkMonitorTest, AMasterComesAndGoes) {
  ASSERT_TRUE(done(links().add_bridge({"br0"}, {})));
  read();
  forget();
  ASSERT_TRUE(done(links().enslave("eth0", "br0")));
  read();
  EXPECT_EQ(find("eth0")->master, "br0");
  EXPECT_EQ(find("eth0")->master_kind, "bridge");
  ASSERT_TRUE(done(links().rename("br0", "lan")));
  read();
  EXPECT_EQ(find("eth0")->master, "lan");
  ASSERT_TRUE(done(links().release("eth0")));
  read();
  EXPECT_EQ(find("eth0")->master, "");
  EXPECT_EQ(find("eth0")->master_kind, "");
  const auto gone = [](const LinkEvent& event) { return event.kind == LinkEvent::Kind::kGone; };
  EXPECT_TRUE(std::none_of(events_.begin(), events_.end(), gone));
}

TEST_F(LinkMonitorTest, AddressesComeAndGo) {
  const Address first = Address::v4(10, 0, 0, 1);
  const Address second = Address::v4(10, 0, 0, 2);
  const auto addresses = [&] {
    std::vector<InterfaceAddress> all;
    for (const InterfaceAddress& one : find("eth0")->addresses) {
      if (one.address.is_v4()) all.push_back(one);
    }
    return all;
  };
  ASSERT_TRUE(done(links().add_address("eth0", second, 24)));
  ASSERT_TRUE(done(links().add_address("eth0", first, 16)));
  read();
  EXPECT_EQ(addresses(), (std::vector<InterfaceAddress>{{first, 16, false}, {second, 24, false}}));
  ASSERT_TRUE(done(links().remove_address("eth0", first, 16)));
  read();
  EXPECT_EQ(addresses(), (std::vector<InterfaceAddress>{{second, 24, false}}));
}

TEST_F(LinkMonitorTest, AnIpv6AddressIsTentativeAtFirst) {
  const Address address = *Address::parse("fd00::1");
  const auto state = [&]() -> std::optional<bool> {
    for (const InterfaceAddress& one : find("eth0")->addresses) {
      if (one.address == address) return one.tentative;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(done(links().add_address("eth0", address, 64, true)));
  read();
  EXPECT_EQ(state(), true);
  EXPECT_TRUE(await([&] { return state() == false; }));
}

TEST_F(LinkMonitorTest, ADuplicateStaysTentative) {
  const Address address = *Address::parse("fd00::1");
  ASSERT_TRUE(done(far().add_address("far", address, 64)));
  ASSERT_TRUE(done(links().add_address("eth0", address, 64, true)));
  // The link-local address was there first, so its detection ends no later.
  const auto settled = [&] {
    for (const InterfaceAddress& one : find("eth0")->addresses) {
      if (one.address.is_link_local() && !one.address.is_v4()) return !one.tentative;
    }
    return false;
  };
  ASSERT_TRUE(await(settled));
  const auto& all = find("eth0")->addresses;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const InterfaceAddress& one) { return one.address == address; });
  ASSERT_NE(found, all.end());
  EXPECT_TRUE(found->tentative);
}

TEST_F(LinkMonitorTest, SetTwiceIsToldOnce) {
  ASSERT_TRUE(done(links().set_mtu("eth0", 1400)));
  EXPECT_EQ(read().size(), 1U);
  EXPECT_EQ(find("eth0")->mtu, 1400U);
  ASSERT_TRUE(done(links().set_mtu("eth0", 1400)));
  ASSERT_TRUE(done(links().set_up("eth0")));
  EXPECT_EQ(read().size(), 1U);
}

TEST_F(LinkMonitorTest, AfterAnOverrunNothingIsStale) {
  const int tiny = 0;
  ASSERT_EQ(setsockopt(monitor_->fd().number(), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny), 0);
  const int index = find("eth0")->index;
  for (unsigned mtu = 1000; mtu < 1300; ++mtu)
    ASSERT_TRUE(done(links().set_mtu("eth0", mtu)));
  ASSERT_TRUE(done(links().remove("eth0")));
  ASSERT_TRUE(done(links().add_veth({"eth0", kMac, index}, {"far"}, there_->fd())));
  ASSERT_TRUE(done(links().add_bridge({"br0"}, {})));
  ASSERT_TRUE(done(links().set_mtu("eth0", 1456)));
  ASSERT_TRUE(done(links().add_address("eth0", Address::v4(10, 0, 0, 9), 8)));
  read();
  ASSERT_NE(find("br0"), nullptr);
  EXPECT_EQ(find("eth0")->mtu, 1456U);
  EXPECT_EQ(find("eth0")->addresses.size(), 1U);
  EXPECT_FALSE(find("eth0")->up);
  const Names all = names(events_);
  EXPECT_NE(std::find(all.begin(), all.end(), "-eth0"), all.end()) << "it might be another";
  forget();
  ASSERT_TRUE(done(links().set_mtu("eth0", 1457)));
  EXPECT_EQ(names(read()), Names{"eth0"}) << "news come again";
}

TEST_F(LinkMonitorTest, TwoHundredInterfaces) {
  constexpr std::size_t kPairs = 200;
  const std::size_t before = monitor_->interfaces().size();
  for (std::size_t i = 0; i < kPairs; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_TRUE(done(links().add_veth({"v" + number}, {"w" + number}, there_->fd())));
  }
  EXPECT_TRUE(await([&] { return monitor_->interfaces().size() == before + kPairs; }));
  watch();
  EXPECT_EQ(monitor_->interfaces().size(), before + kPairs);
  for (std::size_t i = 0; i < kPairs; ++i) {
    ASSERT_TRUE(done(far().remove("w" + std::to_string(i))));
  }
  EXPECT_TRUE(await([&] { return monitor_->interfaces().size() == before; }));
}

TEST_F(LinkMonitorTest, TheDefaultRouteOfTheLowestMetric) {
  const auto route = [&] { return here_->inside([] { return default_route_interface(); }); };
  EXPECT_EQ(route().value_or("failed"), "");
  ASSERT_TRUE(done(links().add_veth({"eth1"}, {"far1"}, there_->fd())));
  ASSERT_TRUE(done(links().set_up("eth1")));
  ASSERT_TRUE(done(far().set_up("far1")));
  ASSERT_TRUE(done(links().add_address("eth0", Address::v4(10, 0, 0, 2), 24)));
  ASSERT_TRUE(done(links().add_address("eth1", Address::v4(10, 0, 1, 2), 24)));
  EXPECT_EQ(route().value_or("failed"), "");
  ASSERT_TRUE(done(links().add_default_route(Address::v4(10, 0, 0, 1), 200)));
  EXPECT_EQ(route().value_or("failed"), "eth0");
  ASSERT_TRUE(done(links().add_default_route(Address::v4(10, 0, 1, 1), 100)));
  EXPECT_EQ(route().value_or("failed"), "eth1");
  ASSERT_TRUE(done(links().set_down("eth1")));
  EXPECT_EQ(route().value_or("failed"), "eth0");
}

TEST_F(LinkMonitorTest, WithoutAnIpv4DefaultRouteThatOfIpv6) {
  const auto route = [&] { return here_->inside([] { return default_route_interface(); }); };
  constexpr std::uint64_t kSubnet = 0xFD00000000000000;
  ASSERT_TRUE(done(links().add_address("eth0", Address::v6(kSubnet, 2), 64)));
  EXPECT_EQ(route().value_or("failed"), "");
  ASSERT_TRUE(done(links().add_default_route(Address::v6(kSubnet, 1), 200)));
  EXPECT_EQ(route().value_or("failed"), "eth0");
}

}  // namespace
}  // namespace querent::net
