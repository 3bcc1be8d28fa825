#include "net/link_table.hpp"

#include <algorithm>
#include <cstdint>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <optional>
#include <sys/socket.h>
#include <utility>

namespace querent::net {
namespace {

std::optional<Address> address_in(const NetlinkAttribute& attribute) {
  if (attribute.octets.size() == 4) return Address::from_bytes(attribute.octets.first<4>());
  if (attribute.octets.size() == 16) return Address::from_bytes(attribute.octets.first<16>());
  return std::nullopt;
}

Interface interface_in(const ifinfomsg& info, const NetlinkAttributes& attributes) {
  constexpr unsigned kCarries = IFF_UP | IFF_RUNNING | (1U << 16U);  // IFF_LOWER_UP
  Interface interface;
  interface.index = info.ifi_index;
  interface.name = attributes.find(IFLA_IFNAME).text();
  interface.mtu = attributes.find(IFLA_MTU).u32();
  interface.up = (info.ifi_flags & IFF_UP) != 0;
  interface.carrier = (info.ifi_flags & kCarries) == kCarries;
  interface.loopback = (info.ifi_flags & IFF_LOOPBACK) != 0;
  interface.multicast = (info.ifi_flags & IFF_MULTICAST) != 0;
  const ByteView mac = attributes.find(IFLA_ADDRESS).octets;
  if (mac.size() == interface.mac.octets.size()) {
    std::copy(mac.begin(), mac.end(), interface.mac.octets.begin());
  }
  interface.master_kind = attributes.find(IFLA_LINKINFO).nested().find(IFLA_INFO_SLAVE_KIND).text();
  return interface;
}

}  // namespace

void LinkTable::take(const NetlinkMessage& message, Events& events) {
  switch (message.type()) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return take_link(message, events);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return take_address(message, events);
    default:
      return;
  }
}

void LinkTable::take_link(const NetlinkMessage& message, Events& events) {
  const auto info = message.body<ifinfomsg>();
  // AF_BRIDGE: a port came or went, of an interface that is still there.
  if (!info || info->ifi_family != AF_UNSPEC) return;
  if (message.type() == RTM_DELLINK) return forget(info->ifi_index, events);

  const NetlinkAttributes attributes = message.attributes<ifinfomsg>();
  // What a wireless driver has to say holds nothing else.
  if (attributes.has(IFLA_WIRELESS)) return;
  details_[info->ifi_index].master = static_cast<int>(attributes.find(IFLA_MASTER).u32());
  update(interface_in(*info, attributes), events);
}

void LinkTable::take_address(const NetlinkMessage& message, Events& events) {
  const auto info = message.body<ifaddrmsg>();
  if (!info) return;
  const NetlinkAttributes attributes = message.attributes<ifaddrmsg>();
  const auto peer = address_in(attributes.find(IFA_ADDRESS));
  const auto local = attributes.has(IFA_LOCAL) ? address_in(attributes.find(IFA_LOCAL)) : peer;
  if (!local) return;
  const std::uint32_t flags =
      attributes.has(IFA_FLAGS) ? attributes.find(IFA_FLAGS).u32() : info->ifa_flags;

  const int index = static_cast<int>(info->ifa_index);
  const AddressKey key{*local, peer.value_or(*local), info->ifa_prefixlen};
  if (message.type() == RTM_NEWADDR) {
    details_[index].tentative[key] = (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0;
  } else if (const auto known = details_.find(index); known != details_.end()) {
    known->second.tentative.erase(key);
  }
  if (const auto known = interfaces_.find(index); known != interfaces_.end()) {
    update(known->second, events);
  }
}

void LinkTable::forget(int index, Events& events) {
  details_.erase(index);
  const auto known = interfaces_.find(index);
  if (known == interfaces_.end()) return;
  events.push_back({LinkEvent::Kind::kGone, std::move(known->second)});
  interfaces_.erase(known);
  update_ports_of(index, events);
}

void LinkTable::update(Interface now, Events& events) {
  complete(now);
  const int index = now.index;
  const auto [known, is_new] = interfaces_.try_emplace(index);
  const bool renamed = known->second.name != now.name;
  if (!is_new && known->second == now) return;
  known->second = now;
  events.push_back({LinkEvent::Kind::kPresent, std::move(now)});
  if (renamed) update_ports_of(index, events);
}

void LinkTable::update_ports_of(int master, Events& events) {
  for (const auto& [index, details] : details_) {
    if (details.master != master) continue;
    if (const auto port = interfaces_.find(index); port != interfaces_.end()) {
      update(port->second, events);
    }
  }
}

void LinkTable::complete(Interface& interface) const {
  interface.master.clear();
  interface.addresses.clear();
  const auto details = details_.find(interface.index);
  if (details == details_.end()) return;
  if (const auto master = interfaces_.find(details->second.master); master != interfaces_.end()) {
    interface.master = master->second.name;
  }
  for (const auto& [key, tentative] : details->second.tentative) {
    // Of a point-to-point link only the other end is known, not what else is there.
    const unsigned full = key.local.is_v4() ? 32 : 128;
    interface.addresses.push_back(
        {key.local, key.local == key.peer ? key.prefix_length : full, tentative});
  }
}

}  // namespace querent::net
