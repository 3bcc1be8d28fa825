#include "lab/lan.hpp"

#include <cerrno>
#include <numeric>
#include <utility>

namespace querent::lab {
namespace {

constexpr unsigned kPrefixLength = 24;
constexpr unsigned kPrefixLength6 = 64;

}  // namespace

SysResult<Lan> Lan::create(const LanPlan& plan) {
  if (std::accumulate(plan.hosts.begin(), plan.hosts.end(), 0) > kMaxHosts) {
    return os::sys_failure("make a LAN of so many hosts", ERANGE);
  }
  Lan lan;
  for (const int hosts : plan.hosts) {
    if (auto done = lan.add_switch(plan.switches); !done) return failure(done.error());
    for (int made = 0; made < hosts; ++made) {
      if (auto done = lan.add_host(); !done) return failure(done.error());
    }
  }
  return lan;
}

SysResult<void> Lan::add_switch(const SwitchSettings& settings) {
  auto made = CheapSwitch::create(settings);
  if (!made) return failure(made.error());
  switches_.push_back(std::move(*made));
  if (switches_.size() == 1) return {};
  return switches_.at(switches_.size() - 2).connect("next", switches_.back(), "before");
}

SysResult<void> Lan::add_host() {
  auto space = Namespace::create();
  if (!space) return failure(space.error());
  if (auto done = add_host(std::move(*space), kInterface); !done) return done;
  return hosts_.back().space.links().add_route(Prefix(Address::v4(224, 0, 0, 0), 4), kInterface);
}

SysResult<int> Lan::plug_here(const std::string& interface) {
  auto space = Namespace::current();
  if (!space) return failure(space.error());
  auto done = add_host(std::move(*space), interface);
  // Containers have IPv6 switched off: then it is a host without.
  const bool has_no_ipv6 = !done && done.error().number == EACCES;
  if (!done && !has_no_ipv6) return failure(done.error());
  return size();
}

SysResult<void> Lan::add_host(Namespace space, const std::string& interface) {
  hosts_.push_back({std::move(space), switches_.size() - 1});
  const int number = size();
  Namespace& host = hosts_.back().space;
  if (auto done = switches_.back().connect(port_of(number), host, {interface, mac_of(number)});
      !done) {
    return done;
  }
  Links& links = host.links();
  if (auto done = links.add_address(interface, address_of(number), kPrefixLength); !done) {
    return done;
  }
  return links.add_address(interface, address_of(number, Family::kIPv6), kPrefixLength6);
}

Address Lan::address_of(int number, Family family) {
  if (family == Family::kIPv6) {
    return Address::v6(0xFE80000000000000, static_cast<std::uint64_t>(number));
  }
  return Address::v4(10, 9, 0, static_cast<std::uint8_t>(number));
}

MacAddress Lan::mac_of(int number) {
  return {{0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(number)}};
}

std::string Lan::port_of(int number) {
  return "h" + std::to_string(number);
}

}  // namespace querent::lab
