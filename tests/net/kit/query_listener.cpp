#include "query_listener.hpp"

#include <array>
#include <ctime>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <variant>

#include <gtest/gtest.h>

#include "net/packet_socket.hpp"
#include "net/socket_address.hpp"
#include "os/clock.hpp"
#include "wire/codec.hpp"

namespace querent::test {

namespace {

// The kernel stamps packets with the time of day.
Instant on_our_clock(const timespec& time_of_day) {
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  const Instant now = os::now();
  const auto seconds = std::chrono::seconds(wall.tv_sec - time_of_day.tv_sec);
  const auto rest = std::chrono::nanoseconds(wall.tv_nsec - time_of_day.tv_nsec);
  return now - seconds - rest;
}

std::optional<HeardFrame> receive_one(int socket, Family family) {
  Bytes octets(65536);
  sockaddr_ll from{};
  iovec part{octets.data(), octets.size()};
  std::array<std::uint8_t, 256> control{};
  msghdr header{};
  header.msg_name = &from;
  header.msg_namelen = sizeof from;
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket, &header, MSG_DONTWAIT);
  if (size < 0) return std::nullopt;
  octets.resize(static_cast<std::size_t>(size));
  HeardFrame sighting{.at = os::now(), .mac = {}, .octets = std::move(octets), .packet = {}};
  std::copy_n(from.sll_addr, sighting.mac.octets.size(), sighting.mac.octets.begin());
  for (const cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr;) {
    if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_TIMESTAMPNS) {
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(one), sizeof stamp);
      sighting.at = on_our_clock(stamp);
    }
    break;
  }
  if (auto packet = wire::decode(family, sighting.octets)) sighting.packet = *packet;
  return sighting;
}

os::Fd open_ear(const lab::Namespace& where, int index, Family family) {
  auto socket = where.inside([&]() -> os::SysResult<os::Fd> {
    auto opened = net::PacketSocket::open(index, family);
    if (!opened) return failure(opened.error());
    return os::Fd(::dup(opened->fd().number()));
  });
  EXPECT_TRUE(socket) << socket.error().to_string();
  const int yes = 1;
  EXPECT_EQ(setsockopt(socket->number(), SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes), 0);
  return std::move(*socket);
}

}  // namespace

const Query* HeardFrame::query() const {
  return packet ? std::get_if<Query>(&packet->message) : nullptr;
}

const Query* HeardFrame::general_query() const {
  const auto* asked = query();
  return asked != nullptr && asked->is_general() ? asked : nullptr;
}

QueryListener::QueryListener(const lab::Namespace& where, const std::string& interface,
                             Family family)
    : family_(family), stop_(eventfd(0, EFD_CLOEXEC)) {
  auto links = where.inside([] { return lab::Links::open(); });
  const auto index = links->index_of(interface);
  EXPECT_TRUE(index) << index.error().to_string();
  socket_ = open_ear(where, index.value_or(0), family_);
  thread_ = std::thread([this] { listen(); });
}

QueryListener::~QueryListener() {
  eventfd_write(stop_.number(), 1);
  thread_.join();
}

void QueryListener::listen() {
  for (;;) {
    std::array<pollfd, 2> watched{{{socket_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}}};
    poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0) return;
    while (auto sighting = receive_one(socket_.number(), family_)) {
      const std::scoped_lock lock(mutex_);
      sightings_.push_back(std::move(*sighting));
    }
    more_.notify_all();
  }
}

std::vector<HeardFrame> QueryListener::all() const {
  const std::scoped_lock lock(mutex_);
  return sightings_;
}

std::size_t QueryListener::heard() const {
  const std::scoped_lock lock(mutex_);
  return sightings_.size();
}

std::optional<HeardFrame> QueryListener::await(const Test& test, Duration patience,
                                               std::size_t from) const {
  std::unique_lock lock(mutex_);
  std::optional<HeardFrame> found;
  std::size_t looked_at = from;
  more_.wait_for(lock, patience, [&] {
    for (; !found && looked_at < sightings_.size(); ++looked_at)
      if (test(sightings_[looked_at])) found = sightings_[looked_at];
    return found.has_value();
  });
  return found;
}

std::vector<HeardFrame> QueryListener::general_queries(Address source, std::size_t from) const {
  const auto test = general_query_from(source);
  std::vector<HeardFrame> queries;
  const std::scoped_lock lock(mutex_);
  for (std::size_t at = from; at < sightings_.size(); ++at)
    if (test(sightings_[at])) queries.push_back(sightings_[at]);
  return queries;
}

QueryListener::Test general_query_from(Address source) {
  return [source](const HeardFrame& sighting) {
    return sighting.general_query() != nullptr && sighting.packet->source == source;
  };
}

}  // namespace querent::test
