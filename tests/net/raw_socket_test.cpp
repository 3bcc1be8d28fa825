#include "net/raw_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/wire_fixture.hpp"
#include "net/packet_socket.hpp"

namespace querent::net::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class RawSocketTest : public Wire {
 protected:
  void SetUp() override {
    Wire::SetUp();
    if (HasFatalFailure()) return;
    wire_here_ = open_in<PacketSocket>(here());
    wire_there_ = open_in<PacketSocket>(there());
  }

  // All that the own host has said so far, from its last report of `group` on back.
  static std::vector<Heard> hear_own(RawSocket& raw, Version version, Address group) {
    auto heard =
        hear_until(raw, [&](const Heard& one) { return reports_of({one}, version, group) == 1; });
    append(heard, hear_own(raw));
    return heard;
  }
  static std::vector<Heard> hear_own(RawSocket& raw) {
    EXPECT_TRUE(raw.send(marking_report(kHere), kAllHosts));
    return hear_until_marker(raw);
  }
  static void append(std::vector<Heard>& to, const std::vector<Heard>& more) {
    to.insert(to.end(), more.begin(), more.end());
  }
  // What the packet socket of this host has heard so far.
  std::vector<Heard> hear_wire_here() {
    there_sends(frame(multicast_mac(kAllHosts), marker(kThere)));
    return hear_until_marker(*wire_here_);
  }

  void joins_and_leaves(Version version);

  std::optional<PacketSocket> wire_here_;
  std::optional<PacketSocket> wire_there_;
};

// The own host's reports and leaves loop back to us, once; the wire does not repeat them.
void RawSocketTest::joins_and_leaves(Version version) {
  auto raw = open_in<RawSocket>(here());
  std::vector<Heard> heard;
  {
    const os::Fd member = join_here(kGroup);
    append(heard, hear_own(raw, version, kGroup));
  }
  append(heard,
         hear_until(raw, [&](const Heard& one) { return leaves_of({one}, version, kGroup) == 1; }));
  append(heard, hear_own(raw));
  EXPECT_EQ(reports_of(heard, version, kGroup), 1U);
  EXPECT_EQ(leaves_of(heard, version, kGroup), 1U);
  for (const Heard& one : heard)
    EXPECT_FALSE(one.source.is_known());

  EXPECT_THAT(hear_wire_here(), IsEmpty());
  const auto there = hear_until_marker(*wire_there_);
  EXPECT_EQ(reports_of(there, version, kGroup), 1U);
}

TEST_F(RawSocketTest, HearsTheOwnHostJoinAndLeaveInVersion2) {
  must(here().force_igmp_version("eth0", 2));
  joins_and_leaves(Version::k2);
}

TEST_F(RawSocketTest, HearsTheOwnHostJoinAndLeaveInVersion3) {
  joins_and_leaves(Version::k3);
}

TEST_F(RawSocketTest, HearsVersion1Reports) {
  must(here().force_igmp_version("eth0", 1));
  auto raw = open_in<RawSocket>(here());
  const os::Fd member = join_here(kGroup);
  EXPECT_EQ(reports_of(hear_own(raw, Version::k1, kGroup), Version::k1, kGroup), 1U);
}

TEST_F(RawSocketTest, DoesNotHearOthersEvenInGroupsOfItsOwn) {
  auto raw = open_in<RawSocket>(here());
  const os::Fd member = join_here(kGroup);
  for (const Bytes& packet : {report(Version::k2, kThere, kGroup),
                              report(Version::k3, kThere, kGroup), query(kThere, kGroup)}) {
    const Address to = wire::decode(Family::kIPv4, packet)->destination;
    there_sends(frame(multicast_mac(to), packet));
  }
  EXPECT_THAT(hear_wire_here(), SizeIs(3));  // so it came, and by now to all who may hear it
  for (const Heard& one : hear_own(raw)) {
    EXPECT_NE(wire::decode(Family::kIPv4, one.packet)->source, kThere);
  }
}

