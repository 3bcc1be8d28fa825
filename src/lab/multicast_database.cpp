#include "lab/multicast_database.hpp"

#include <cstring>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

namespace querent::lab {
namespace {

using net::NetlinkAttribute;
using net::NetlinkAttributes;
using Names = std::map<int, std::string>;

Duration clock_ticks(std::uint32_t ticks) {
  return std::chrono::milliseconds(10) * ticks;
}

std::string name_of(int index, const Names& names) {
  const auto found = names.find(index);
  return found == names.end() ? std::to_string(index) : found->second;
}

std::optional<Address> address_in(ByteView octets) {
  if (octets.size() == 4) return Address::from_bytes(octets.first<4>());
  if (octets.size() == 16) return Address::from_bytes(octets.first<16>());
  return std::nullopt;
}

std::optional<Address> group_of(const br_mdb_entry& raw) {
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &raw.addr.u, octets.size());
  if (raw.addr.proto == htons(ETH_P_IP)) return address_in(ByteView(octets).first(4));
  if (raw.addr.proto == htons(ETH_P_IPV6)) return address_in(octets);
  return std::nullopt;
}

std::vector<MulticastEntry::Source> sources_in(const NetlinkAttribute& list) {
  std::vector<MulticastEntry::Source> sources;
  for (const NetlinkAttribute& one : list.nested()) {
    const NetlinkAttributes parts = one.nested();
    const auto address = address_in(parts.find(MDBA_MDB_SRCATTR_ADDRESS).octets);
    if (!address) continue;
    sources.push_back({*address, clock_ticks(parts.find(MDBA_MDB_SRCATTR_TIMER).u32())});
  }
  return sources;
}

std::optional<MulticastEntry> entry_in(const NetlinkAttribute& info, const Names& names) {
  br_mdb_entry raw{};
  if (info.octets.size() < sizeof raw) return std::nullopt;
  std::memcpy(&raw, info.octets.data(), sizeof raw);
  const auto group = group_of(raw);
  if (!group) return std::nullopt;  // a group of Ethernet alone

  const NetlinkAttributes parts = info.nested(sizeof raw);
  MulticastEntry entry;
  entry.port = name_of(static_cast<int>(raw.ifindex), names);
  entry.group = *group;
  entry.source = address_in(parts.find(MDBA_MDB_EATTR_SOURCE).octets);
  entry.exclude = parts.find(MDBA_MDB_EATTR_GROUP_MODE).u8() == MCAST_EXCLUDE;
  entry.blocked = (raw.flags & MDB_FLAGS_BLOCKED) != 0;
  entry.permanent = (raw.state & MDB_PERMANENT) != 0;
  entry.remaining = clock_ticks(parts.find(MDBA_MDB_EATTR_TIMER).u32());
  entry.sources = sources_in(parts.find(MDBA_MDB_EATTR_SRC_LIST));
  return entry;
}

}  // namespace

const MulticastEntry* MulticastDatabase::find(const std::string& port, Address group) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const MulticastEntry& e) {
    return e.port == port && e.group == group && !e.source;
  });
  return found == entries.end() ? nullptr : &*found;
}

bool MulticastDatabase::is_router_port(const std::string& port) const {
  return std::find(router_ports.begin(), router_ports.end(), port) != router_ports.end();
}

MulticastDatabase read_multicast_database(const std::vector<net::NetlinkMessage>& answers,
                                          int bridge, const Names& names) {
  MulticastDatabase database;
  for (const net::NetlinkMessage& answer : answers) {
    const auto header = answer.body<br_port_msg>();
    if (!header || static_cast<int>(header->ifindex) != bridge) continue;
    const NetlinkAttributes parts = answer.attributes<br_port_msg>();
    for (const NetlinkAttribute& group : parts.find(MDBA_MDB).nested()) {
      for (const NetlinkAttribute& info : group.nested()) {
        if (auto entry = entry_in(info, names)) database.entries.push_back(std::move(*entry));
      }
    }
    for (const NetlinkAttribute& port : parts.find(MDBA_ROUTER).nested()) {
      database.router_ports.push_back(name_of(static_cast<int>(port.u32()), names));
    }
  }
  return database;
}

}  // namespace querent::lab
