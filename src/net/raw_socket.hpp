#pragma once

#include <span>

#include "base/bytes.hpp"
#include "net/frame_batch.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"

namespace querent::net {

// What this host itself says and hears on one interface: packets sent here reach the wire and the
// own IP stack, which answers queries like any host; received is what the own host sends.
//
// Open, it makes the host a member of 224.0.0.22 and 224.0.0.2 (ff02::16 and ff02::2) there, which
// it reports like any other group. Says nothing when its interface goes down or away. Down and up
// again, it works on; when netlink tells that the interface was deleted or moved away, open a new
// one.
class RawSocket {
 public:
  // EPERM without CAP_NET_RAW.
  static os::SysResult<RawSocket> open(int interface_index, Family family);

  const os::Fd& fd() const { return fd_; }

  // A packet of its family from its IP header on; in IPv4 one with TTL 0 reaches the own host
  // alone. The own host hears what is for a group that it has joined. (Of IPv4 the kernel fills in
  // the header's checksum, its length, and an id of 0, and replaces a source of 0.0.0.0, even by
  // another interface's address. Of IPv6 it changes nothing.)
  os::SysResult<void> send(ByteView packet, Address destination);

  // The packets of the own host that wait, looped back: reports and leaves, of all programs; no
  // queries.
  // Their source is not known.
  os::SysResult<std::span<const ReceivedFrame>> receive(FrameBatch& batch);

 private:
  RawSocket(os::Fd fd, int interface_index, Family family)
      : fd_(std::move(fd)), interface_index_(interface_index), family_(family) {}

  os::Fd fd_;
  int interface_index_;
  Family family_;
};

}  // namespace querent::net
