#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "lab/namespace.hpp"
#include "os/fd.hpp"
#include "querent/address.hpp"

namespace querent::test {

// Puts whole Ethernet frames onto the cable of an interface, right or wrong.
class FrameSender {
 public:
  explicit FrameSender(const lab::Namespace& where, const std::string& interface = "eth0");
  void send(const Bytes& frame) const;

 private:
  os::Fd socket_;
};

// The frame with a VLAN tag (802.1Q); 0: a priority alone.
Bytes tagged(Bytes frame, std::uint16_t vlan);

}  // namespace querent::test
