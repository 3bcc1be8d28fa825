#include "net/link_table.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = LinkEvent::Kind;

constexpr unsigned kConnected = IFF_UP | IFF_RUNNING | (1U << 16U);
const Address kAddress = Address::v4(10, 0, 0, 1);

ifinfomsg link_body(int index, unsigned flags = kConnected) {
  ifinfomsg body{};
  body.ifi_index = index;
  body.ifi_flags = flags;
  return body;
}

NetlinkRequest link(int index, const char* name, unsigned flags = kConnected) {
  NetlinkRequest request(RTM_NEWLINK);
  request.body(link_body(index, flags)).text(IFLA_IFNAME, name).u32(IFLA_MTU, 1500);
  return request;
}

NetlinkRequest gone(int index, std::uint8_t family = AF_UNSPEC) {
  ifinfomsg body = link_body(index);
  body.ifi_family = family;
  NetlinkRequest request(RTM_DELLINK);
  request.body(body);
  return request;
}

Bytes last_octets(Address address, int count) {
  const auto all = address.to_bytes();
  return {all.end() - count, all.end()};
}

NetlinkRequest address(int type, int index, Address local, Address peer, std::uint32_t flags = 0) {
  const int size = local.is_v4() ? 4 : 16;
  ifaddrmsg body{};
  body.ifa_family = local.is_v4() ? AF_INET : AF_INET6;
  body.ifa_prefixlen = 24;
  body.ifa_index = static_cast<unsigned>(index);
  NetlinkRequest request(type);
  request.body(body).octets(IFA_ADDRESS, last_octets(peer, size));
  if (local.is_v4() || local != peer) request.octets(IFA_LOCAL, last_octets(local, size));
  return request.u32(IFA_FLAGS, flags);
}

class LinkTableTest : public testing::Test {
 protected:
  std::vector<LinkEvent> take(const NetlinkRequest& request) {
    std::vector<LinkEvent> events;
    table_.take(NetlinkMessage(request.message()), events);
    return events;
  }
  const Interface& at(int index) const { return table_.interfaces().at(index); }

  LinkTable table_;
};

MATCHER_P2(Tells, kind, name, "") {
  return arg.kind == kind && arg.interface.name == name;
}

TEST_F(LinkTableTest, ALinkIsPresentUntilItIsGone) {
  EXPECT_THAT(take(link(5, "eth0")), ElementsAre(Tells(Kind::kPresent, "eth0")));
  EXPECT_TRUE(at(5).carrier);
  EXPECT_EQ(at(5).mtu, 1500U);
  EXPECT_THAT(take(gone(5)), ElementsAre(Tells(Kind::kGone, "eth0")));
  EXPECT_THAT(table_.interfaces(), IsEmpty());
  EXPECT_THAT(take(gone(5)), IsEmpty());
}

TEST_F(LinkTableTest, WhatIsKnownIsNotToldAgain) {
  take(link(5, "eth0"));
  EXPECT_THAT(take(link(5, "eth0")), IsEmpty());
  take(address(RTM_NEWADDR, 5, kAddress, kAddress));
  EXPECT_THAT(take(address(RTM_NEWADDR, 5, kAddress, kAddress)), IsEmpty());
}

TEST_F(LinkTableTest, CarriesOnlyWhatIsUpRunningAndConnected) {
  take(link(5, "eth0", IFF_UP | IFF_RUNNING));
  EXPECT_FALSE(at(5).carrier);
  take(link(5, "eth0", kConnected & ~unsigned{IFF_RUNNING}));
  EXPECT_FALSE(at(5).carrier) << "connected, but not let in yet (802.1X)";
  EXPECT_TRUE(at(5).up);
}

TEST_F(LinkTableTest, AWirelessDriverTalking) {
  take(link(5, "wlan0"));
  NetlinkRequest said(RTM_NEWLINK);
  said.body(link_body(5)).text(IFLA_IFNAME, "wlan0").octets(IFLA_WIRELESS, Bytes(8));
  EXPECT_THAT(take(said), IsEmpty());
  EXPECT_EQ(at(5).mtu, 1500U);
}

