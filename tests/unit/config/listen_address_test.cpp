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
  EXPECT_EQ(parse_listen_address("0.0.0.0:80"), (ListenAddress{.host = "", .port = 80}));
  EXPECT_EQ(parse_listen_address("off"), std::nullopt);
}

RC_GTEST_PROP(ListenAddress, IsWrittenAsItIsRead, (std::uint32_t bits, std::uint16_t port)) {
  const ListenAddress listen{.host = Address::v4(bits % 0xE0000000U).to_string(), .port = port};
  RC_PRE(port != 0 && listen.host != "0.0.0.0");
  RC_ASSERT(parse_listen_address(to_text(listen)) == listen);
  const ListenAddress everywhere{.host = {}, .port = port};
  RC_ASSERT(parse_listen_address(to_text(everywhere)) == everywhere);
}

TEST(ListenAddress, WhatIsNoneIsExplained) {
  for (const char* const ipv6 : {"[::1]:9224", "[::]:80", "::1", "fe80::1:80", "::"})
    EXPECT_THAT(advise_on_listen_address(ipv6), HasSubstr("IPv4 only")) << ipv6;
  for (const char* const name : {"localhost:9224", "querent.example", "eth0:80", "OFF"})
    EXPECT_THAT(advise_on_listen_address(name), HasSubstr("names are not looked up")) << name;
  EXPECT_EQ(advise_on_listen_address("9224"), "write :9224");
  EXPECT_EQ(advise_on_listen_address("127.0.0.1"), "add a port: 127.0.0.1:9224");
  EXPECT_THAT(advise_on_listen_address(":443s"), HasSubstr("no TLS"));
  EXPECT_THAT(advise_on_listen_address("http://127.0.0.1:80"), HasSubstr("the port alone"));
  for (const char* const plain : {"", ":", ":0", ":65536", "127.0.0.1:x", "1.2.3:80", "70000"})
    EXPECT_THAT(advise_on_listen_address(plain), IsEmpty()) << plain;
}

Complaints errors_of(const std::vector<const char*>& addresses) {
  SettingList settings{{find_option("log.level"), ":80", "log"}};
  for (const char* const address : addresses)
    settings.push_back(
        {find_option("web.listen_address"), address, "number " + std::to_string(settings.size())});
  Complaints errors;
  check_listen_addresses(settings, errors);
  return errors;
}

TEST(ListenAddresses, DifferFromEachOther) {
  EXPECT_THAT(errors_of({}), IsEmpty());
  EXPECT_THAT(errors_of({":80", ":81", "127.0.0.1:82", "127.0.0.2:82"}), IsEmpty());
  for (const auto& twice : std::vector<std::vector<const char*>>{
           {":80", ":80"}, {":80", "0.0.0.0:80"}, {"127.0.0.1:80", "127.0.0.1:80"}}) {
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
  EXPECT_THAT(errors_of({":80", "127.0.0.1:80"}), SizeIs(1));
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
