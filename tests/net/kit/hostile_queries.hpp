#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "core/validity.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "wire/drop_reason.hpp"

// Queries that another host might send: those that do not count, and those that do.

namespace querent::test {

inline constexpr MacAddress kAttacker{{2, 0, 0, 0, 0, 1}};
inline constexpr MacAddress kQuerent{{2, 0, 0, 0, 0, 2}};
// Whose address is lab::Lan::address_of() of these: querent's, and two for the attacker.
inline constexpr int kOwn = 100;
inline constexpr int kLower = 11;
inline constexpr int kHigher = 200;

// ---- forging

Address everybody(Family family);
Address some_group(Family family);
Address nobody(Family family);

// From the lower address to everybody.
Packet general_query(Family family, Version version = Version::k2);
Bytes query_from(Address source, Family family);
Bytes query_to(Address destination);
Bytes query_with_hop_limit(Family family, std::uint8_t hop_limit);
Bytes query_about(Address group, Version version, Address destination,
                  const std::vector<Address>& sources = {});

// Where a message begins in a packet that wire::encode() has made with Router Alert.
std::size_t message_at(Family family);
// Puts all checksums right, as far as there is room for them.
Bytes sealed(Family family, Bytes packet);
// Says in the IP header how long the packet is.
void store_length(Family family, Bytes& packet);
// A v3 query's first octets, zeros if it is not that long.
Bytes query_of_length(Family family, std::size_t octets);
// One octet (of the IP packet) is another one; with checksums that fit.
Bytes query_with(const Packet& query, std::size_t at, std::uint8_t octet);

// ---- what does not count

struct BadQuery {
  std::string told;  // what is logged of it when it is the first or the latest of its reason
  std::string reason;
  bool unreadable = false;
  Bytes packet;
};

BadQuery unreadable(wire::DropReason reason, Bytes packet);
BadQuery rejected(core::Rejection reason, Family family, Bytes packet);

std::vector<BadQuery> bad_igmp_queries();
std::vector<BadQuery> bad_mld_queries();
// What the filter in the kernel keeps from us, so that it is not even counted.
std::vector<Bytes> unseen_mld_queries();

// ---- what does

// Each from an address of its own, all lower than querent's, and in every version.
struct GoodQuery {
  Packet packet;  // what it says
  Bytes octets;
};
std::vector<GoodQuery> good_igmp_queries();
std::vector<GoodQuery> good_mld_queries();

}  // namespace querent::test