TEST_F(LinkTableTest, APortThatLeavesABridgeIsNotGone) {
  take(link(5, "eth0"));
  EXPECT_THAT(take(gone(5, AF_BRIDGE)), IsEmpty());
  EXPECT_EQ(table_.interfaces().size(), 1U);
}

TEST_F(LinkTableTest, AMasterIsNamedByTheTable) {
  NetlinkRequest port = link(5, "eth0");
  port.u32(IFLA_MASTER, 7).nest(IFLA_LINKINFO, [](NetlinkRequest& info) {
    info.text(IFLA_INFO_SLAVE_KIND, "bridge");
  });
  take(port);
  EXPECT_EQ(at(5).master, "");
  EXPECT_THAT(take(link(7, "br0")),
              ElementsAre(Tells(Kind::kPresent, "br0"), Tells(Kind::kPresent, "eth0")));
  EXPECT_EQ(at(5).master, "br0");
  EXPECT_EQ(at(5).master_kind, "bridge");
  EXPECT_THAT(take(link(7, "lan")),
              ElementsAre(Tells(Kind::kPresent, "lan"), Tells(Kind::kPresent, "eth0")));
  EXPECT_EQ(at(5).master, "lan");
  EXPECT_THAT(take(gone(7)), ElementsAre(Tells(Kind::kGone, "lan"), Tells(Kind::kPresent, "eth0")));
  EXPECT_EQ(at(5).master, "");
}

TEST_F(LinkTableTest, AnAddressMayComeBeforeItsLink) {
  EXPECT_THAT(take(address(RTM_NEWADDR, 5, kAddress, kAddress)), IsEmpty());
  EXPECT_THAT(take(link(5, "eth0")), ElementsAre(Tells(Kind::kPresent, "eth0")));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{kAddress, 24, false}));
}

TEST_F(LinkTableTest, AddressesGoWithTheirLink) {
  take(link(5, "eth0"));
  take(address(RTM_NEWADDR, 5, kAddress, kAddress));
  take(gone(5));
  take(link(5, "eth0"));
  EXPECT_THAT(at(5).addresses, IsEmpty());
}

TEST_F(LinkTableTest, OfAPointToPointLinkOurOwnEnd) {
  const Address one = Address::v4(10, 0, 0, 2);
  const Address other = Address::v4(10, 0, 0, 3);
  take(link(5, "ppp0"));
  take(address(RTM_NEWADDR, 5, kAddress, one));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{kAddress, 32, false}));
  take(address(RTM_NEWADDR, 5, kAddress, other));
  take(address(RTM_DELADDR, 5, kAddress, one));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{kAddress, 32, false}));
  take(address(RTM_DELADDR, 5, kAddress, other));
  EXPECT_THAT(at(5).addresses, IsEmpty());
}

TEST_F(LinkTableTest, AnAddressIsTentativeUntilItIsKnownToBeOurs) {
  const Address local = Address::v6(0xFE80000000000000U, 1);
  take(link(5, "eth0"));
  take(address(RTM_NEWADDR, 5, local, local, IFA_F_TENTATIVE));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{local, 24, true}));
  take(address(RTM_NEWADDR, 5, local, local, IFA_F_PERMANENT));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{local, 24, false}));
  take(address(RTM_NEWADDR, 5, local, local, IFA_F_DADFAILED));
  EXPECT_THAT(at(5).addresses, ElementsAre(InterfaceAddress{local, 24, true}));
}

TEST_F(LinkTableTest, WhatIsCutShortOrOfAnotherKindChangesNothing) {
  EXPECT_THAT(take(NetlinkRequest(RTM_NEWLINK)), IsEmpty());
  EXPECT_THAT(take(NetlinkRequest(RTM_NEWADDR)), IsEmpty());
  EXPECT_THAT(take(NetlinkRequest(RTM_NEWROUTE)), IsEmpty());
  const NetlinkRequest whole = link(5, "eth0");
  for (std::size_t size = 16; size < whole.message().size(); ++size) {
    std::vector<LinkEvent> events;
    LinkTable().take(NetlinkMessage(whole.message().first(size)), events);
  }
}

}  // namespace
}  // namespace querent::net
