#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "os/sys_error.hpp"
#include "querent/address.hpp"

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

  // What a socket hands over of a packet.
  enum class Content : std::uint8_t {
    kPacket,
    kIpv6Payload,  // its headers are put back: the socket tells them (ipv6_headers.hpp)
  };

  // One recvmmsg, without waiting. A frame that was longer than its place is left out, and one
  // whose headers were not told.
  os::SysResult<std::span<const ReceivedFrame>> fill(int socket,
                                                     Content content = Content::kPacket);

 private:
  // Before each frame, room for its headers.
  static constexpr std::size_t kHeadroom = 128;
  static constexpr std::size_t kPlace = kHeadroom + kFrameSize;

  struct Headers;

  std::optional<ByteView> packet_at(std::size_t index, Content content);

  std::unique_ptr<std::uint8_t[]> octets_;  // not touched before it is needed
  std::unique_ptr<Headers> headers_;
  std::array<ReceivedFrame, kFrames> frames_{};
};

}  // namespace querent::net
