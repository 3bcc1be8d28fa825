#pragma once

#include <string>
#include <vector>

#include "lab/cheap_switch.hpp"
#include "lab/namespace.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"

namespace querent::lab {

struct LanPlan {
  std::vector<int> hosts = {2};  // on each of the switches, which stand in a row
  SwitchSettings switches{};
};

// A home network: hosts 1 to N, each with an eth0 that is up, has 10.9.0.N/24 and fe80::N/64 (and
// the link-local address of its MAC) and is where its multicast goes, plugged into cheap switches.
class Lan {
 public:
  static constexpr const char* kInterface = "eth0";
  static constexpr int kMaxHosts = 254;

  static SysResult<Lan> create(const LanPlan& plan);

  int size() const { return static_cast<int>(hosts_.size()); }

  // One more host, the network namespace that this process is in: by an interface of that name,
  // for as long as this lives; without an IPv6 address where that has no IPv6. Nothing else of it
  // is changed. Answers its number.
  SysResult<int> plug_here(const std::string& interface);

  // Counted from 1, as in its address.
  Namespace& host(int number) { return hosts_.at(index(number)).space; }
  CheapSwitch& switch_of(int number) { return switches_.at(hosts_.at(index(number)).at); }

  static Address address_of(int number, Family family = Family::kIPv4);
  static MacAddress mac_of(int number);
  // On its switch: "h1".
  static std::string port_of(int number);

  // Counted from 1. Neighbours are connected by the port "next" of the one and "before" of the
  // other.
  CheapSwitch& switch_at(int number) { return switches_.at(index(number)); }

 private:
  struct Host {
    Namespace space;
    std::size_t at = 0;
  };

  Lan() = default;

  static std::size_t index(int number) { return static_cast<std::size_t>(number) - 1; }
  SysResult<void> add_switch(const SwitchSettings& settings);
  SysResult<void> add_host();
  SysResult<void> add_host(Namespace space, const std::string& interface);

  std::vector<CheapSwitch> switches_;
  std::vector<Host> hosts_;
};

}  // namespace querent::lab
