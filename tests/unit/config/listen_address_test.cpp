#include "config/listen_address.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::config {
namespace {

using config::ListenAddress;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ListenAddress, IsAPortOrAnAddressWithOne) {
  EXPECT_EQ(parse_listen_address(":9224"), (ListenAddress{.host = "", .port = 9224}));
  EXPECT_EQ(parse_listen_address("192.0.2.1:80"), (ListenAddress{.host = "192.0.2.1", .port = 80}));
  EXPECT_EQ(parse_listen_address("0.0.0.0:80"), (ListenAddress{.host = "0.0.0.0", .port = 80}));
  EXPECT_EQ(parse_listen_address("[::1]:80"), (ListenAddress{.host = "::1", .port = 80}));
  EXPECT_EQ(parse_listen_address("[::]:80"), (ListenAddress{.host = "::", .port = 80}));
  EXPECT_EQ(parse_listen_address("[2001:DB8:0::1]:80"),
            (ListenAddress{.host = "2001:db8::1", .port = 80}));
  EXPECT_EQ(parse_listen_address("off"), std::nullopt);
}

TEST(ListenAddress, OfIPv6StandsInBracketsAndCanBeBound) {
  for (const char* const text :
       {"::1:80", "2001:db8::1", "[::1]", "[::1]:", "[::1]:0", "[::1]80", "[::1:80", "::1]:80",
        "[]:80", "[[::1]]:80", "[::1]:80s", "[127.0.0.1]:80", "[::ffff:127.0.0.1]:80",
        "[ff02::1]:80", "[fe80::1]:80", "[fe80::1%eth0]:80", "[::1%lo]:80", "[localhost]:80"})
    EXPECT_EQ(parse_listen_address(text), std::nullopt) << text;
}

RC_GTEST_PROP(ListenAddress, IsWrittenAsItIsRead, (std::uint32_t bits, std::uint16_t port)) {
  RC_PRE(port != 0);
  const auto global = Address::v6(0x20010DB800000000U, bits);
  for (const auto& host : {std::string(), Address::v4(bits % 0xE0000000U).to_string(),
                           Address::v6(0, 0).to_string(), global.to_string()}) {
    const ListenAddress listen{.host = host, .port = port};
    RC_ASSERT(parse_listen_address(to_text(listen)) == listen);
  }
}

TEST(ListenAddress, WhatIsNoneIsExplained) {
  for (const char* const bare : {"::1", "fe80::1:80", "::"})
    EXPECT_EQ(advise_on_listen_address(bare), "write an IPv6 address in brackets: [::1]:9224")
        << bare;
  EXPECT_EQ(advise_on_listen_address("[2001:db8::1]"), "add a port: [2001:db8::1]:9224");
  EXPECT_THAT(advise_on_listen_address("[127.0.0.1]:80"), HasSubstr("without brackets"));
  EXPECT_THAT(advise_on_listen_address("[::ffff:127.0.0.1]:80"), HasSubstr("without brackets"));
  for (const char* const local : {"[fe80::1]:80", "[fe80::1%eth0]:80", "[fe80::1%eth0]"})
    EXPECT_THAT(advise_on_listen_address(local), HasSubstr("needs an interface")) << local;
  for (const char* const name : {"localhost:9224", "querent.example", "eth0:80", "OFF"})
    EXPECT_THAT(advise_on_listen_address(name), HasSubstr("names are not looked up")) << name;
  EXPECT_EQ(advise_on_listen_address("9224"), "write :9224");
  EXPECT_EQ(advise_on_listen_address("127.0.0.1"), "add a port: 127.0.0.1:9224");
  for (const char* const tls : {":443s", "127.0.0.1:443s", "[::1]:443s"})
    EXPECT_THAT(advise_on_listen_address(tls), HasSubstr("no TLS")) << tls;
  EXPECT_THAT(advise_on_listen_address("http://127.0.0.1:80"), HasSubstr("the port alone"));
  for (const char* const plain : {"", ":", ":0", ":65536", "127.0.0.1:x", "1.2.3:80", "70000", "[",
                                  "[]", "[]:80", "[::1]:0", "[::1", "[x]:80", "[ff02::1]:80"})
    EXPECT_THAT(advise_on_listen_address(plain), IsEmpty()) << plain;
}

