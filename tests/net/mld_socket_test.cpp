#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/wire_fixture.hpp"
#include "net/packet_socket.hpp"
#include "net/raw_socket.hpp"
#include "net/socket_address.hpp"
#include "net/socket_options.hpp"
#include "wire/frame.hpp"

// The sockets of an IPv6 segment: what the kernel hands over, and what it does not.

namespace querent::net::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr Address kNear = Address::v6(0xFE80000000000000, 1);  // here
// There; the kernel knows nothing of it, so what comes from it is what the test has sent.
constexpr Address kFar = Address::v6(0xFE80000000000000, 0x99);
constexpr Address kAllNodes = Address::v6(0xFF02000000000000, 1);
constexpr Address kAllRouters = Address::v6(0xFF02000000000000, 2);
constexpr Address kVersion2Routers = Address::v6(0xFF02000000000000, 0x16);
constexpr Address kStream = Address::v6(0xFF15000000000000, 0x10203);
constexpr Address kMark = Address::v6(0xFF15000000000000, 0xFFFF);
constexpr std::size_t kHeader = 40;

Bytes mld_query(Address source, Address group, Version version = Version::k3) {
  return wire::encode(
      {.source = source,
       .destination = kAllNodes,
       .message = Query{
           .version = version, .group = group, .max_response = std::chrono::milliseconds{100}}});
}

Bytes mld_report(Address source, Address group, Version version = Version::k3) {
  return wire::encode(
      {.source = source,
       .destination = version == Version::k3 ? kVersion2Routers : group,
       .message = Report{.version = version, .records = {{RecordType::kToExclude, group, {}}}}});
}

// What stands behind the IPv6 header.
Bytes behind(const Bytes& packet, std::uint8_t next_header, const Bytes& rest) {
  Bytes whole(packet.begin(), packet.begin() + kHeader);
  whole.insert(whole.end(), rest.begin(), rest.end());
  whole[6] = next_header;
  store16(whole, 4, static_cast<std::uint16_t>(rest.size()));
  return whole;
}

// The message alone.
Bytes message_of(const Bytes& packet) {
  return {packet.begin() + kHeader + 8, packet.end()};
}

Bytes joined(const Bytes& first, const Bytes& second) {
  Bytes whole = first;
  whole.insert(whole.end(), second.begin(), second.end());
  return whole;
}

std::optional<Packet> read(const Heard& heard) {
  const auto packet = wire::decode(Family::kIPv6, heard.packet);
  return packet ? std::optional(*packet) : std::nullopt;
}

bool asks_for(const Heard& heard, Address group) {
  const auto packet = read(heard);
  const auto* query = packet ? std::get_if<Query>(&packet->message) : nullptr;
  return query != nullptr && query->group == group;
}

bool reports(const Heard& heard, Address group, bool leaving = false) {
  const auto packet = read(heard);
  if (!packet) return false;
  if (const auto* left = std::get_if<Leave>(&packet->message)) {
    return leaving && left->group == group;
  }
  const auto* report = std::get_if<Report>(&packet->message);
  return report != nullptr && std::ranges::any_of(report->records, [&](const auto& record) {
           return record.group == group && (record.type == RecordType::kToInclude) == leaving;
         });
}

class MldSockets : public Wire {
 protected:
  void SetUp() override {
    Wire::SetUp();
    if (HasFatalFailure()) return;
    must(here().links().add_address("eth0", kNear, 64));
  }

  static PacketSocket open_wire(lab::Namespace& space) {
    return open_in<PacketSocket>(space, "eth0", Family::kIPv6);
  }
  RawSocket open_host() { return open_in<RawSocket>(here(), "eth0", Family::kIPv6); }

