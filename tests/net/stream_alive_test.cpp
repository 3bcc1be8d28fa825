#include <algorithm>
#include <cstdio>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frame_sender.hpp"
#include "querent_lan.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// What querent is for: behind switches that snoop, a stream dies without it and lives with it. Its
// own host is a receiver like the others.

namespace querent::test {

namespace {

using Json = nlohmann::json;
using lab::Lan;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Duration kGlance = 100ms;
constexpr const char* kStream = "239.1.2.3";
// The own host's. Its port gets all reports, and an IGMPv2 host that hears another one's keeps its
// own to itself.
constexpr const char* kOwnStream = "239.1.2.4";

enum class Device : std::uint8_t { kCable, kBridge, kMacvlan };

struct Scene {
  std::vector<int> switches{3};   // the sender is host 1
  std::vector<int> receivers{2};  // beside querent's own host
  int querent = 3;
  Device device = Device::kCable;  // where querent listens
  std::vector<std::string> arguments{"--igmp-version", "3"};
  Duration window = 2s;  // of the switches' memory
  int windows = 3;
  // A bridge that snoops sends its host's IGMPv2 reports towards queriers alone: with querent on
  // top of it, nowhere. (As router port it gets every stream from the switch all the same.)
  bool own_reports_leave_the_host = true;
};

Duration shorter(Duration window) {
  return window / 4;
}

std::string text_of(Duration duration) {
  return fmt::format("{}ms",
                     std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

class Studio {
 public:
  explicit Studio(Scene scene)
      : scene_(std::move(scene)),
        lan_(make_lan(
            {.hosts = scene_.switches, .switches = {.membership_interval = scene_.window}})),
        interface_(set_up_device()),
        sending_(start(lan_.host(1),
                       {program(), "send", "-i", "eth0", "--rate", "50", kStream, kOwnStream})) {}

  void die_without() {
    auto receivers = join_all({});
    ASSERT_TRUE(receivers.front().process.wait_for_errors("silent for", patience()))
        << receivers.front().process.errors();
    for (auto& receiver : receivers) {
      await_entry(receiver, false);
      receiver.process.kill(SIGTERM);
      const auto result = finish(receiver.process);
      const auto group = Json::parse(result.out)["groups"].at(0);
      fmt::print("without: host {}: {} of {} received, then silence\n", receiver.host,
                 group["received"].dump(), receiver.group);
      for (const auto& sender : group["senders"])
        EXPECT_GE(sender["silence_seconds"], 0.5) << result.out;
      EXPECT_TRUE(is_alive(sending_));
    }
  }

  void live_with() {
    std::vector<std::string> argv{program(),          "run",
                                  "--interface",      interface_,
                                  "--query-interval", text_of(shorter(scene_.window))};
    argv.insert(argv.end(), scene_.arguments.begin(), scene_.arguments.end());
    auto querent = start(lan_.host(scene_.querent), argv);
    ASSERT_TRUE(querent.wait_for_errors("querier as", kPatience)) << querent.errors();
    const Duration time = scene_.windows * scene_.window;
    auto receivers = join_all({"--duration", text_of(time), "--expect-no-loss"});
    for (auto& receiver : receivers) {
      if (is_in_the_table(receiver)) await_entry(receiver, true);
    }
    while (!receivers.front().process.wait(kGlance)) {
      for (auto& receiver : receivers) {
        if (is_in_the_table(receiver)) look(receiver);
      }
    }
    for (auto& receiver : receivers)
      judge(receiver, time);
    EXPECT_TRUE(is_alive(querent)) << querent.errors();
  }

 private:
  struct Receiver {
    int host;
    std::string group;
    lab::Process process;
    Duration least_remaining{kNever.time_since_epoch()};
    int looks = 0;
  };

  Duration patience() const { return kPatience + 2 * scene_.window; }

  bool is_in_the_table(const Receiver& receiver) const {
    return receiver.host != scene_.querent || scene_.own_reports_leave_the_host;
  }

  static bool is_alive(lab::Process& process) { return !process.wait(0s); }

  // The address moves to the device on top of the cable.
  std::string set_up_device() {
    if (scene_.device == Device::kCable) return Lan::kInterface;
    const std::string name = scene_.device == Device::kBridge ? "lan0" : "mac0";
    lab::Namespace& host = lan_.host(scene_.querent);
    auto& links = host.links();
    const Address address = Lan::address_of(scene_.querent);
    good(links.remove_address(Lan::kInterface, address, 24));
    if (scene_.device == Device::kBridge) {
      good(links.add_bridge({.name = name}, {}));
      good(links.enslave(Lan::kInterface, name));
    } else {
      good(links.add_macvlan({.name = name}, Lan::kInterface));
    }
    good(links.set_up(name));
    good(host.await_carrier(name, kPatience));
    good(links.add_address(name, address, 24));
    return name;
  }

  std::vector<Receiver> join_all(const std::vector<std::string>& arguments) {
    std::vector<Receiver> receivers;
    auto hosts = scene_.receivers;
    hosts.push_back(scene_.querent);
    for (const int host : hosts) {
      const bool own = host == scene_.querent;
      const std::string group = own ? kOwnStream : kStream;
      std::vector<std::string> argv{
          program(), "join", "-v", "--json", "-i", own ? interface_ : Lan::kInterface, group};
      argv.insert(argv.end(), arguments.begin(), arguments.end());
      receivers.push_back({host, group, start(lan_.host(host), argv)});
      auto& process = receivers.back().process;
      EXPECT_TRUE(process.wait_for_errors("joined", kPatience)) << process.errors();
    }
    return receivers;
  }

  // In the table of the receiver's switch.
  void await_entry(Receiver& receiver, bool wanted) {
    const std::string port = Lan::port_of(receiver.host);
    const auto group = Address::parse(receiver.group).value();
    for (Duration left = patience(); left > 0s; left -= kGlance) {
      const auto table = lan_.switch_of(receiver.host).table();
      if (!good(table)) return;
      const bool knows = table->find(port, group) != nullptr;
      EXPECT_FALSE(!wanted && table->is_router_port(port));
      if (knows == wanted) return;
      receiver.process.wait(kGlance);
    }
    FAIL() << port << (wanted ? " never came into" : " never left") << " the table";
  }

  void look(Receiver& receiver) {
    const std::string port = Lan::port_of(receiver.host);
    const auto table = lan_.switch_of(receiver.host).table();
    if (!good(table)) return;
    const auto* entry = table->find(port, Address::parse(receiver.group).value());
    EXPECT_NE(entry, nullptr) << "the switch forgot " << port;
    if (entry != nullptr)
      receiver.least_remaining = std::min(receiver.least_remaining, entry->remaining);
    EXPECT_TRUE(receiver.host == scene_.querent || !table->is_router_port(port));
    ++receiver.looks;
  }

  void judge(Receiver& receiver, Duration time) {
    const auto result = finish(receiver.process);
    EXPECT_EQ(result.code, 0) << result.err;
    const auto group = Json::parse(result.out)["groups"].at(0);
    EXPECT_EQ(group["lost"], 0) << result.out;
    EXPECT_GE(group["received"], in_seconds(time) * 25) << result.out;
    EXPECT_TRUE(receiver.looks > 5 || !is_in_the_table(receiver));
    fmt::print(
        "with: host {}: {} received, {} lost in {} windows of {}; in the table at each of {} "
        "looks, at least {:.2f} s from expiry\n",
        receiver.host, group["received"].dump(), group["lost"].dump(), scene_.windows,
        text_of(scene_.window), receiver.looks, in_seconds(receiver.least_remaining));
  }

  Scene scene_;
  Lan lan_;
  std::string interface_;  // querent's
  lab::Process sending_;
};

void lives_with_querent_alone(const Scene& scene) {
  Studio studio(scene);
  ASSERT_NO_FATAL_FAILURE(studio.die_without());
  studio.live_with();
}

const std::vector<std::string> kProxy{"--source", "0.0.0.0", "--igmp-version", "3"};
const Scene kQuerentNear{.switches = {3, 1}, .receivers = {2, 4}};
const Scene kQuerentFar{.switches = {2, 2}, .receivers = {2, 3}, .querent = 4};

Scene longer(Scene scene) {
  scene.windows = 20;
  return scene;
}

// Hosts of the version that is the default.
Scene longer_v2(Scene scene) {
  scene.arguments = {"--igmp-version", "2"};
  return longer(std::move(scene));
}

TEST(StreamAlive, OnASwitch) {
  lives_with_querent_alone({});
}

TEST(StreamAlive, OnTwoSwitchesInARow) {
  lives_with_querent_alone(kQuerentNear);
}

TEST(StreamAlive, WithABridgeOnTopOfTheCable) {
  lives_with_querent_alone({.device = Device::kBridge});
}

TEST(StreamAlive, WithAMacvlanOnTopOfTheCable) {
  lives_with_querent_alone({.device = Device::kMacvlan});
}

TEST(StreamAlive, WithProxyQueries) {
  lives_with_querent_alone({.arguments = kProxy});
}

TEST(LongStreamAlive, OnASwitch) {
  lives_with_querent_alone(longer_v2({}));
}

TEST(LongStreamAlive, OnASwitchInVersion3) {
  lives_with_querent_alone(longer({}));
}

// Its hosts take up to 10 s to answer.
TEST(LongStreamAlive, OnASwitchInVersion1) {
  lives_with_querent_alone({.arguments = {"--igmp-version", "1"}, .window = 20s, .windows = 3});
}

TEST(LongStreamAlive, OnTwoSwitchesInARow) {
  lives_with_querent_alone(longer_v2(kQuerentNear));
}

TEST(LongStreamAlive, BehindTheSecondSwitch) {
  lives_with_querent_alone(longer_v2(kQuerentFar));
}

TEST(LongStreamAlive, WithABridgeOnTopOfTheCable) {
  lives_with_querent_alone(
      longer_v2({.device = Device::kBridge, .own_reports_leave_the_host = false}));
}

TEST(LongStreamAlive, WithABridgeOnTopOfTheCableInVersion3) {
  lives_with_querent_alone(longer({.device = Device::kBridge}));
}

TEST(LongStreamAlive, WithAMacvlanOnTopOfTheCable) {
  lives_with_querent_alone(longer_v2({.device = Device::kMacvlan}));
}

TEST(LongStreamAlive, WithProxyQueries) {
  lives_with_querent_alone(longer({.arguments = kProxy}));
}

// ---- VLANs

Bytes general_query_frame(int host) {
  const Address everybody = Address::v4(224, 0, 0, 1);
  const auto packet = wire::encode(
      {.source = Lan::address_of(host),
       .destination = everybody,
       .message = wire::Query{.group = Address::unspecified(Family::kIPv4), .max_response = 1s}});
  return wire::ethernet_frame(Lan::mac_of(host), everybody, packet);
}

TEST(StreamAlive, QueriesOfAnotherVlanAreNotHeard) {
  auto lan = make_lan({.hosts = {4}});
  auto querent = start_querent(lan.host(4), {"-v"});
  ASSERT_TRUE(querent.wait_for_errors("querier as 10.9.0.4", kPatience)) << querent.errors();
  const FrameSender first(lan.host(1));
  for (const int vlan : {1, 7, 4094})
    first.send(tagged(general_query_frame(1), static_cast<std::uint16_t>(vlan)));
  // A tag that names no VLAN is heard; and by then the others would have been.
  const FrameSender third(lan.host(3));
  third.send(tagged(general_query_frame(3), 0));
  EXPECT_TRUE(querent.wait_for_errors("election lost to 10.9.0.3", kPatience)) << querent.errors();
  const FrameSender second(lan.host(2));
  second.send(general_query_frame(2));
  EXPECT_TRUE(querent.wait_for_errors("querier is 10.9.0.2", kPatience)) << querent.errors();
  EXPECT_THAT(querent.errors(), Not(HasSubstr("10.9.0.1 ")));
  EXPECT_THAT(querent.errors(), Not(HasSubstr("02:00:00:00:00:01")));
}

}  // namespace

}  // namespace querent::test
