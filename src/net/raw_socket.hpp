#pragma once

#include <span>

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "net/fd.hpp"
#include "net/frame_batch.hpp"
#include "net/sys_error.hpp"

namespace querent::net {

// What this host itself says and hears on one interface: packets sent here reach the wire and the
// own IP stack, which answers queries like any host; received is what the own host sends.
// As mortal as a PacketSocket.
class RawSocket {
 public:
  static SysResult<RawSocket> open(int interface_index, Family family);

  const Fd& fd() const { return fd_; }

  // A packet from its IP header on. (IPv4: the kernel replaces a source of 0.0.0.0.)
  SysResult<void> send(ByteView packet, Address destination);

  // The packets of the own host that wait, looped back: reports, leaves, queries, of all programs.
  SysResult<std::span<const ReceivedFrame>> receive(FrameBatch& batch);

 private:
  RawSocket(Fd fd, Family family, int interface_index)
      : fd_(std::move(fd)), family_(family), interface_index_(interface_index) {}

  Fd fd_;
  Family family_;
  int interface_index_;
};

}  // namespace querent::net
