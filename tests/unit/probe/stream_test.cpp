#include "probe/stream.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::probe {
namespace {

using namespace std::chrono_literals;

constexpr StreamDatagram kDatagram{.stream = 0x0102030405060708U,
                                   .number = 0x1112131415161718U,
                                   .sent = Duration{0x2122232425262728},
                                   .interval = 100ms,
                                   .last = true};

// The format is a promise to querents of other versions.
TEST(StreamDatagram, LooksLikeThis) {
  const Bytes octets = encode_stream(kDatagram, 46);
  const Bytes expected{'q',  'u',  'e',  'r',  'e',  'n',  't',  1,     //
                       0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,  //
                       0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,  //
                       0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,  //
                       0,    0,    0,    0,    0x05, 0xF5, 0xE1, 0x00,  // 100,000,000
                       0,    0,    0,    1,    0,    0};
  EXPECT_EQ(octets, expected);
}

RC_GTEST_PROP(StreamDatagram, ComesBack, (std::uint64_t stream, std::uint64_t number, bool last)) {
  const StreamDatagram datagram{.stream = stream,
                                .number = number,
                                .sent = Duration{*rc::gen::arbitrary<std::int64_t>()},
                                .interval = Duration{*rc::gen::arbitrary<std::int64_t>()},
                                .last = last};
  const auto size = *rc::gen::inRange(kSmallestDatagram, std::size_t{2000});
  const Bytes octets = encode_stream(datagram, size);
  RC_ASSERT(octets.size() == size);
  RC_ASSERT(decode_stream(octets) == datagram);
  RC_ASSERT(decode_stream(ByteView(octets).first(kSmallestDatagram)) == datagram);
}

TEST(StreamDatagram, WhatIsShorterOrOtherwiseMarkedIsForeign) {
  const Bytes octets = encode_stream(kDatagram, kSmallestDatagram);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(decode_stream(ByteView(octets).first(size))) << size;
  }
  for (std::size_t at = 0; at < 8; ++at) {
    Bytes changed = octets;
    changed[at] ^= 1U;
    EXPECT_FALSE(decode_stream(changed)) << at;
  }
}

net::UdpChannel channel(Address group, std::uint16_t port) {
  return {.group = group, .port = port};
}

TEST(ParseChannel, GroupPortAndSource) {
  EXPECT_EQ(parse_channel("239.1.2.3"), channel(Address::v4(239, 1, 2, 3), 5004));
  EXPECT_EQ(parse_channel("239.1.2.3:65535"), channel(Address::v4(239, 1, 2, 3), 65535));
  const net::UdpChannel ssm{
      .group = Address::v4(232, 1, 2, 3), .port = 9, .source = Address::v4(192, 0, 2, 7)};
  EXPECT_EQ(parse_channel("232.1.2.3:9@192.0.2.7"), ssm);
  EXPECT_EQ(parse_channel("232.1.2.3@192.0.2.7")->port, kStreamPort);
  const auto ipv6 = Address::parse("ff3e::1").value();
  EXPECT_EQ(parse_channel("ff3e::1"), channel(ipv6, 5004));
  EXPECT_EQ(parse_channel("[ff3e::1]"), channel(ipv6, 5004));
  EXPECT_EQ(parse_channel("[ff3e::1]:7@2001:db8::1"),
            (net::UdpChannel{ipv6, 7, Address::parse("2001:db8::1")}));
}

TEST(ParseChannel, WhatItSaysIsReadAsTheSame) {
  for (const auto* text :
       {"239.1.2.3:5004", "232.1.2.3:9@192.0.2.7", "[ff3e::1]:7", "[ff3e::1]:7@2001:db8::1"}) {
    EXPECT_EQ(to_string(parse_channel(text).value()), text);
  }
}

std::string why_not(std::string_view text) {
  const auto channel = parse_channel(text);
  return channel ? "nothing is wrong" : channel.error();
}

