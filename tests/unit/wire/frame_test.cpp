#include "wire/frame.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/codec.hpp"

namespace querent::wire {
namespace {

using test::octets;

const MacAddress kMac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};

struct FrameRow {
  const char* what;
  LinkType type;
  std::string header;
  Frame frame;  // but for its payload
};

Frame frame_of(std::optional<std::uint16_t> vlan, std::optional<std::uint16_t> inner = {}) {
  return {.source = kMac, .vlan = vlan, .inner_vlan = inner};
}

std::vector<FrameRow> rows() {
  const std::string macs = "01005e000001 525400123456";
  const Frame untagged{.source = kMac};
  const Frame sent{.source = kMac, .outgoing = true};
  const Frame bare{};
  // Cooked: packet type, ARPHRD, length of the address, the address in 8 octets, EtherType.
  // Cooked v2: EtherType, 0, interface, ARPHRD, packet type, length of the address, the address.
  return {
      {"Ethernet", LinkType::kEthernet, macs + "0800", untagged},
      {"802.1Q", LinkType::kEthernet, macs + "8100 0007 0800", frame_of(7)},
      {"802.1Q with priority and drop bit", LinkType::kEthernet, macs + "8100 fffe 0800",
       frame_of(4094)},
      {"802.1ad", LinkType::kEthernet, macs + "88a8 0064 8100 0007 0800", frame_of(100, 7)},
      {"802.1Q twice", LinkType::kEthernet, macs + "8100 0064 8100 0007 0800", frame_of(100, 7)},
      {"priority alone", LinkType::kEthernet, macs + "8100 e000 0800", untagged},
      {"priority, then a VLAN", LinkType::kEthernet, macs + "8100 e000 8100 0007 0800",
       frame_of(7)},
      {"cooked, multicast", LinkType::kLinuxCooked, "0002 0001 0006 525400123456 0000 0800",
       untagged},
      {"cooked, outgoing", LinkType::kLinuxCooked, "0004 0001 0006 525400123456 0000 0800", sent},
      {"cooked, no address", LinkType::kLinuxCooked, "0000 fffe 0000 0000000000000000 0800", bare},
      {"cooked, an address of another length", LinkType::kLinuxCooked,
       "0000 0020 0008 5254001234567890 0800", bare},
      {"cooked, tagged", LinkType::kLinuxCooked, "0002 0001 0006 525400123456 0000 8100 0007 0800",
       frame_of(7)},
      {"cooked v2, multicast", LinkType::kLinuxCooked2,
       "0800 0000 00000003 0001 02 06 525400123456 0000", untagged},
      {"cooked v2, outgoing", LinkType::kLinuxCooked2,
       "0800 0000 00000003 0001 04 06 525400123456 0000", sent},
      {"cooked v2, no address", LinkType::kLinuxCooked2,
       "0800 0000 00000003 fffe 00 00 0000000000000000", bare},
      {"cooked v2, an address of another length", LinkType::kLinuxCooked2,
       "0800 0000 00000003 0020 00 08 5254001234567890", bare},
      {"cooked v2, tagged", LinkType::kLinuxCooked2,
       "8100 0000 00000003 0001 02 06 525400123456 0000 0007 0800", frame_of(7)},
      {"raw", LinkType::kRawIp, "", bare},
      {"raw IPv4", LinkType::kRawIpv4, "", bare},
  };
}

TEST(Frame, EveryLinkType) {
  const auto& query = test::vector("query_v2");
  for (const FrameRow& row : rows()) {
    Bytes octets_of = octets(row.header);
    octets_of.insert(octets_of.end(), query.packet.begin(), query.packet.end());
    const auto frame = read_frame(row.type, octets_of);
    ASSERT_TRUE(frame) << row.what << ": " << name(frame.error());
    EXPECT_EQ(frame->source, row.frame.source) << row.what;
    EXPECT_EQ(frame->vlan, row.frame.vlan) << row.what;
    EXPECT_EQ(frame->inner_vlan, row.frame.inner_vlan) << row.what;
    EXPECT_EQ(frame->outgoing, row.frame.outgoing) << row.what;
    EXPECT_EQ(frame->family, Family::kIPv4) << row.what;
    EXPECT_EQ(decode(frame->family, frame->payload), query.value) << row.what;
  }
}

TEST(Frame, EveryTruncationOfEveryLinkType) {
  const auto& query = test::vector("query_v2");
  for (const FrameRow& row : rows()) {
    Bytes whole = octets(row.header);
    const std::size_t header = whole.size();
    whole.insert(whole.end(), query.packet.begin(), query.packet.end());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto frame = read_frame(row.type, ByteView(whole).first(size));
      const bool raw_nothing = row.type == LinkType::kRawIp && size == 0;
      if (size < header || raw_nothing) {
        ASSERT_FALSE(frame) << row.what << " cut to " << size;
        EXPECT_EQ(frame.error(), DropReason::kFrameTruncated) << row.what << " cut to " << size;
      } else {
        ASSERT_TRUE(frame) << row.what << " cut to " << size << ": " << name(frame.error());
        EXPECT_EQ(frame->payload.size(), size - header);
        const auto packet = decode(frame->family, frame->payload);
        ASSERT_FALSE(packet) << row.what << " cut to " << size;
        EXPECT_EQ(packet.error(), DropReason::kIpTruncated) << row.what << " cut to " << size;
      }
    }
  }
}

