#include "stream_scene.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include <gtest/gtest.h>

#include "switch_table.hpp"

namespace querent::test {

namespace {

using Json = nlohmann::json;
using lab::Lan;

constexpr Duration kGlance = 100ms;

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

std::string group_in(const std::string& stream) {
  return stream.substr(0, stream.find('@'));
}

bool is_alive(lab::Process& process) {
  return !process.wait(0s);
}

unsigned prefix_length(Family family) {
  return family == Family::kIPv4 ? 24 : 64;
}

lab::LanPlan plan_of(const Scene& scene) {
  return {.hosts = scene.switches,
          .switches = {.membership_interval = scene.window,
                       .filters_ipv6 = scene.family() == Family::kIPv6}};
}

}  // namespace

Family Scene::family() const {
  return Address::parse(group_in(streams.all)).value().family();
}

Scene longer(Scene scene) {
  scene.windows = 20;
  return scene;
}

StreamScene::StreamScene(Scene scene)
    : scene_(std::move(scene)),
      lan_(make_lan(plan_of(scene_))),
      interface_(set_up_device()),
      sending_(start_sending()) {}

void StreamScene::die_without() {
  auto receivers = join_all({});
  ASSERT_TRUE(receivers.front().process.wait_for_errors("silent for", patience()))
      << receivers.front().process.errors();
  for (auto& receiver : receivers) {
    await_entry(receiver, false);
    receiver.process.kill(SIGTERM);
    const auto result = finish(receiver.process);
    const auto group = Json::parse(result.out)["groups"].at(0);
    fmt::print("without: host {}: {} of {} received, then silence\n", receiver.host,
               group["received"].dump(), receiver.group.to_string());
    for (const auto& sender : group["senders"])
      EXPECT_GE(sender["silence_seconds"], 0.5) << result.out;
    EXPECT_TRUE(is_alive(sending_));
  }
}

void StreamScene::live_with() {
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

// The address moves to the device on top of the cable.
std::string StreamScene::set_up_device() {
  if (scene_.device == Device::kCable) return Lan::kInterface;
  std::string name = scene_.device == Device::kBridge ? "lan0" : "mac0";
  lab::Namespace& host = lan_.host(scene_.querent);
  auto& links = host.links();
  const Family family = scene_.family();
  const Address address = Lan::address_of(scene_.querent, family);
  good(links.remove_address(Lan::kInterface, address, prefix_length(family)));
  if (scene_.device == Device::kBridge) {
    good(links.add_bridge({.name = name}, {}));
    good(links.enslave(Lan::kInterface, name));
  } else {
    good(links.add_macvlan({.name = name}, Lan::kInterface));
  }
  good(links.set_up(name));
  good(host.await_carrier(name, kPatience));
  good(links.add_address(name, address, prefix_length(family)));
  return name;
}

lab::Process StreamScene::start_sending() {
  // One that reaches farther than the link: a host prefers it for groups that do, and among its
  // link-local ones it has no favourite.
  good(lan_.host(1).links().add_address(Lan::kInterface, kSenderBeyondTheLink, 64));
  return start(lan_.host(1), {program(), "send", "-i", Lan::kInterface, "--rate", "50",
                              group_in(scene_.streams.all), group_in(scene_.streams.own)});
}

std::vector<StreamScene::Receiver> StreamScene::join_all(
    const std::vector<std::string>& arguments) {
  std::vector<Receiver> receivers;
  auto hosts = scene_.receivers;
  hosts.push_back(scene_.querent);
  for (const int host : hosts) {
    const bool own = host == scene_.querent;
    const std::string& stream = own ? scene_.streams.own : scene_.streams.all;
    std::vector<std::string> argv{
        program(), "join", "-v", "--json", "-i", own ? interface_ : Lan::kInterface, stream};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    receivers.push_back(
        {host, Address::parse(group_in(stream)).value(), start(lan_.host(host), argv)});
    auto& process = receivers.back().process;
    EXPECT_TRUE(process.wait_for_errors("joined", kPatience)) << process.errors();
  }
  return receivers;
}

// In the table of the receiver's switch.
void StreamScene::await_entry(const Receiver& receiver, bool wanted) {
  const std::string port = Lan::port_of(receiver.host);
  auto& its_switch = lan_.switch_of(receiver.host);
  EXPECT_TRUE(await_table(its_switch, {port, receiver.group, wanted}, patience()))
      << port << (wanted ? " never came into" : " never left") << " the table";
  const auto table = its_switch.table();
  EXPECT_FALSE(!wanted && good(table) && table->is_router_port(port));
}

void StreamScene::look(Receiver& receiver) {
  const std::string port = Lan::port_of(receiver.host);
  const auto table = lan_.switch_of(receiver.host).table();
  if (!good(table)) return;
  const auto* entry = table->find(port, receiver.group);
  EXPECT_NE(entry, nullptr) << "the switch forgot " << port;
  if (entry != nullptr)
    receiver.least_remaining = std::min(receiver.least_remaining, entry->remaining);
  EXPECT_TRUE(receiver.host == scene_.querent || !table->is_router_port(port));
  ++receiver.looks;
}

void StreamScene::judge(Receiver& receiver, Duration time) {
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

void lives_with_querent_alone(const Scene& scene) {
  StreamScene studio(scene);
  ASSERT_NO_FATAL_FAILURE(studio.die_without());
  studio.live_with();
}

}  // namespace querent::test
