#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/netlink.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "os/fd.hpp"
#include "os/sys_error.hpp"

// rtnetlink by values: a request is built, sent and answered; what arrives is owned.

namespace querent::net {

// One message to the kernel. What does not fit into it makes the request fail with EMSGSIZE.
class NetlinkRequest {
 public:
  // As in NetlinkRequest(RTM_NEWLINK, NLM_F_CREATE); NLM_F_REQUEST is understood.
  explicit NetlinkRequest(int type, int flags = 0);

  // The fixed part behind the header (ifinfomsg, rtmsg, ...): once, before any attribute.
  template <class Body>
  NetlinkRequest& body(const Body& value) {
    std::memcpy(append_body(sizeof value), &value, sizeof value);
    return *this;
  }

  NetlinkRequest& flag(int type) { return octets(type, {}); }
  NetlinkRequest& u8(int type, std::uint8_t value);
  NetlinkRequest& u16(int type, std::uint16_t value);  // host byte order, like the next two
  NetlinkRequest& u32(int type, std::uint32_t value);
  NetlinkRequest& u64(int type, std::uint64_t value);
  NetlinkRequest& text(int type, std::string_view value);
  NetlinkRequest& octets(int type, ByteView value);

  // What was put so far, header included. It lives as long as the request.
  ByteView message() const;

  // What `fill(request)` puts goes into an attribute of that type, behind `front`.
  template <class Fill>
  NetlinkRequest& nest(int type, Fill fill, ByteView front = {}) {
    const std::size_t start = open_nest(type, front);
    fill(*this);
    close_nest(start);
    return *this;
  }

 private:
  friend class NetlinkSocket;

  nlmsghdr* header();
  void* append_body(std::size_t size);
  std::size_t open_nest(int type, ByteView front);
  void close_nest(std::size_t start);

  alignas(nlmsghdr) std::array<std::uint8_t, 4096> octets_{};
  bool overflow_ = false;
};

class NetlinkAttributes;

// Valid as long as the message it was found in.
struct NetlinkAttribute {
  int type = 0;
  ByteView octets;

  // Host byte order; 0 when the attribute is shorter than that.
  std::uint8_t u8() const;
  std::uint16_t u16() const;
  std::uint32_t u32() const;
  std::uint64_t u64() const;
  // Up to the first NUL.
  std::string text() const;
  // The attributes inside it, behind a fixed part of `skip` octets.
  NetlinkAttributes nested(std::size_t skip = 0) const;
};

class NetlinkAttributes {
 public:
  // One attribute after the other; the last one may be cut off, and is ignored.
  explicit NetlinkAttributes(ByteView octets);

  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  // The first of that type; an empty one (type 0) when there is none.
  NetlinkAttribute find(int type) const;
  bool has(int type) const { return find(type).type != 0; }

 private:
  std::vector<NetlinkAttribute> list_;
};

// One message from the kernel.
class NetlinkMessage {
 public:
  explicit NetlinkMessage(ByteView octets) : octets_(octets.begin(), octets.end()) {}

  int type() const { return header().nlmsg_type; }
  unsigned flags() const { return header().nlmsg_flags; }
  std::uint32_t sequence() const { return header().nlmsg_seq; }

  // The fixed part; nothing when the message is too short for it.
  template <class Body>
  std::optional<Body> body() const {
    const ByteView payload = behind(0);
    if (payload.size() < sizeof(Body)) return std::nullopt;
    Body value{};
    std::memcpy(&value, payload.data(), sizeof value);
    return value;
  }
  // The attributes behind such a fixed part. They live as long as the message.
  template <class Body>
  NetlinkAttributes attributes() const {
    return NetlinkAttributes(behind(sizeof(Body)));
  }

 private:
  nlmsghdr header() const;
  ByteView behind(std::size_t body_size) const;

  Bytes octets_;
};

// Belongs to the network namespace it was opened in, whichever thread uses it. One that has joined
// groups is for receive() alone.
class NetlinkSocket {
 public:
  static os::SysResult<NetlinkSocket> open();

  const os::Fd& fd() const { return fd_; }

  // Of RTNLGRP_LINK and its like.
  os::SysResult<void> join(unsigned group);
  // As near to `octets` as this process may have it.
  void enlarge_receive_buffer(int octets);

  // Does what the request says; the error says `doing`, and why the kernel would not.
  os::SysResult<void> execute(NetlinkRequest request, const std::string& doing);
  // The one message that answers the request.
  os::SysResult<NetlinkMessage> ask(NetlinkRequest request, const std::string& doing);
  // All messages of a dump. When the table changed meanwhile it is asked for again, a few times;
  // the last answer stands: who has joined the table's group will hear what it missed.
  os::SysResult<std::vector<NetlinkMessage>> dump(NetlinkRequest request, const std::string& doing);

  // What has arrived, one datagram's worth, without waiting; none when nothing has. ENOBUFS:
  // messages were lost, and those before the loss are still to be received.
  os::SysResult<std::vector<NetlinkMessage>> receive();

 private:
  explicit NetlinkSocket(os::Fd fd) : fd_(std::move(fd)) {}

  struct Answer {
    std::vector<NetlinkMessage> messages;
    bool consistent = true;
  };

  os::SysResult<void> send(NetlinkRequest& request, int flags, const std::string& doing);
  os::SysResult<Answer> collect(const std::string& doing);
  os::SysResult<Answer> dump_once(NetlinkRequest& request, const std::string& doing);

  os::Fd fd_;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace querent::net
