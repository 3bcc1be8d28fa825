#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "net/frame_batch.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"

namespace querent::net {

// What arrives from the wire: every IGMP (MLD) packet that is for this host or for any group,
// joined or not. Not what this host sends, not what is for another host's own address, not what
// carries a VLAN tag, not what a child of the interface (VLAN, macvlan) gets. Fragments as they
// came.
//
// An interface that goes down says so by one error, then the socket is silent; up again, it hears
// again. One that is deleted or moved away may say so, but its socket stays silent for ever, also
// when it comes back: whenever netlink tells of that, open a new one.
class PacketSocket {
 public:
  // EPERM without CAP_NET_RAW.
  static os::SysResult<PacketSocket> open(int interface_index, Family family);

  const os::Fd& fd() const { return fd_; }

  // The packets that wait, at most a batch of them; none when nothing does. They live in `batch`
  // until it is used again. An error is told once; what has arrived is still there after it.
  os::SysResult<std::span<const ReceivedFrame>> receive(FrameBatch& batch);

  // A packet from its IP header on, as it is, to the wire alone: the own host does not hear it.
  // The link layer's header names this interface as the source; a link without addresses (tun)
  // does not look at the destination.
  os::SysResult<void> send(ByteView packet, MacAddress destination);

  // Packets that the kernel had no room for since this was last asked.
  std::uint64_t take_drops();

 private:
  PacketSocket(os::Fd fd, int interface_index, Family family)
      : fd_(std::move(fd)), interface_index_(interface_index), family_(family) {}

  os::Fd fd_;
  int interface_index_;
  Family family_;
};

}  // namespace querent::net
