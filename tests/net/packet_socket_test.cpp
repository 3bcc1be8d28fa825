#include "net/packet_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/wire_fixture.hpp"
#include "os/poller.hpp"

namespace querent::net::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PacketSocketTest : public Wire {
 protected:
  PacketSocket open(const std::string& interface = "eth0") {
    return open_in<PacketSocket>(here(), interface);
  }

  // What this host hears of one frame from the other.
  std::vector<Heard> heard_of(const Bytes& frame) {
    PacketSocket socket = open();
    there_sends_then_marks(frame);
    return hear_until_marker(socket);
  }
};

TEST_F(PacketSocketTest, HearsQueriesAndReportsWithTheirMac) {
  for (const Bytes& packet : {query(kThere, Address::v4(0)), report(Version::k2, kThere, kGroup),
                              report(Version::k3, kThere, kGroup)}) {
    const auto heard = heard_of(frame(multicast_mac(kGroup), packet));
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_EQ(heard.front().source, kMacThere);
    EXPECT_EQ(heard.front().packet, packet);
  }
}

TEST_F(PacketSocketTest, HearsWhatIsForThisHostItself) {
  EXPECT_THAT(heard_of(frame(kMacHere, query(kThere, kGroup))), SizeIs(1));
}

// A macvlan lets only those groups through that somebody on it has asked for, as hardware does.
TEST_F(PacketSocketTest, HearsGroupsThatNobodyHereHasJoined) {
  must(here().links().add_macvlan({"child0"}, "eth0"));
  must(here().links().set_up("child0"));
  PacketSocket socket = open("child0");
  there_sends_then_marks(frame(multicast_mac(kGroup), report(Version::k2, kThere, kGroup)));
  EXPECT_THAT(hear_until_marker(socket), SizeIs(1));
}

TEST_F(PacketSocketTest, DoesNotHearWhatIsForAnotherHost) {
  const MacAddress other{{2, 0, 0, 0, 0, 99}};
  EXPECT_THAT(heard_of(frame(other, query(kThere, kGroup))), IsEmpty());
}

TEST_F(PacketSocketTest, DoesNotHearWhatCarriesAVlanTag) {
  const Bytes vlan5{0x81, 0x00, 0x00, 0x05};
  EXPECT_THAT(heard_of(frame(multicast_mac(kAllHosts), query(kThere, kGroup), vlan5)), IsEmpty());
}

TEST_F(PacketSocketTest, HearsWhatCarriesAPriorityAndNoVlan) {
  const Bytes priority7{0x81, 0x00, 0xE0, 0x00};
  EXPECT_THAT(heard_of(frame(multicast_mac(kAllHosts), query(kThere, kGroup), priority7)),
              SizeIs(1));
}

TEST_F(PacketSocketTest, HearsIgmpAlone) {
  Bytes udp = query(kThere, kGroup);
  udp[9] = 17;
  EXPECT_THAT(heard_of(frame(multicast_mac(kAllHosts), udp)), IsEmpty());
  Bytes not_ip = frame(multicast_mac(kAllHosts), query(kThere, kGroup));
  not_ip[12] = 0x88;
  EXPECT_THAT(heard_of(not_ip), IsEmpty());
  EXPECT_THAT(heard_of(frame(multicast_mac(kAllHosts), Bytes(8, 2))), IsEmpty());
}

TEST_F(PacketSocketTest, HearsFragments) {
  Bytes first = query(kThere, kGroup);
  first[6] = 0x20;  // more follow
  seal(first);
  Bytes later = query(kThere, kGroup);
  later[7] = 3;  // offset
  seal(later);
  for (const Bytes& packet : {first, later}) {
    const auto heard = heard_of(frame(multicast_mac(kAllHosts), packet));
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_EQ(wire::decode(Family::kIPv4, heard.front().packet).error(),
              wire::DropReason::kIpFragment);
  }
}

TEST_F(PacketSocketTest, HearsTheLargestPacketWhole) {
  must(here().links().set_mtu("eth0", 65535));
  must(there().links().set_mtu("eth0", 65535));
  Bytes large = query(kThere, kGroup);
  large.resize(65535, 7);
  const auto heard = heard_of(frame(multicast_mac(kAllHosts), large));
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_EQ(heard.front().packet, large);
}

