#include "net/frame_batch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "net/ipv6_headers.hpp"

namespace querent::net {

namespace {

MacAddress mac_of(const sockaddr_storage& source) {
  MacAddress mac;
  if (source.ss_family != AF_PACKET) return mac;
  sockaddr_ll link{};
  std::memcpy(&link, &source, sizeof link);
  if (link.sll_halen == mac.octets.size()) {
    std::copy_n(link.sll_addr, mac.octets.size(), mac.octets.begin());
  }
  return mac;
}

}  // namespace

struct FrameBatch::Headers {
  std::array<mmsghdr, kFrames> messages{};
  std::array<iovec, kFrames> places{};
  std::array<sockaddr_storage, kFrames> sources{};
  std::array<Ipv6Ancillary, kFrames> ancillaries{};
};

FrameBatch::FrameBatch()
    : octets_(std::make_unique_for_overwrite<std::uint8_t[]>(kFrames * kPlace)),
      headers_(std::make_unique<Headers>()) {
  for (std::size_t i = 0; i < kFrames; ++i) {
    headers_->places[i] = {&octets_[i * kPlace + kHeadroom], kFrameSize};
    msghdr& header = headers_->messages[i].msg_hdr;
    header.msg_iov = &headers_->places[i];
    header.msg_iovlen = 1;
    header.msg_name = &headers_->sources[i];
    header.msg_control = &headers_->ancillaries[i];
  }
}

FrameBatch::~FrameBatch() = default;

os::SysResult<std::span<const ReceivedFrame>> FrameBatch::fill(int socket, Content content) {
  for (std::size_t i = 0; i < kFrames; ++i) {
    headers_->sources[i].ss_family = AF_UNSPEC;
    msghdr& header = headers_->messages[i].msg_hdr;
    header.msg_namelen = sizeof headers_->sources[i];
    header.msg_controllen = content == Content::kPacket ? 0 : sizeof headers_->ancillaries[i];
  }
  const int count =
      recvmmsg(socket, headers_->messages.data(), kFrames, MSG_DONTWAIT, /*timeout=*/nullptr);
  if (count < 0 && errno == EAGAIN) return std::span<const ReceivedFrame>{};
  if (count < 0) return os::sys_failure("receive");
  std::size_t kept = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const auto packet = packet_at(i, content);
    if (packet) frames_[kept++] = {mac_of(headers_->sources[i]), *packet};
  }
  return std::span<const ReceivedFrame>(frames_).first(kept);
}

std::optional<ByteView> FrameBatch::packet_at(std::size_t index, Content content) {
  mmsghdr& message = headers_->messages[index];
  if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) return std::nullopt;
  const auto place = std::span(&octets_[index * kPlace], kPlace);
  if (content == Content::kPacket) return place.subspan(kHeadroom, message.msg_len);
  const std::size_t headers =
      restore_ipv6_headers(message.msg_hdr, message.msg_len, place.first(kHeadroom));
  if (headers == 0) return std::nullopt;
  return place.subspan(kHeadroom - headers, headers + message.msg_len);
}

}  // namespace querent::net
