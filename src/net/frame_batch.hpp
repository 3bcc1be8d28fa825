#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/address.hpp"
#include "base/bytes.hpp"
#include "net/sys_error.hpp"

namespace querent::net {

struct ReceivedFrame {
  MacAddress source;  // not known when the own host sent it
  ByteView packet;    // from the IP header on
};

// Room for the frames of one recvmmsg; one in a process is enough, each receive overwrites it.
class FrameBatch {
 public:
  static constexpr std::size_t kFrames = 64;
  static constexpr std::size_t kFrameSize = 65536;  // longer ones do not exist

  FrameBatch();
  ~FrameBatch();
  FrameBatch(const FrameBatch&) = delete;
  FrameBatch& operator=(const FrameBatch&) = delete;

  // One recvmmsg, without waiting. A frame that was longer than its place is left out.
  SysResult<std::span<const ReceivedFrame>> fill(int socket);

 private:
  struct Headers;

  std::unique_ptr<std::uint8_t[]> octets_;  // not touched before it is needed
  std::unique_ptr<Headers> headers_;
  std::array<ReceivedFrame, kFrames> frames_{};
};

}  // namespace querent::net
