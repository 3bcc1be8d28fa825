#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

// Multicast UDP on one interface. Needs no privilege.

namespace querent::net {

struct UdpChannel {
  Address group;
  std::uint16_t port = 0;
  std::optional<Address> source;  // the only one heard (SSM); nothing: whoever sends (ASM)

  bool operator==(const UdpChannel&) const = default;
};

struct UdpSenderSettings {
  int interface_index = 0;
  Family family = Family::kIPv4;
  std::uint8_t ttl = 1;           // 0 stays on this host
  bool loop = true;               // whoever joined on this host hears it as well
  std::uint16_t source_port = 0;  // 0: the kernel chooses
};

class UdpSender {
 public:
  static os::SysResult<UdpSender> open(const UdpSenderSettings& settings);

  // One datagram to a group of the sender's family; never waits (EAGAIN when there is no room).
  os::SysResult<void> send(Address group, std::uint16_t port, ByteView payload) const;

 private:
  UdpSender(os::Fd fd, int interface_index)
      : fd_(std::move(fd)), interface_index_(interface_index) {}

  os::Fd fd_;
  int interface_index_;
};

struct ReceivedDatagram {
  Address sender;
  std::uint16_t sender_port = 0;
  Instant arrived;         // in the kernel, on the clock of os::now()
  ByteView payload;        // its beginning, at most DatagramBatch::kKept octets
  std::size_t octets = 0;  // of the whole payload
};

// Room for the datagrams of one recvmmsg; one in a process is enough, each receive overwrites it.
class DatagramBatch {
 public:
  static constexpr std::size_t kDatagrams = 64;
  static constexpr std::size_t kKept = 256;

  DatagramBatch();
  ~DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  // One recvmmsg, without waiting; none when nothing waits.
  os::SysResult<std::span<const ReceivedDatagram>> fill(int socket);

 private:
  struct Headers;

  std::unique_ptr<Headers> headers_;
  std::array<ReceivedDatagram, kDatagrams> datagrams_{};
};

// One membership in one group, with a socket of its own: a socket holds 20 at most. Hears what
// arrives for the channel on the interface, whatever other programs join. When the interface is
// deleted it stays silent for ever, without an error.
class UdpReceiver {
 public:
  static os::SysResult<UdpReceiver> open(int interface_index, const UdpChannel& channel);

  const os::Fd& fd() const { return fd_; }

  // The datagrams that wait, at most a batch of them. They live in `batch` until it is used again.
  os::SysResult<std::span<const ReceivedDatagram>> receive(DatagramBatch& batch) const;

  // Datagrams that the kernel had no room for, or whose checksum was wrong, since the opening.
  std::uint64_t drops() const;

 private:
  explicit UdpReceiver(os::Fd fd) : fd_(std::move(fd)) {}

  os::Fd fd_;
};

}  // namespace querent::net
