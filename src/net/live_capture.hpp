#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/capture_file.hpp"
#include "os/fd.hpp"

namespace querent::net {

// Every IGMP and MLD frame that passes an interface: what arrives, whoever it is for, and what this
// host sends, VLAN tags in their places; and a few other IPv6 ones, for who reads them to leave
// out. For looking at; the appliance itself hears by PacketSocket.
class LiveCapture {
 public:
  // The interface is to be up. It is promiscuous as long as this lives.
  static CaptureResult<LiveCapture> open(const std::string& interface);

  LiveCapture(LiveCapture&& other) noexcept;
  LiveCapture& operator=(LiveCapture&& other) noexcept;
  ~LiveCapture();

  // Readable when a frame waits, or an error.
  const os::Fd& fd() const { return fd_; }

  // As a CaptureReader's.
  int link_type() const;

  // Without waiting: nothing when no frame waits. An interface that went down is heard again as
  // soon as it is up. That one was deleted is not always said: netlink knows.
  CaptureResult<std::optional<CapturedFrame>> next();

  // Frames that the kernel had no room for until now.
  std::uint64_t dropped() const;

 private:
  struct Handle;
  LiveCapture(std::unique_ptr<Handle> handle, os::Fd fd);

  std::unique_ptr<Handle> handle_;
  os::Fd fd_;
};

}  // namespace querent::net
