#include "test_bed.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

namespace querent::bench {

namespace {

Address spread(std::uint32_t network, std::size_t n) {
  return Address::v4(network | static_cast<std::uint32_t>(n));
}

}  // namespace

Address group_address(std::size_t n) {
  return spread(0xEF000000, n + 256);
}
Address source_address(std::size_t n) {
  return spread(0x0B000000, n);
}
Address host_address(std::size_t n) {
  return spread(0x0A000000, n + 256);
}

std::vector<std::size_t> shuffled(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
  return order;
}

core::Received received(Report report) {
  return {.packet = {.source = host_address(0),
                     .destination = Address::v4(224, 0, 0, 22),
                     .hop_limit = 1,
                     .router_alert = true,
                     .message = std::move(report)},
          .mac = MacAddress{{0x52, 0x54, 0, 0, 0, 2}}};
}

Report v2_report() {
  return {.version = Version::k2, .records = {{}}};
}

Report v3_report(std::size_t records) {
  return {.version = Version::k3, .records = std::vector<Record>(records)};
}

Report& report_in(core::Event& event) {
  return std::get<Report>(std::get<core::Received>(event).packet.message);
}

TestBed::TestBed(core::Settings settings) : segment_(settings, Family::kIPv4, Random(1)) {
  core::LocalInterface link{.mac = MacAddress{{0x52, 0x54, 0, 0, 0, 1}}};
  link.addresses.emplace_back(Address::v4(10, 0, 0, 1), 8);
  step(core::LinkUp{link});
}

void TestBed::run_until(Instant when) {
  for (auto due = segment_.deadline(); due && *due <= when; due = segment_.deadline()) {
    now_ = *due;
    step(core::Tick{});
  }
  now_ = when;
}

void TestBed::join_groups(std::size_t n, Version version) {
  core::Event event = received(version == Version::k3 ? v3_report(1) : v2_report());
  for (const auto which : shuffled(n)) {
    report_in(event).records[0].group = group_address(which);
    step(event);
  }
}

}  // namespace querent::bench
