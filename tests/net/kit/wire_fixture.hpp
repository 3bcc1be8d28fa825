#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <poll.h>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "lab/namespace.hpp"
#include "net/frame_batch.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"
#include "querent/address.hpp"
#include "wire/codec.hpp"

// Two hosts and the cable between them:
//
//   here: eth0, 10.0.0.1, 02:00:00:00:00:01  ------  there: eth0, 10.0.0.2, 02:00:00:00:00:02

namespace querent::net::test {

inline constexpr MacAddress kMacHere{{2, 0, 0, 0, 0, 1}};
inline constexpr MacAddress kMacThere{{2, 0, 0, 0, 0, 2}};
inline constexpr Address kHere = Address::v4(10, 0, 0, 1);
inline constexpr Address kThere = Address::v4(10, 0, 0, 2);
inline constexpr Address kAllHosts = Address::v4(224, 0, 0, 1);
inline constexpr Address kGroup = Address::v4(239, 1, 2, 3);

// What came out of a socket, owned.
struct Heard {
  MacAddress source;
  Bytes packet;
};

// IGMP packets. A query goes to 224.0.0.1 whatever it asks about, a report to where it belongs.
Bytes query(Address source, Address group);
Bytes report(Version version, Address source, Address group);
// Puts the header's checksum right.
void seal(Bytes& packet);
// A query of version 3 that only says: all that was sent before this is over. (One of version 2
// would make the host that hears it speak version 2.)
Bytes marker(Address source);
// The same as a report, for who hears no queries.
Bytes marking_report(Address source);
bool is_marker(const Heard& heard);

// The group that a packet asks about, reports or leaves (the first one); :: when it is no IGMP.
Address group_of(const Heard& heard);
// How many of them are reports of (leaves from) the group, said in this version.
std::size_t reports_of(const std::vector<Heard>& heard, Version version, Address group);
std::size_t leaves_of(const std::vector<Heard>& heard, Version version, Address group);

MacAddress multicast_mac(Address group);
// An Ethernet frame from kMacThere. `tags` stand between the addresses and the type.
Bytes frame(MacAddress destination, ByteView packet, const Bytes& tags = {});

// Whether the descriptor has something to say now, or within the time.
bool is_ready(const os::Fd& fd, std::chrono::milliseconds within = std::chrono::milliseconds{0});

inline constexpr std::chrono::seconds kPatience{10};

// All that the socket hears until `last`, which is part of it. Not to hear it fails the test.
template <class Socket>
std::vector<Heard> hear_until(Socket& socket, const std::function<bool(const Heard&)>& last) {
  FrameBatch batch;
  std::vector<Heard> all;
  const Instant deadline = os::now() + kPatience;
  while (os::now() < deadline) {
    const auto frames = socket.receive(batch);
    if (!frames) {
      ADD_FAILURE() << frames.error().to_string();
      return all;
    }
    bool over = false;
    for (const ReceivedFrame& one : *frames) {
      all.push_back({one.source, Bytes(one.packet.begin(), one.packet.end())});
      over = over || last(all.back());
    }
    if (over) return all;
    is_ready(socket.fd(), kPatience);
  }
  ADD_FAILURE() << "what was waited for never came, after " << all.size() << " others";
  return all;
}

template <class Socket>
std::vector<Heard> hear_until_marker(Socket& socket) {
  auto heard = hear_until(socket, is_marker);
  std::erase_if(heard, is_marker);
  return heard;
}

class Wire : public testing::Test {
 protected:
  void SetUp() override;

  // A refusal fails the test.
  static void must(const os::SysResult<void>& done);
  static int index_in(lab::Namespace& space, const std::string& interface = "eth0");
  // A socket on an interface there. Not to get it ends the test.
  template <class Socket>
  static Socket open_in(lab::Namespace& space, const std::string& interface = "eth0",
                        Family family = Family::kIPv4) {
    const int index = index_in(space, interface);
    auto opened = space.inside([&] { return Socket::open(index, family); });
    EXPECT_TRUE(opened) << opened.error().to_string();
    return std::move(opened.value());
  }

  // Both ends were set up; until both know it, what is sent may be lost.
  void await_cable();
  // A whole frame onto the cable, by the other host.
  void there_sends(const Bytes& frame) const;
  // The frame, then a marker.
  void there_sends_then_marks(const Bytes& frame) const;
  // This host joins, until what is returned is closed.
  os::Fd join_here(Address group);

  lab::Namespace& here() { return *here_; }
  lab::Namespace& there() { return *there_; }

 private:
  std::optional<lab::Namespace> here_;
  std::optional<lab::Namespace> there_;
  os::Fd cable_;  // sends frames as they are, in there()
};

}  // namespace querent::net::test
