#include "net/netlink_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <libmnl/libmnl.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "base/check.hpp"
#include "net/socket_address.hpp"

namespace querent::net {
namespace {

constexpr std::size_t kDatagram = 65536;  // the kernel's own limit for dumps is half of that
constexpr int kAnswerWithin = 5000;       // milliseconds; the kernel answers at once
constexpr int kDumpAttempts = 5;

template <class Number>
Number number_in(ByteView octets) {
  Number value{};
  if (octets.size() >= sizeof value) std::memcpy(&value, octets.data(), sizeof value);
  return value;
}

const nlattr* attribute_at(ByteView octets) {
  return static_cast<const nlattr*>(static_cast<const void*>(octets.data()));
}

const nlmsghdr* message_at(ByteView octets) {
  return static_cast<const nlmsghdr*>(static_cast<const void*>(octets.data()));
}

ByteView without_front(ByteView octets, std::size_t size) {
  return octets.subspan(std::min(size, octets.size()));
}

std::vector<NetlinkMessage> split(ByteView datagram) {
  std::vector<NetlinkMessage> messages;
  while (mnl_nlmsg_ok(message_at(datagram), static_cast<int>(datagram.size()))) {
    const std::size_t size = message_at(datagram)->nlmsg_len;
    messages.emplace_back(datagram.first(size));
    datagram = without_front(datagram, MNL_ALIGN(size));
  }
  return messages;
}

}  // namespace

NetlinkRequest::NetlinkRequest(int type, int flags) {
  nlmsghdr* head = mnl_nlmsg_put_header(octets_.data());
  head->nlmsg_type = static_cast<std::uint16_t>(type);
  head->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
}

nlmsghdr* NetlinkRequest::header() {
  return static_cast<nlmsghdr*>(static_cast<void*>(octets_.data()));
}

ByteView NetlinkRequest::message() const {
  return ByteView(octets_).first(message_at(octets_)->nlmsg_len);
}

void* NetlinkRequest::append_body(std::size_t size) {
  CHECK(header()->nlmsg_len + MNL_ALIGN(size) <= octets_.size());
  return mnl_nlmsg_put_extra_header(header(), size);
}

NetlinkRequest& NetlinkRequest::octets(int type, ByteView value) {
  if (!mnl_attr_put_check(header(), octets_.size(), static_cast<std::uint16_t>(type), value.size(),
                          value.data())) {
    overflow_ = true;
  }
  return *this;
}

NetlinkRequest& NetlinkRequest::u8(int type, std::uint8_t value) {
  return octets(type, ByteView(&value, 1));
}

NetlinkRequest& NetlinkRequest::u16(int type, std::uint16_t value) {
  std::array<std::uint8_t, sizeof value> raw{};
  std::memcpy(raw.data(), &value, sizeof value);
  return octets(type, raw);
}

NetlinkRequest& NetlinkRequest::u32(int type, std::uint32_t value) {
  std::array<std::uint8_t, sizeof value> raw{};
  std::memcpy(raw.data(), &value, sizeof value);
  return octets(type, raw);
}

NetlinkRequest& NetlinkRequest::u64(int type, std::uint64_t value) {
  std::array<std::uint8_t, sizeof value> raw{};
  std::memcpy(raw.data(), &value, sizeof value);
  return octets(type, raw);
}

NetlinkRequest& NetlinkRequest::text(int type, std::string_view value) {
  Bytes terminated(value.begin(), value.end());
  terminated.push_back(0);
  return octets(type, terminated);
}

std::size_t NetlinkRequest::open_nest(int type, ByteView front) {
  const std::size_t start = header()->nlmsg_len;
  octets(type | NLA_F_NESTED, front);
  return start;
}

void NetlinkRequest::close_nest(std::size_t start) {
  if (overflow_) return;
  const auto size = static_cast<std::uint16_t>(header()->nlmsg_len - start);
  std::memcpy(&octets_.at(start), &size, sizeof size);
}

std::uint8_t NetlinkAttribute::u8() const {
  return number_in<std::uint8_t>(octets);
}
std::uint16_t NetlinkAttribute::u16() const {
  return number_in<std::uint16_t>(octets);
}
std::uint32_t NetlinkAttribute::u32() const {
  return number_in<std::uint32_t>(octets);
}
std::uint64_t NetlinkAttribute::u64() const {
  return number_in<std::uint64_t>(octets);
}

std::string NetlinkAttribute::text() const {
  return {octets.begin(), std::find(octets.begin(), octets.end(), 0)};
}

NetlinkAttributes NetlinkAttribute::nested(std::size_t skip) const {
  return NetlinkAttributes(without_front(octets, MNL_ALIGN(skip)));
}

NetlinkAttributes::NetlinkAttributes(ByteView octets) {
  while (mnl_attr_ok(attribute_at(octets), static_cast<int>(octets.size()))) {
    const nlattr* at = attribute_at(octets);
    const std::size_t size = mnl_attr_get_len(at);
    list_.push_back({mnl_attr_get_type(at), octets.first(size).subspan(MNL_ATTR_HDRLEN)});
    octets = without_front(octets, MNL_ALIGN(size));
  }
}

NetlinkAttribute NetlinkAttributes::find(int type) const {
  const auto found = std::find_if(list_.begin(), list_.end(),
                                  [type](const NetlinkAttribute& a) { return a.type == type; });
  return found == list_.end() ? NetlinkAttribute{} : *found;
}

nlmsghdr NetlinkMessage::header() const {
  return number_in<nlmsghdr>(octets_);
}

ByteView NetlinkMessage::behind(std::size_t body_size) const {
  return without_front(octets_, MNL_NLMSG_HDRLEN + MNL_ALIGN(body_size));
}

os::SysResult<NetlinkSocket> NetlinkSocket::open() {
  os::Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd) return os::sys_failure("open a netlink socket");
  // Without an address of its own a socket hears no news: it counts as their sender.
  sockaddr_nl any{};
  any.nl_family = AF_NETLINK;
  if (bind(fd.number(), os::as_sockaddr(any), sizeof any) != 0)
    return os::sys_failure("bind to netlink");
  NetlinkSocket opened(std::move(fd));
  opened.buffer_.resize(kDatagram);
  return opened;
}

