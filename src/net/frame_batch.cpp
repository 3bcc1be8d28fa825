#include "net/frame_batch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace querent::net {

namespace {

// Large enough for what other sockets say, too: sa_family stands first in all of them.
MacAddress source_of(const sockaddr_ll& address) {
  MacAddress mac;
  if (address.sll_family == AF_PACKET && address.sll_halen == mac.octets.size()) {
    std::copy_n(address.sll_addr, mac.octets.size(), mac.octets.begin());
  }
  return mac;
}

}  // namespace

struct FrameBatch::Headers {
  std::array<mmsghdr, kFrames> messages{};
  std::array<iovec, kFrames> places{};
  std::array<sockaddr_ll, kFrames> sources{};
};

FrameBatch::FrameBatch()
    : octets_(std::make_unique_for_overwrite<std::uint8_t[]>(kFrames * kFrameSize)),
      headers_(std::make_unique<Headers>()) {
  for (std::size_t i = 0; i < kFrames; ++i) {
    headers_->places[i] = {&octets_[i * kFrameSize], kFrameSize};
    msghdr& header = headers_->messages[i].msg_hdr;
    header.msg_iov = &headers_->places[i];
    header.msg_iovlen = 1;
    header.msg_name = &headers_->sources[i];
  }
}

FrameBatch::~FrameBatch() = default;

SysResult<std::span<const ReceivedFrame>> FrameBatch::fill(int socket) {
  for (std::size_t i = 0; i < kFrames; ++i) {
    headers_->sources[i] = {};
    headers_->messages[i].msg_hdr.msg_namelen = sizeof headers_->sources[i];
  }
  const int count =
      recvmmsg(socket, headers_->messages.data(), kFrames, MSG_DONTWAIT, /*timeout=*/nullptr);
  if (count < 0 && errno == EAGAIN) return std::span<const ReceivedFrame>{};
  if (count < 0) return sys_failure("receive");
  std::size_t kept = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const mmsghdr& message = headers_->messages[i];
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) continue;
    frames_[kept++] = {source_of(headers_->sources[i]),
                       ByteView(&octets_[i * kFrameSize], message.msg_len)};
  }
  return std::span<const ReceivedFrame>(frames_).first(kept);
}

}  // namespace querent::net
