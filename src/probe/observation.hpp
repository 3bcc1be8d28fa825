#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "core/local_interface.hpp"
#include "core/validity.hpp"
#include "net/link_monitor.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"
#include "wire/frame.hpp"

namespace querent::probe {

// Who looks at frames.
struct Observer {
  MacAddress mac{};  // the interface's: frames from it are this host's own; unknown: no file's are
  // Without addresses, as for a file, subnets are not judged.
  core::LocalInterface ipv4{};
  core::LocalInterface ipv6{};

  const core::LocalInterface& link(Family family) const {
    return family == Family::kIPv4 ? ipv4 : ipv6;
  }
};

// On an interface of this machine.
Observer observer_of(const net::Interface& interface);

// One IGMP or MLD frame and what querent, with its usual settings, would make of it.
struct Observation {
  Family family = Family::kIPv4;
  MacAddress mac{};  // of the sender; may be unknown
  std::optional<std::uint16_t> vlan{};
  std::optional<std::uint16_t> inner_vlan{};
  bool own = false;  // sent by the host that captured it

  // What a broken packet says of itself as well, which may be wrong; 0.0.0.0 and nothing where
  // it ends before that.
  Address source = Address::unspecified(Family::kIPv4);
  Address destination = Address::unspecified(Family::kIPv4);
  std::optional<std::uint8_t> type{};  // of IGMP, or of ICMPv6: MLD's always has one

  Result<Packet, wire::DropReason> packet;
  std::optional<core::Rejection> rejection{};  // of a packet that could be read

  bool is_proxy_query() const;
  // Whether it is about the group: a query, report or leave that names it.
  bool names(Address group) const;
};

// Total; nothing when the frame is neither IGMP nor MLD, or not far enough there to tell. MLD is
// known by its ICMPv6 types, also behind extension headers where it does not belong.
std::optional<Observation> look(wire::LinkType type, ByteView frame, const Observer& observer);

}  // namespace querent::probe