TEST_F(RawSocketTest, ItsQueryReachesTheWireAndDoesNotWakeIt) {
  auto raw = open_in<RawSocket>(here());
  const Bytes packet = query(kHere, Address::v4(0));
  ASSERT_TRUE(raw.send(packet, kAllHosts));
  const auto is_it = [](const Heard& one) { return group_of(one) == Address::v4(0); };
  const auto there = hear_until(*wire_there_, is_it);
  EXPECT_EQ(there.back().source, kMacHere);
  const auto sent = wire::decode(Family::kIPv4, packet);
  EXPECT_EQ(wire::decode(Family::kIPv4, there.back().packet), sent);
  const auto own = hear_own(raw);
  EXPECT_EQ(std::ranges::count_if(own, is_it), 0);
  EXPECT_THAT(hear_wire_here(), IsEmpty());
}

// The own host answers like any other.
TEST_F(RawSocketTest, TheOwnHostAnswersItsQuery) {
  must(here().force_igmp_version("eth0", 2));
  const os::Fd member = join_here(kGroup);
  hear_until(*wire_there_, [](const Heard& one) { return group_of(one) == kGroup; });
  auto raw = open_in<RawSocket>(here());
  ASSERT_TRUE(raw.send(query(kHere, Address::v4(0)), kAllHosts));
  const auto heard = hear_own(raw, Version::k2, kGroup);
  EXPECT_EQ(reports_of(heard, Version::k2, kGroup), 1U);
}

TEST_F(RawSocketTest, WithTtl0ItReachesTheOwnHostAlone) {
  auto raw = open_in<RawSocket>(here());
  Bytes inside = report(Version::k2, kHere, kGroup);
  inside[8] = 0;
  ASSERT_TRUE(raw.send(inside, kAllHosts));
  EXPECT_EQ(
      group_of(hear_until(raw, [](const Heard& one) { return group_of(one) == kGroup; }).back()),
      kGroup);
  ASSERT_TRUE(raw.send(marker(kHere), kAllHosts));
  for (const Heard& one : hear_until_marker(*wire_there_))
    EXPECT_NE(group_of(one), kGroup);
}

TEST_F(RawSocketTest, HearsNothingOfAnotherInterface) {
  must(here().links().add_veth({"eth1"}, {"eth2"}, here().fd()));
  for (const char* name : {"eth1", "eth2"})
    must(here().links().set_up(name));
  auto raw = open_in<RawSocket>(here());
  auto beside = open_in<RawSocket>(here(), "eth1");
  ASSERT_TRUE(beside.send(report(Version::k2, kHere, kGroup), kAllHosts));
  const auto is_it = [](const Heard& one) { return group_of(one) == kGroup; };
  hear_until(beside, is_it);
  for (const Heard& one : hear_own(raw))
    EXPECT_NE(group_of(one), kGroup);
}

TEST_F(RawSocketTest, WorksOnAnInterfaceWithoutAnAddress) {
  must(here().links().remove_address("eth0", kHere, 24));
  auto raw = open_in<RawSocket>(here());
  ASSERT_TRUE(raw.send(query(kHere, kGroup), kAllHosts));
  hear_until(*wire_there_, [](const Heard& one) { return group_of(one) == kGroup; });
}

TEST_F(RawSocketTest, DownItCannotSendAndIsSilentUpItWorksAgain) {
  auto raw = open_in<RawSocket>(here());
  must(here().links().set_down("eth0"));
  FrameBatch batch;
  while (!raw.receive(batch).value().empty()) {
  }
  EXPECT_FALSE(is_ready(raw.fd()));
  const auto sent = raw.send(query(kHere, kGroup), kAllHosts);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().to_string(), "cannot send: Network is unreachable (ENETUNREACH)");
  must(here().links().set_up("eth0"));
  await_cable();
  hear_own(raw);
}

TEST_F(RawSocketTest, SaysWhyItCannotBeOpened) {
  const int index = index_in(here());
  must(here().inside([&] {
    EXPECT_EQ(RawSocket::open(4711, Family::kIPv4).error().to_string(),
              "cannot join 224.0.0.2: No such device (ENODEV)");
    EXPECT_EQ(RawSocket::open(0, Family::kIPv4).error().number, ENODEV);
    EXPECT_EQ(RawSocket::open(-1, Family::kIPv4).error().number, ENODEV);
    EXPECT_TRUE(RawSocket::open(index, Family::kIPv6));
  }));
}

TEST_F(RawSocketTest, SendsInItsFamilyAlone) {
  auto raw = open_in<RawSocket>(here());
  EXPECT_EQ(raw.send(Bytes(8), Address{}).error().number, EAFNOSUPPORT);
}

}  // namespace
}  // namespace querent::net::test