// A macvlan child takes frames for its own address from its parent, as a VLAN child does.
TEST_F(PacketSocketTest, DoesNotHearWhatAChildOfTheInterfaceGets) {
  const MacAddress child{{2, 0, 0, 0, 0, 33}};
  must(here().links().add_macvlan({"child0", child}, "eth0"));
  must(here().links().set_up("child0"));
  PacketSocket on_parent = open("eth0");
  PacketSocket on_child = open("child0");
  there_sends_then_marks(frame(child, query(kThere, kGroup)));
  EXPECT_THAT(hear_until_marker(on_parent), IsEmpty());
  EXPECT_THAT(hear_until_marker(on_child), SizeIs(1));
}

TEST_F(PacketSocketTest, SendsToTheWireAndDoesNotHearItself) {
  PacketSocket socket = open();
  auto other = open_in<PacketSocket>(there());
  const Bytes packet = query(Address::v4(0), kGroup);  // the source stays
  ASSERT_TRUE(socket.send(packet, multicast_mac(kAllHosts)));
  const auto heard = hear_until(other, [](const Heard& one) { return group_of(one) == kGroup; });
  EXPECT_EQ(heard.back().source, kMacHere);
  EXPECT_EQ(heard.back().packet, packet);
  there_sends_then_marks({frame(multicast_mac(kAllHosts), query(kThere, kHere))});
  EXPECT_THAT(hear_until_marker(socket), SizeIs(1));
}

TEST_F(PacketSocketTest, SaysWhySendingFailed) {
  PacketSocket socket = open();
  const auto too_long = socket.send(Bytes(1501), multicast_mac(kAllHosts));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().to_string(), "cannot send: Message too long (EMSGSIZE)");
}

TEST_F(PacketSocketTest, HearsABatchAndThenTheRest) {
  PacketSocket socket = open();
  for (std::size_t i = 0; i < FrameBatch::kFrames + 1; ++i) {
    there_sends(frame(multicast_mac(kAllHosts), query(kThere, kGroup)));
  }
  FrameBatch batch;
  ASSERT_TRUE(is_ready(socket.fd(), kPatience));
  EXPECT_THAT(socket.receive(batch).value(), SizeIs(FrameBatch::kFrames));
  EXPECT_TRUE(is_ready(socket.fd()));
  EXPECT_THAT(socket.receive(batch).value(), SizeIs(1));
  EXPECT_FALSE(is_ready(socket.fd()));
  EXPECT_THAT(socket.receive(batch).value(), IsEmpty());
}

TEST_F(PacketSocketTest, HoldsThousandsOfPacketsAndCountsTheRest) {
  constexpr std::size_t kSent = 40000;
  PacketSocket socket = open();
  const Bytes packet = frame(multicast_mac(kAllHosts), query(kThere, kGroup));
  for (std::size_t i = 0; i < kSent; ++i)
    there_sends(packet);
  FrameBatch batch;
  std::size_t received = 0;
  while (true) {
    const auto frames = socket.receive(batch);
    ASSERT_TRUE(frames);
    if (frames->empty()) break;
    received += frames->size();
  }
  const std::uint64_t dropped = socket.take_drops();
  EXPECT_GT(dropped, 0U);
  EXPECT_LE(received + dropped, kSent);
  // The cable itself may lose some of a flood, and how much room there is depends on the system.
  EXPECT_GT(received + dropped, kSent / 2);
  EXPECT_GT(received, FrameBatch::kFrames);
  EXPECT_EQ(socket.take_drops(), 0U);
}

TEST_F(PacketSocketTest, HasAsMuchRoomAsTheSystemAllows) {
  long most = 0;
  ASSERT_TRUE(std::ifstream("/proc/sys/net/core/rmem_max") >> most);
  const PacketSocket socket = open();
  int room = 0;
  socklen_t size = sizeof room;
  ASSERT_EQ(getsockopt(socket.fd().number(), SOL_SOCKET, SO_RCVBUF, &room, &size), 0);
  EXPECT_EQ(room, 2 * std::min(most, 4L << 20));  // twice: for the kernel's own needs
}