TEST(ParseChannel, SaysWhatIsWrong) {
  EXPECT_EQ(why_not(""), "'' is not an address");
  EXPECT_EQ(why_not("239.1.2"), "'239.1.2' is not an address");
  EXPECT_EQ(why_not("192.0.2.7"),
            "192.0.2.7 is not a multicast group (224.0.0.0 to 239.255.255.255)");
  EXPECT_EQ(why_not("2001:db8::1"), "2001:db8::1 is not a multicast group (ff00::/8)");
  for (const auto* port : {"0", "65536", "", "x", "1x", "-1", "99999999999999999999"}) {
    EXPECT_EQ(why_not(std::string("239.1.2.3:") + port),
              std::string("the port '") + port + "' is not a number from 1 to 65535");
  }
  EXPECT_EQ(why_not("[ff3e::1]7x"), "the port '7x' is not a number from 1 to 65535");
  EXPECT_EQ(why_not("[ff3e::1"), "'[ff3e::1' is not an address");
  EXPECT_EQ(why_not("239.1.2.3@"), "the source '' is not an address");
  EXPECT_EQ(why_not("239.1.2.3@224.0.0.1"), "the source 224.0.0.1 is not the address of a host");
  EXPECT_EQ(why_not("239.1.2.3@0.0.0.0"), "the source 0.0.0.0 is not the address of a host");
  EXPECT_EQ(why_not("239.1.2.3@::1"), "the source ::1 is not of the group's family");
}

RC_GTEST_PROP(ParseChannel, AnyTextHasAnAnswer, (const std::string& text)) {
  const auto channel = parse_channel(text);
  RC_ASSERT(channel || !channel.error().empty());
}

constexpr Instant kBegin{1000s};

TEST(Pace, TheFirstAtOnceThenOneEveryInterval) {
  Pace pace(kBegin, 100ms);
  EXPECT_EQ(pace.take_due(kBegin - 1ns), 0U);
  EXPECT_EQ(pace.take_due(kBegin), 1U);
  EXPECT_EQ(pace.take_due(kBegin), 0U);
  EXPECT_EQ(pace.next(), kBegin + 100ms);
  EXPECT_EQ(pace.take_due(kBegin + 99'999'999ns), 0U);
  EXPECT_EQ(pace.take_due(kBegin + 100ms), 1U);
}

TEST(Pace, LatenessDoesNotAddUp) {
  Pace pace(kBegin, 100ms);
  EXPECT_EQ(pace.take_due(kBegin + 30ms), 1U);
  EXPECT_EQ(pace.next(), kBegin + 100ms);
  EXPECT_EQ(pace.take_due(kBegin + 350ms), 3U);
  EXPECT_EQ(pace.next(), kBegin + 400ms);
  EXPECT_EQ(pace.left_out(), 0U);
}

TEST(Pace, CatchesUpInPortions) {
  Pace pace(kBegin, 1ms);
  EXPECT_EQ(pace.take_due(kBegin + 99ms), 64U);
  EXPECT_EQ(pace.take_due(kBegin + 99ms), 36U);
  EXPECT_EQ(pace.take_due(kBegin + 99ms), 0U);
}

TEST(Pace, WhatIsLeftAtTheEndIsLeftOut) {
  Pace pace(kBegin, 1ms);
  EXPECT_EQ(pace.take_due(kBegin + 99ms), 64U);
  pace.leave_out(kBegin + 100ms);
  EXPECT_EQ(pace.left_out(), 36U);
  pace.leave_out(kBegin + 100ms);
  EXPECT_EQ(pace.left_out(), 36U);
  EXPECT_EQ(pace.next(), kBegin + 100ms);
}

TEST(Pace, GoesOnFromNowAfterALongSleep) {
  Pace pace(kBegin, 100ms);
  EXPECT_EQ(pace.take_due(kBegin + 1h), 1U);
  EXPECT_EQ(pace.next(), kBegin + 1h + 100ms);
  EXPECT_EQ(pace.left_out(), 36'000U);
}

TEST(Pace, ASlowOneIsNotTooLate) {
  Pace pace(kBegin, 10s);
  EXPECT_EQ(pace.take_due(kBegin + 9s), 1U);
  EXPECT_EQ(pace.next(), kBegin + 10s);
  EXPECT_EQ(pace.left_out(), 0U);
}

}  // namespace
}  // namespace querent::probe
