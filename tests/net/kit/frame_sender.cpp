#include "frame_sender.hpp"

#include <arpa/inet.h>
#include <array>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "net/socket_address.hpp"

namespace querent::test {

namespace {

os::SysResult<os::Fd> open_socket(const std::string& interface) {
  auto links = lab::Links::open();
  if (!links) return failure(links.error());
  const auto index = links->index_of(interface);
  if (!index) return failure(index.error());
  os::Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_LOOP);  // none that comes
  address.sll_ifindex = *index;
  if (!socket || ::bind(socket.number(), os::as_sockaddr(address), sizeof address) != 0)
    return os::sys_failure("open a packet socket");
  return socket;
}

}  // namespace

FrameSender::FrameSender(const lab::Namespace& where, const std::string& interface) {
  auto socket = where.inside([&] { return open_socket(interface); });
  EXPECT_TRUE(socket) << socket.error().to_string();
  socket_ = std::move(*socket);
}

void FrameSender::send(const Bytes& frame) const {
  EXPECT_EQ(::send(socket_.number(), frame.data(), frame.size(), 0),
            static_cast<ssize_t>(frame.size()))
      << os::SysError{"send a frame", errno}.to_string();
}

Bytes tagged(Bytes frame, std::uint16_t vlan) {
  constexpr std::ptrdiff_t kBehindAddresses = 12;
  const std::array<std::uint8_t, 4> tag{0x81, 0x00, static_cast<std::uint8_t>(vlan >> 8U),
                                        static_cast<std::uint8_t>(vlan)};
  frame.insert(frame.begin() + kBehindAddresses, tag.begin(), tag.end());
  return frame;
}

}  // namespace querent::test