Complaints errors_of(const std::vector<const char*>& addresses, bool has_ipv6 = true) {
  SettingList settings{{find_option("log.level"), ":80", "log"}};
  for (const char* const address : addresses)
    settings.push_back(
        {find_option("web.listen_address"), address, "number " + std::to_string(settings.size())});
  Complaints errors;
  check_listen_addresses(settings, has_ipv6, errors);
  return errors;
}

TEST(ListenAddresses, DifferFromEachOther) {
  EXPECT_THAT(errors_of({}), IsEmpty());
  EXPECT_THAT(errors_of({":80", ":81", "127.0.0.1:82", "127.0.0.2:82", "[::1]:82", "[::2]:82"}),
              IsEmpty());
  for (const auto& twice : std::vector<std::vector<const char*>>{
           {":80", ":80"}, {"[::1]:80", "[0::1]:80"}, {"127.0.0.1:80", "127.0.0.1:80"}}) {
    const auto errors = errors_of(twice);
    ASSERT_THAT(errors, SizeIs(1));
    EXPECT_EQ(errors[0].what, "number 2");
    EXPECT_THAT(errors[0].why, HasSubstr("said more than once"));
  }
}

TEST(ListenAddresses, AllOfThemIncludeEach) {
  const auto errors = errors_of({":81", "127.0.0.1:80", ":80"});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].what, "number 3");
  EXPECT_EQ(errors[0].why, "\"127.0.0.1:80\" and \":80\" overlap: one is all addresses");
  for (const char* const one : {"127.0.0.1:80", "[::1]:80", "0.0.0.0:80", "[::]:80"})
    EXPECT_THAT(errors_of({":80", one}), SizeIs(1)) << one;
}

TEST(ListenAddresses, AllOfAFamilyIncludeEachOfIt) {
  EXPECT_THAT(errors_of({"0.0.0.0:80", "127.0.0.1:80"}), SizeIs(1));
  EXPECT_THAT(errors_of({"[::1]:80", "[::]:80"}), SizeIs(1));
  EXPECT_THAT(errors_of({"0.0.0.0:80", "[::]:80"}), IsEmpty());
  EXPECT_THAT(errors_of({"0.0.0.0:80", "[::1]:80"}), IsEmpty());
  EXPECT_THAT(errors_of({"127.0.0.1:80", "[::]:80"}), IsEmpty());
}

TEST(ListenAddresses, NeedAWebServerThatHasTheirFamily) {
  EXPECT_THAT(errors_of({":80", "127.0.0.1:81"}, false), IsEmpty());
  const auto errors = errors_of({":80", "[::1]:81", "[::]:82"}, false);
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_EQ(errors[0].what, "number 2");
  EXPECT_EQ(errors[0].why,
            "\"[::1]:81\" is IPv6, which this system's CivetWeb (the library of the web server) is "
            "built without");
  EXPECT_THAT(errors[0].attempt, HasSubstr("reverse proxy"));
  EXPECT_EQ(errors[1].what, "number 3");
}

TEST(ListenAddresses, OffStandsAlone) {
  EXPECT_THAT(errors_of({"off"}), IsEmpty());
  EXPECT_THAT(errors_of({"off", "off"}), IsEmpty());
  for (const auto& both :
       std::vector<std::vector<const char*>>{{"off", ":80"}, {":80", "off"}, {"off", "x"}}) {
    const auto errors = errors_of(both);
    ASSERT_THAT(errors, SizeIs(1));
    EXPECT_THAT(errors[0].why, HasSubstr("\"off\" and "));
  }
}

TEST(ListenAddresses, WhatIsNoneIsLeftToOthers) {
  EXPECT_THAT(errors_of({"x", "x", ":80"}), IsEmpty());
}

}  // namespace
}  // namespace querent::config