TEST_F(PacketSocketTest, AnInterfaceThatGoesDownIsOneErrorThenSilence) {
  PacketSocket socket = open();
  FrameBatch batch;
  auto poller = os::Poller::open().value();
  int errors = 0;
  ASSERT_TRUE(poller.watch(socket.fd(), [&] {
    const auto frames = socket.receive(batch);
    if (frames) return;
    EXPECT_EQ(frames.error().number, ENETDOWN);
    ++errors;
  }));
  must(here().links().set_down("eth0"));
  ASSERT_TRUE(poller.wait([] {}));
  EXPECT_EQ(errors, 1);
  EXPECT_FALSE(is_ready(socket.fd()));
  EXPECT_THAT(socket.receive(batch).value(), IsEmpty());
  must(here().links().set_up("eth0"));
  await_cable();
  there_sends_then_marks(frame(multicast_mac(kAllHosts), query(kThere, kGroup)));
  EXPECT_THAT(hear_until_marker(socket), SizeIs(1));
}

TEST_F(PacketSocketTest, ABatchRemembersNoMacForOtherSockets) {
  PacketSocket socket = open();
  there_sends(frame(multicast_mac(kAllHosts), query(kThere, kGroup)));
  ASSERT_TRUE(is_ready(socket.fd(), kPatience));
  FrameBatch batch;
  EXPECT_EQ(socket.receive(batch).value()[0].source, kMacThere);
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const os::Fd in{ends[0]};
  const os::Fd out{ends[1]};
  ASSERT_EQ(::send(in.number(), "x", 1, 0), 1);
  EXPECT_FALSE(batch.fill(out.number()).value()[0].source.is_known());
}

TEST_F(PacketSocketTest, FramesThatCameBeforeTheErrorAreStillThere) {
  PacketSocket socket = open();
  there_sends(frame(multicast_mac(kAllHosts), query(kThere, kGroup)));
  ASSERT_TRUE(is_ready(socket.fd(), kPatience));
  must(here().links().set_down("eth0"));
  FrameBatch batch;
  EXPECT_EQ(socket.receive(batch).error().number, ENETDOWN);
  EXPECT_THAT(socket.receive(batch).value(), SizeIs(1));
}

TEST_F(PacketSocketTest, WorksWhereThereIsNoLinkLayer) {
  os::Fd tun;
  must(here().inside([&] { tun = os::Fd{::open("/dev/net/tun", O_RDWR | O_CLOEXEC)}; }));
  if (!tun) GTEST_SKIP() << "no /dev/net/tun";
  ifreq wanted{};
  wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strcpy(wanted.ifr_name, "tun0");
  ASSERT_EQ(ioctl(tun.number(), TUNSETIFF, &wanted), 0);
  must(here().links().set_up("tun0"));
  PacketSocket socket = open("tun0");
  const Bytes packet = query(kThere, kGroup);
  ASSERT_EQ(::write(tun.number(), packet.data(), packet.size()),
            static_cast<ssize_t>(packet.size()));
  const auto heard = hear_until(socket, [](const Heard&) { return true; });
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_EQ(heard.front().packet, packet);
  EXPECT_FALSE(heard.front().source.is_known());

  ASSERT_TRUE(socket.send(packet, multicast_mac(kAllHosts)));
  Bytes came(2000);
  do {
    came.resize(2000);
    ASSERT_TRUE(is_ready(tun, kPatience));
    const auto size = ::read(tun.number(), came.data(), came.size());
    ASSERT_GT(size, 0);
    came.resize(static_cast<std::size_t>(size));
  } while (came != packet);  // the kernel sends some of its own
}

TEST_F(PacketSocketTest, SaysWhyItCannotBeOpened) {
  const int index = index_in(here());
  must(here().inside([&] {
    EXPECT_EQ(PacketSocket::open(4711, Family::kIPv4).error().to_string(),
              "cannot bind a packet socket to its interface: No such device (ENODEV)");
    EXPECT_EQ(PacketSocket::open(0, Family::kIPv4).error().number, ENODEV);
    EXPECT_EQ(PacketSocket::open(-1, Family::kIPv4).error().number, ENODEV);
    EXPECT_TRUE(PacketSocket::open(index, Family::kIPv6));
  }));
}

using PacketSocketDeathTest = PacketSocketTest;

TEST_F(PacketSocketDeathTest, NeedsNetRaw) {
  const auto try_as_nobody = [&] {
    if (setuid(65534) != 0) _exit(2);
    const auto opened = PacketSocket::open(1, Family::kIPv4);
    std::cerr << (opened ? "opened" : opened.error().to_string()) << '\n';
    _exit(opened ? 1 : 0);
  };
  EXPECT_EXIT(try_as_nobody(), testing::ExitedWithCode(0),
              "cannot open a packet socket: Operation not permitted \\(EPERM\\)");
}

}  // namespace
}  // namespace querent::net::test
