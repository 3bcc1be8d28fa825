#include "web/client_address.hpp"

#include <gtest/gtest.h>

namespace querent::web {
namespace {

TEST(Client, IsAnIPv4AddressHoweverItIsWritten) {
  EXPECT_NE(client_of("192.0.2.1"), client_of("192.0.2.2"));
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), client_of("192.0.2.1"));
  EXPECT_NE(client_of("::ffff:192.0.2.1"), client_of("::ffff:192.0.2.2"));
}

TEST(Client, IsAPrefixOfIPv6) {
  EXPECT_EQ(client_of("2001:db8:0:1::1"), client_of("2001:db8:0:1:ffff:ffff:ffff:ffff"));
  EXPECT_NE(client_of("2001:db8:0:1::1"), client_of("2001:db8:0:2::1"));
  EXPECT_NE(client_of("::1"), client_of("127.0.0.1"));
}

TEST(Client, OfALinkIsAnAddress) {
  EXPECT_NE(client_of("fe80::1%eth0"), client_of("fe80::2%eth0"));
  EXPECT_NE(client_of("fe80::1%eth0"), client_of("fe80::1%eth1"));
  EXPECT_NE(client_of("fe80::1"), client_of("fe80::2"));
}

TEST(Client, IsWhatItIsCalledWhereThatIsNoAddress) {
  EXPECT_EQ(client_of("localhost"), "localhost");
  EXPECT_EQ(client_of(""), "");
}

}  // namespace
}  // namespace querent::web
