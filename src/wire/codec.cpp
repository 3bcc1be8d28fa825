#include "wire/codec.hpp"

#include "wire/igmp.hpp"

namespace querent::wire {

Result<Packet, DropReason> decode(Family family, ByteView packet) {
  switch (family) {
    case Family::kIPv4:
      return decode_igmp(packet);
    case Family::kIPv6:
      break;
  }
  return failure(DropReason::kFamily);
}

Bytes encode(const Packet& packet) {
  switch (packet.destination.family()) {
    case Family::kIPv4:
      return encode_igmp(packet);
    case Family::kIPv6:
      break;
  }
  return {};
}

}  // namespace querent::wire
