#include "wire/codec.hpp"

#include "wire/igmp.hpp"
#include "wire/mld.hpp"

namespace querent::wire {

Result<Packet, DropReason> decode(Family family, ByteView packet) {
  return family == Family::kIPv4 ? decode_igmp(packet) : decode_mld(packet);
}

Bytes encode(const Packet& packet) {
  return packet.destination.is_v4() ? encode_igmp(packet) : encode_mld(packet);
}

std::size_t max_query_sources(Family family, std::size_t mtu) {
  return family == Family::kIPv4 ? max_igmp_query_sources(mtu) : max_mld_query_sources(mtu);
}

}  // namespace querent::wire