  static Bytes framed(const Bytes& packet) {
    return wire::ethernet_frame(
        kMacThere, Address::from_bytes(ByteView(packet).subspan(24).first<16>()), packet);
  }
  // What this host hears of a frame from the other.
  std::vector<Heard> heard_of(const Bytes& frame) {
    PacketSocket socket = open_wire(here());
    there_sends(frame);
    there_sends(framed(mld_query(kFar, kMark)));
    return heard_until_mark(socket);
  }
  // Without what the other host's kernel has to say.
  static std::vector<Heard> heard_until_mark(PacketSocket& socket) {
    auto heard = hear_until(socket, [](const Heard& one) { return asks_for(one, kMark); });
    std::erase_if(heard, [](const Heard& one) {
      const bool far = one.packet.size() >= kHeader && one.packet[23] == 0x99;
      return !far || asks_for(one, kMark);
    });
    return heard;
  }
  // A member of the stream on this host, until it is closed.
  os::Fd join_stream() {
    os::Fd member;
    group_req membership{};
    membership.gr_interface = static_cast<std::uint32_t>(index_in(here()));
    membership.gr_group = socket_address(kStream, 0, 0).storage;
    must(here().inside([&] {
      member = os::Fd{::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
      EXPECT_TRUE(set_option(member, IPPROTO_IPV6, MCAST_JOIN_GROUP, membership));
    }));
    return member;
  }

  void hears_join_and_leave(Version version);
};

TEST_F(MldSockets, TheWireBringsEveryMessageWithItsMac) {
  const Bytes done = wire::encode(
      {.source = kFar, .destination = kAllRouters, .message = Leave{.group = kStream}});
  for (const Bytes& packet :
       {mld_query(kFar, kStream), mld_query(kFar, kStream, Version::k2), mld_report(kFar, kStream),
        mld_report(kFar, kStream, Version::k2), done}) {
    const auto heard = heard_of(framed(packet));
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_EQ(heard.front().source, kMacThere);
    EXPECT_EQ(heard.front().packet, packet);
  }
}

TEST_F(MldSockets, MldIsFoundWhereverItStands) {
  const Bytes packet = mld_query(kFar, kStream);
  const Bytes message = message_of(packet);
  const Bytes long_options{58, 1, 1, 4, 0, 0, 0, 0, 5, 2, 0, 0, 1, 2, 0, 0};
  const Bytes options_then_more{60, 0, 5, 2, 0, 0, 1, 0};
  const Bytes padding{58, 0, 1, 4, 0, 0, 0, 0};
  for (const Bytes& odd :
       {behind(packet, 58, message),                                     // no options
        behind(packet, 0, joined(long_options, message)),                //
        behind(packet, 60, joined(padding, message)),                    // destination options
        behind(packet, 43, joined({58, 0, 0, 0, 0, 0, 0, 0}, message)),  // routing
        behind(packet, 44, joined({58, 0, 0, 1, 0, 0, 0, 7}, message)),  // a fragment
        behind(packet, 0, joined(options_then_more, joined(padding, message)))}) {
    const auto heard = heard_of(framed(odd));
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_EQ(heard.front().packet, odd);
  }
}

TEST_F(MldSockets, NothingElseIsHeard) {
  const Bytes packet = mld_query(kFar, kStream);
  Bytes solicitation = message_of(packet);
  solicitation[0] = 135;
  const Bytes udp(8, 1);
  Bytes elsewhere = behind(packet, 60, joined({58, 0, 1, 4, 0, 0, 0, 0}, message_of(packet)));
  const auto far_group = kStream.to_bytes();
  std::ranges::copy(far_group, elsewhere.begin() + 24);
  for (const Bytes& other :
       {behind(packet, 58, solicitation), behind(packet, 17, udp),
        behind(packet, 0, joined({17, 0, 5, 2, 0, 0, 1, 0}, udp)),
        behind(packet, 0, joined({58, 0, 5, 2, 0, 0, 1, 0}, solicitation)),
        behind(packet, 44, joined({17, 0, 0, 1, 0, 0, 0, 7}, udp)),  // a fragment of mDNS, say
        elsewhere}) {
    EXPECT_THAT(heard_of(framed(other)), IsEmpty());
  }
  Bytes for_another = framed(packet);
  for_another[0] = 2;
  EXPECT_THAT(heard_of(for_another), IsEmpty());
  Bytes tagged = framed(packet);
  const Bytes vlan5{0x81, 0x00, 0x00, 0x05};
  tagged.insert(tagged.begin() + 12, vlan5.begin(), vlan5.end());
  EXPECT_THAT(heard_of(tagged), IsEmpty());
}

TEST_F(MldSockets, CutShortItIsHeardOrNotButHarmsNothing) {
  const Bytes packet = mld_query(kFar, kStream);
  for (std::size_t size = 0; size < packet.size(); size += 3) {
    Bytes frame = framed(packet);
    frame.resize(14 + size);
    EXPECT_LE(heard_of(frame).size(), 1U);
  }
}

// The own host's reports loop back to us, once, with the headers that they have on the wire.
void MldSockets::hears_join_and_leave(Version version) {
  RawSocket host = open_host();
  std::optional<os::Fd> member = join_stream();
  const auto join = hear_until(host, [](const Heard& one) { return reports(one, kStream); }).back();
  member.reset();
  const auto leave =
      hear_until(host, [](const Heard& one) { return reports(one, kStream, true); }).back();
  const bool old = version == Version::k2;
  const auto check = [](const Heard& heard, Address destination) {
    const auto packet = read(heard);
    ASSERT_TRUE(packet);
    EXPECT_FALSE(heard.source.is_known());
    EXPECT_TRUE(packet->source.is_link_local()) << packet->source.to_string();
    EXPECT_EQ(packet->destination, destination);
    EXPECT_EQ(packet->hop_limit, 1);
    EXPECT_TRUE(packet->router_alert);
  };
  check(join, old ? kStream : kVersion2Routers);
  check(leave, old ? kAllRouters : kVersion2Routers);
  EXPECT_EQ(std::get<Report>(read(join)->message).version, version);
}

TEST_F(MldSockets, TheOwnHostIsHeardToJoinAndLeaveInVersion1) {
  must(here().force_mld_version("eth0", 1));
  hears_join_and_leave(Version::k2);
}

TEST_F(MldSockets, TheOwnHostIsHeardToJoinAndLeaveInVersion2) {
  hears_join_and_leave(Version::k3);
}

TEST_F(MldSockets, AQueryReachesTheWireAsItIsAndTheOwnHostWhichAnswers) {
  const os::Fd member = join_stream();
  PacketSocket there_hears = open_wire(there());
  hear_until(there_hears, [](const Heard& one) { return reports(one, kStream); });
  RawSocket host = open_host();
  const Bytes packet = mld_query(kNear, Address::unspecified(Family::kIPv6));
  ASSERT_TRUE(host.send(packet, kAllNodes));
  const auto is_it = [&](const Heard& one) { return one.packet == packet; };
  EXPECT_EQ(hear_until(there_hears, is_it).back().source, kMacHere);
  const auto own = hear_until(host, [](const Heard& one) { return reports(one, kStream); });
  EXPECT_EQ(std::ranges::count_if(own, is_it), 0) << "it does not wake who has sent it";
}

TEST_F(MldSockets, OthersAreNotHeardByWhoHearsTheOwnHost) {
  RawSocket host = open_host();
  PacketSocket wire = open_wire(here());
  const os::Fd member = join_stream();
  there_sends(framed(mld_report(kFar, kStream)));
  there_sends(framed(mld_query(kFar, kMark)));
  EXPECT_THAT(heard_until_mark(wire), SizeIs(1));
  for (const Heard& one :
       hear_until(host, [](const Heard& own) { return reports(own, kStream); })) {
    EXPECT_NE(read(one).value().source, kFar);
  }
}

TEST_F(MldSockets, TheyOpenWhereIpv6IsDisabled) {
  must(here().write_sysctl("ipv6/conf/eth0/disable_ipv6", "1"));
  RawSocket host = open_host();
  open_wire(here());
  EXPECT_FALSE(host.send(mld_query(kNear, kStream), kAllNodes)) << "but nothing can be sent";
}

TEST_F(MldSockets, DownItCannotSendUpItCanAgain) {
  RawSocket host = open_host();
  PacketSocket there_hears = open_wire(there());
  must(here().links().set_down("eth0"));
  EXPECT_FALSE(host.send(mld_query(kNear, kStream), kAllNodes));
  must(here().links().set_up("eth0"));
  await_cable();
  must(here().links().add_address("eth0", kNear, 64));
  ASSERT_TRUE(host.send(mld_query(kNear, kStream), kAllNodes));
  hear_until(there_hears, [](const Heard& one) { return asks_for(one, kStream); });
}

TEST_F(MldSockets, TheLinkLayersSenderGoesToTheWireAlone) {
  PacketSocket wire = open_wire(here());
  PacketSocket there_hears = open_wire(there());
  const Bytes packet = mld_query(kFar, kStream);
  ASSERT_TRUE(wire.send(packet, wire::multicast_mac(kAllNodes)));
  const auto heard =
      hear_until(there_hears, [&](const Heard& one) { return one.packet == packet; });
  EXPECT_EQ(heard.back().source, kMacHere);
}

}  // namespace
}  // namespace querent::net::test
