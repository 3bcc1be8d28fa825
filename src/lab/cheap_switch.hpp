#pragma once

#include <string>

#include "lab/multicast_database.hpp"
#include "lab/namespace.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::lab {

struct SwitchSettings {
  // How long a group lives at a port without a report: 260 s on the switches that people buy.
  Duration membership_interval = std::chrono::seconds(4);
  // IPv6 multicast is filtered too, and with nobody to query so is neighbour discovery.
  bool filters_ipv6 = false;
};

// A managed switch as people buy them: it snoops, nobody queries, and what nobody (any more)
// reported it drops at once. A bridge in a namespace of its own.
class CheapSwitch {
 public:
  static constexpr const char* kBridge = "br0";

  static SysResult<CheapSwitch> create(const SwitchSettings& settings);

  Namespace& space() { return space_; }

  // A cable from a new port to a new interface of the host; it is up and carries, or this fails.
  SysResult<void> connect(const std::string& port, Namespace& host, const NewLink& interface);
  SysResult<void> connect(const std::string& port, CheapSwitch& other,
                          const std::string& other_port);

  // The cable of that port: the host loses (has) its carrier.
  SysResult<void> pull(const std::string& port) { return space_.links().set_down(port); }
  SysResult<void> plug(const std::string& port) { return space_.links().set_up(port); }

  SysResult<MulticastDatabase> table() { return space_.links().multicast_database(kBridge); }

  // A query, from a port of its own, after which the switch no longer floods what it does not
  // know. Done at its creation; to be done again when the switch was set down.
  SysResult<void> prime();

 private:
  CheapSwitch(Namespace space, const SwitchSettings& settings)
      : space_(std::move(space)), filters_ipv6_(settings.filters_ipv6) {}

  SysResult<void> assemble(const SwitchSettings& settings);
  SysResult<void> ask_until_heard(const os::Fd& packets, int interface, Family family);

  Namespace space_;
  bool filters_ipv6_;
};

}  // namespace querent::lab
