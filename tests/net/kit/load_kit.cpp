#include "load_kit.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "os/clock.hpp"
#include "wire/codec.hpp"

namespace querent::test {

namespace {

constexpr Address kVersion3Routers = Address::v4(224, 0, 0, 22);

std::unique_ptr<lab::Namespace> make() {
  auto made = lab::Namespace::create();
  EXPECT_TRUE(made) << made.error().to_string();
  return std::make_unique<lab::Namespace>(std::move(made.value()));
}

void plug(lab::Namespace& space, Address address) {
  good(space.links().add_address("eth0", address, 8));
  good(space.links().set_up("eth0"));
}

}  // namespace

double in_us(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

Duration median(std::vector<Duration> all) {
  std::sort(all.begin(), all.end());
  return all.at(all.size() / 2);
}

Address group(std::size_t number) {
  return Address::v4(0xEF000000U + 256 + static_cast<std::uint32_t>(number));
}

Bytes v2_report(Address group, Address source) {
  return wire::encode({.source = source,
                       .destination = group,
                       .message = Report{.version = Version::k2, .records = {{.group = group}}}});
}

Bytes v3_report(std::vector<Record> records, Address source) {
  return wire::encode({.source = source,
                       .destination = kVersion3Routers,
                       .message = Report{.version = Version::k3, .records = std::move(records)}});
}

void Load::SetUp() {
  here_ = make();
  there_ = make();
  good(here_->links().add_veth({"eth0", MacAddress{{2, 0, 0, 0, 0, 1}}},
                               {"eth0", MacAddress{{2, 0, 0, 0, 0, 2}}}, there_->fd()));
  plug(*here_, kHere);
  plug(*there_, kThere);
  good(here_->await_carrier("eth0", kPatience));
}

void flood(Mouth& mouth, const Flood& plan, const std::function<Bytes(std::size_t)>& packet) {
  Instant next = os::now();
  for (std::size_t sent = 0; sent < plan.packets; ++sent) {
    mouth.say(packet(sent), Address::v4(224, 0, 0, 22));
    if (plan.pause == Duration::zero() || sent % plan.burst != 0) continue;
    next += plan.pause;
    std::this_thread::sleep_until(std::chrono::steady_clock::now() + (next - os::now()));
  }
}

lab::Usage usage(const lab::Process& process) {
  const auto usage = process.usage();
  EXPECT_TRUE(usage) << usage.error().to_string();
  return usage.value_or(lab::Usage{});
}

}  // namespace querent::test