os::SysResult<void> NetlinkSocket::join(unsigned group) {
  if (setsockopt(fd_.number(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0) {
    return os::sys_failure("join a netlink group");
  }
  return {};
}

void NetlinkSocket::enlarge_receive_buffer(int octets) {
  if (setsockopt(fd_.number(), SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) == 0) return;
  static_cast<void>(setsockopt(fd_.number(), SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets));
}

os::SysResult<void> NetlinkSocket::send(NetlinkRequest& request, int flags,
                                        const std::string& doing) {
  if (request.overflow_) return os::sys_failure(doing, EMSGSIZE);
  nlmsghdr* head = request.header();
  head->nlmsg_flags = static_cast<std::uint16_t>(head->nlmsg_flags | flags);
  head->nlmsg_seq = ++sequence_;
  if (::send(fd_.number(), head, head->nlmsg_len, 0) < 0) return os::sys_failure(doing);
  return {};
}

// Up to the acknowledgement, or the end of the dump.
os::SysResult<NetlinkSocket::Answer> NetlinkSocket::collect(const std::string& doing) {
  Answer answer;
  for (;;) {
    pollfd waiting{fd_.number(), POLLIN, 0};
    const int ready = poll(&waiting, 1, kAnswerWithin);
    if (ready < 0 && errno != EINTR) return os::sys_failure(doing);
    if (ready == 0) return os::sys_failure(doing, ETIMEDOUT);
    auto received = receive();
    if (!received) return os::sys_failure(doing, received.error().number);
    for (NetlinkMessage& message : *received) {
      if (message.sequence() != sequence_) continue;
      if ((message.flags() & NLM_F_DUMP_INTR) != 0) answer.consistent = false;
      const int type = message.type();
      if (type != NLMSG_ERROR && type != NLMSG_DONE) {
        answer.messages.push_back(std::move(message));
        continue;
      }
      const int error = message.body<int>().value_or(0);
      if (error != 0) return os::sys_failure(doing, -error);
      return answer;
    }
  }
}

os::SysResult<void> NetlinkSocket::execute(NetlinkRequest request, const std::string& doing) {
  if (auto sent = send(request, NLM_F_ACK, doing); !sent) return sent;
  const auto answer = collect(doing);
  if (!answer) return failure(answer.error());
  return {};
}

os::SysResult<NetlinkMessage> NetlinkSocket::ask(NetlinkRequest request, const std::string& doing) {
  if (auto sent = send(request, NLM_F_ACK, doing); !sent) return failure(sent.error());
  auto answer = collect(doing);
  if (!answer) return failure(answer.error());
  if (answer->messages.empty()) return os::sys_failure(doing, ENODATA);
  return std::move(answer->messages.front());
}

os::SysResult<NetlinkSocket::Answer> NetlinkSocket::dump_once(NetlinkRequest& request,
                                                              const std::string& doing) {
  if (auto sent = send(request, NLM_F_DUMP, doing); !sent) return failure(sent.error());
  return collect(doing);
}

os::SysResult<std::vector<NetlinkMessage>> NetlinkSocket::dump(NetlinkRequest request,
                                                               const std::string& doing) {
  auto answer = dump_once(request, doing);
  for (int again = 1; again < kDumpAttempts && answer && !answer->consistent; ++again) {
    answer = dump_once(request, doing);
  }
  if (!answer) return failure(answer.error());
  return std::move(answer->messages);
}

os::SysResult<std::vector<NetlinkMessage>> NetlinkSocket::receive() {
  for (;;) {
    sockaddr_nl sender{};
    iovec space{buffer_.data(), buffer_.size()};
    msghdr header{};
    header.msg_name = &sender;
    header.msg_namelen = sizeof sender;
    header.msg_iov = &space;
    header.msg_iovlen = 1;
    const ssize_t size = recvmsg(fd_.number(), &header, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return {};
    if (size < 0) return os::sys_failure("receive from netlink");
    if (sender.nl_pid != 0) continue;  // not from the kernel
    // What did not fit is lost, like what the kernel had no room for.
    if ((header.msg_flags & MSG_TRUNC) != 0)
      return os::sys_failure("receive from netlink", ENOBUFS);
    return split(ByteView(buffer_).first(static_cast<std::size_t>(size)));
  }
}

}  // namespace querent::net