TEST(Frame, Ipv6IsToldApart) {
  const Bytes tagged = octets("3333 00000001 525400123456 8100 0007 86dd 60000000");
  const auto frame = read_frame(LinkType::kEthernet, tagged);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->family, Family::kIPv6);
  EXPECT_EQ(frame->vlan, 7);
  EXPECT_EQ(frame->payload.size(), 4U);
  EXPECT_EQ(read_frame(LinkType::kRawIp, octets("60000000"))->family, Family::kIPv6);
  EXPECT_EQ(read_frame(LinkType::kRawIpv6, octets("60000000"))->family, Family::kIPv6);
  EXPECT_EQ(read_frame(LinkType::kRawIpv6, {})->payload.size(), 0U);
}

TEST(Frame, LinkTypesByNumber) {
  EXPECT_EQ(link_type(1), LinkType::kEthernet);
  EXPECT_EQ(link_type(101), LinkType::kRawIp);
  EXPECT_EQ(link_type(12), LinkType::kRawIp);
  EXPECT_EQ(link_type(113), LinkType::kLinuxCooked);
  EXPECT_EQ(link_type(228), LinkType::kRawIpv4);
  EXPECT_EQ(link_type(229), LinkType::kRawIpv6);
  EXPECT_EQ(link_type(276), LinkType::kLinuxCooked2);
  EXPECT_EQ(link_type(0), std::nullopt);
  EXPECT_EQ(link_type(-1), std::nullopt);
  EXPECT_EQ(link_type(127), std::nullopt);  // Wi-Fi
  EXPECT_EQ(link_type(65536 + 1), std::nullopt);
}

TEST(Frame, GroupsHaveMulticastMacs) {
  EXPECT_EQ(multicast_mac(Address::v4(224, 0, 0, 1)).to_string(), "01:00:5e:00:00:01");
  EXPECT_EQ(multicast_mac(Address::v4(239, 255, 255, 250)).to_string(), "01:00:5e:7f:ff:fa");
  // 23 bits: the top bit of the second octet is lost.
  EXPECT_EQ(multicast_mac(Address::v4(224, 129, 2, 3)), multicast_mac(Address::v4(225, 1, 2, 3)));
  EXPECT_EQ(multicast_mac(Address::v6(0xFF02000000000000, 0x16)).to_string(), "33:33:00:00:00:16");
  EXPECT_EQ(multicast_mac(Address::v6(0xFF02000000000000, 0x00000001FF001234)).to_string(),
            "33:33:ff:00:12:34");
}

TEST(Frame, AnEthernetFrameIsReadAsItWasWritten) {
  const auto& query = test::vector("query_v2_group");
  const Bytes written = ethernet_frame(kMac, query.value.destination, query.packet);
  Bytes expected = octets("01005e010203 525400123456 0800");
  expected.insert(expected.end(), query.packet.begin(), query.packet.end());
  EXPECT_EQ(written, expected);
  const auto frame = read_frame(LinkType::kEthernet, written);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->source, kMac);
  EXPECT_EQ(decode(frame->family, frame->payload), query.value);
}

TEST(Frame, AFrameForNoGroupIsBroadcast) {
  const Bytes written = ethernet_frame(kMac, Address::v4(192, 0, 2, 9), octets("45"));
  EXPECT_EQ(written, octets("ffffffffffff 525400123456 0800 45"));
}

TEST(Frame, AnIpv6FrameSaysSo) {
  const Bytes written =
      ethernet_frame(kMac, Address::v6(0xFF02000000000000, 1), octets("60000000"));
  EXPECT_EQ(written, octets("333300000001 525400123456 86dd 60000000"));
}

}  // namespace
}  // namespace querent::wire
