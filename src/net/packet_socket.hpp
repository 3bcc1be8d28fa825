#pragma once

#include <cstdint>
#include <span>

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "net/fd.hpp"
#include "net/frame_batch.hpp"
#include "net/sys_error.hpp"

namespace querent::net {

// What arrives from the wire: every IGMP (MLD) frame that this interface hears, whoever it is for.
// Not what this host sends, not what carries a VLAN tag, not what a VLAN child of the interface
// gets.
//
// After an error, and whenever netlink says that the interface went away, the socket is dead, even
// if it does not say so: open a new one.
class PacketSocket {
 public:
  static SysResult<PacketSocket> open(int interface_index, Family family);

  const Fd& fd() const { return fd_; }

  // The frames that wait, at most a batch of them; none when nothing does. They live in `batch`
  // until it is used again.
  SysResult<std::span<const ReceivedFrame>> receive(FrameBatch& batch);

  // A whole Ethernet frame, to the wire alone: the own host does not hear it.
  SysResult<void> send(ByteView frame);

  // Frames that the kernel had no room for since this was last asked.
  std::uint64_t take_drops();

 private:
  explicit PacketSocket(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

}  // namespace querent::net
