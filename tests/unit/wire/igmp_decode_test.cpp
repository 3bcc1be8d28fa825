#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/igmp.hpp"

// What octets mean. How they can be wrong: malformed_test.cpp.

namespace querent::wire {
namespace {

using namespace std::chrono_literals;
using test::around;
using test::octets;
using test::sealed;

const Report& report_of(const Result<Packet, DropReason>& packet) {
  return std::get<Report>(packet.value().message);
}
const Query& query_of(const Result<Packet, DropReason>& packet) {
  return std::get<Query>(packet.value().message);
}

TEST(IgmpDecode, EveryVectorSaysWhatItIsToSay) {
  for (const auto& vector : test::vectors()) {
    const auto packet = decode_igmp(vector.packet);
    ASSERT_TRUE(packet) << vector.name << ": " << name(packet.error());
    EXPECT_EQ(*packet, vector.value) << vector.name;
  }
}

TEST(IgmpDecode, PaddingOfTheLinkIsNotThePackets) {
  for (const auto& vector : test::vectors()) {
    Bytes padded = vector.packet;
    padded.resize(padded.size() + 18, 0xA5);
    const auto packet = decode_igmp(padded);
    ASSERT_TRUE(packet) << vector.name << ": " << name(packet.error());
    EXPECT_EQ(*packet, vector.value) << vector.name;
  }
}

TEST(IgmpDecode, TheEnvelopeIsReportedAndNotJudged) {
  Bytes packet = test::vector("query_v2").packet;
  packet[8] = 64;                   // TTL
  store32(packet, 12, 0x7F000001);  // from 127.0.0.1
  store32(packet, 16, 0x08080808);  // to 8.8.8.8
  packet[1] = 0;                    // TOS
  packet[4] = 0xAB;                 // identification
  packet[6] = 0;                    // DF
  const auto read = decode_igmp(sealed(packet));
  ASSERT_TRUE(read) << name(read.error());
  EXPECT_EQ(read->hop_limit, 64);
  EXPECT_EQ(read->source, Address::v4(127, 0, 0, 1));
  EXPECT_EQ(read->destination, Address::v4(8, 8, 8, 8));
}

TEST(IgmpDecode, RouterAlertIsFoundAmongAnyOptions) {
  struct Row {
    std::string_view options;
    bool router_alert;
  };
  const Row rows[] = {
      {"", false},
      {"94040000", true},
      {"01010101", false},                   // NOPs alone
      {"00000000", false},                   // end of the list
      {"01010194 04000000", true},           // after NOPs, then the end
      {"07070400 00000001 94040000", true},  // after a record route and a NOP
      {"94040000 07070400 00000000", true},  // before one
      {"00000000 94040000", false},          // behind the end of the list: padding
      {"94040001", false},                   // a reserved value
      {"94040001 94040000", true},           // a reserved value, and the real one
      {"07040404 01010101", false},          // another option that could look like it
  };
  for (const auto& row : rows) {
    const auto packet = decode_igmp(around(octets("1164000000000000"), row.options));
    ASSERT_TRUE(packet) << row.options << ": " << name(packet.error());
    EXPECT_EQ(packet->router_alert, row.router_alert) << row.options;
    EXPECT_EQ(query_of(packet).max_response, 10s) << row.options;
  }
}

TEST(IgmpDecode, AQuerysVersionIsItsLengthAndCode) {
  EXPECT_EQ(query_of(decode_igmp(around(octets("1100000000000000")))).version, Version::k1);
  EXPECT_EQ(query_of(decode_igmp(around(octets("1101000000000000")))).version, Version::k2);
  // A code of 0 does not make 12 octets a v1 query.
  const auto v3 = decode_igmp(around(octets("110000000000000000000000")));
  EXPECT_EQ(query_of(v3).version, Version::k3);
  EXPECT_EQ(query_of(v3).max_response, 0s);
  EXPECT_EQ(query_of(v3).robustness, 0);
  EXPECT_EQ(query_of(v3).query_interval, 0s);
}

TEST(IgmpDecode, AV1QueryIsGeneralWhateverItsGroupFieldSays) {
  for (const auto* message : {"11000000ef010203", "110000000a000001"}) {
    const auto packet = decode_igmp(around(octets(message)));
    ASSERT_TRUE(packet) << message;
    EXPECT_TRUE(query_of(packet).is_general()) << message;
    EXPECT_EQ(query_of(packet).group, Address::v4(0)) << message;
    EXPECT_EQ(query_of(packet).max_response, 10s) << message;
  }
}

TEST(IgmpDecode, AV2CodeIsNoFloatingPointNumber) {
  EXPECT_EQ(query_of(decode_igmp(around(octets("1180000000000000")))).max_response, 12800ms);
  EXPECT_EQ(query_of(decode_igmp(around(octets("1190000000000000")))).max_response, 14400ms);
  EXPECT_EQ(query_of(decode_igmp(around(octets("11ff000000000000")))).max_response, 25500ms);
  // The same code in a v3 query is one.
  const auto v3 = decode_igmp(around(octets("11900000 00000000 00900000")));
  EXPECT_EQ(query_of(v3).max_response, 25600ms);
  EXPECT_EQ(query_of(v3).query_interval, 256s);
}

TEST(IgmpDecode, ReservedFieldsMayHaveAnyValue) {
  // RFC 9776 4.1.4: the four flags before S.
  const auto query = decode_igmp(around(octets("1164000000000000f23c0000")));
  ASSERT_TRUE(query);
  EXPECT_FALSE(query_of(query).suppress);
  EXPECT_EQ(query_of(query).robustness, 2);
  // RFC 9776 4.2: the octet after the type, and the two before the number of records.
  const auto report = decode_igmp(around(octets("22ff0000 ffff0001 04000000 ef010203")));
  ASSERT_TRUE(report);
  EXPECT_EQ(report_of(report).records.size(), 1U);
  // The code of reports and leaves.
  ASSERT_TRUE(decode_igmp(around(octets("16ff0000ef010203"))));
  ASSERT_TRUE(decode_igmp(around(octets("17ff0000ef010203"))));
}

TEST(IgmpDecode, SourcesOfAGeneralQueryAreGivenAsSent) {
  const auto packet = decode_igmp(around(octets("11640000 00000000 023c0001 c6336407")));
  ASSERT_TRUE(packet);
  EXPECT_TRUE(query_of(packet).is_general());
  EXPECT_EQ(query_of(packet).sources, std::vector{Address::v4(198, 51, 100, 7)});
}

TEST(IgmpDecode, OctetsBeyondTheMessageAreIgnoredButChecked) {
  // All but v1 and v2 queries, whose length is what they are known by.
  for (const auto* base : {"query_v3", "query_v3_sources", "report_v1", "report_v2", "leave",
                           "report_v3_mixed", "report_v3_empty"}) {
    for (std::size_t extra = 1; extra <= 9; ++extra) {
      const auto& vector = test::vector(base);
      Bytes longer = vector.packet;
      longer.resize(longer.size() + extra, 0x5A);
      store16(longer, 2, static_cast<std::uint16_t>(longer.size()));
      longer = sealed(longer);
      const auto packet = decode_igmp(longer);
      ASSERT_TRUE(packet) << base << " +" << extra << ": " << name(packet.error());
      EXPECT_EQ(*packet, vector.value) << base << " +" << extra;

      longer.back() ^= 0x10U;
      const auto spoilt = decode_igmp(longer);
      ASSERT_FALSE(spoilt) << base << " +" << extra;
      EXPECT_EQ(spoilt.error(), DropReason::kMessageChecksum);
    }
  }
}

TEST(IgmpDecode, AuxiliaryDataIsSkipped) {
  // The first record has one source and two words of auxiliary data.
  const auto packet =
      decode_igmp(around(octets("22000000 00000002"
                                "05020001 e8010203 c6336407 deadbeef deadbeef"
                                "04000000 ef010203")));
  ASSERT_TRUE(packet) << name(packet.error());
  const auto& records = report_of(packet).records;
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].sources, std::vector{Address::v4(198, 51, 100, 7)});
  EXPECT_EQ(records[1].group, Address::v4(239, 1, 2, 3));
  EXPECT_EQ(report_of(packet).skipped_records, 0U);
}

TEST(IgmpDecode, RecordsNobodyUnderstandsAreSkippedAndCounted) {
  // Of type 0, of type 7 with a source and auxiliary data, of type 255; for a unicast "group" and
  // for 0.0.0.0. Between and after them good ones.
  const auto packet =
      decode_igmp(around(octets("22000000 00000007"
                                "00000000 ef010201"
                                "07010001 ef010202 c6336407 deadbeef"
                                "04000000 ef010203"
                                "ff000000 ef010204"
                                "04000000 0a000001"
                                "02000000 00000000"
                                "03000000 ef010205")));
  ASSERT_TRUE(packet) << name(packet.error());
  const auto& report = report_of(packet);
  EXPECT_EQ(report.skipped_records, 5U);
  ASSERT_EQ(report.records.size(), 2U);
  EXPECT_EQ(report.records[0].group, Address::v4(239, 1, 2, 3));
  EXPECT_EQ(report.records[1].group, Address::v4(239, 1, 2, 5));
  EXPECT_EQ(report.records[1].type, RecordType::kToInclude);
}

TEST(IgmpDecode, AllRecordTypes) {
  for (unsigned type = 0; type < 256; ++type) {
    Bytes message = octets("22000000 00000001 00000000 ef010203");
    message[8] = static_cast<std::uint8_t>(type);
    const auto packet = decode_igmp(around(message));
    ASSERT_TRUE(packet) << type;
    const auto& report = report_of(packet);
    if (type >= 1 && type <= 6) {
      ASSERT_EQ(report.records.size(), 1U) << type;
      EXPECT_EQ(static_cast<unsigned>(report.records[0].type), type);
      EXPECT_EQ(report.skipped_records, 0U);
    } else {
      EXPECT_TRUE(report.records.empty()) << type;
      EXPECT_EQ(report.skipped_records, 1U) << type;
    }
  }
}

TEST(IgmpDecode, SourcesStayAsSent) {
  // Out of order, twice, and such as make no sense.
  const auto packet = decode_igmp(
      around(octets("22000000 00000001 06000004 e8010203 cb007109 c6336407 c6336407 e0000001")));
  ASSERT_TRUE(packet);
  const std::vector expected{Address::v4(203, 0, 113, 9), Address::v4(198, 51, 100, 7),
                             Address::v4(198, 51, 100, 7), Address::v4(224, 0, 0, 1)};
  EXPECT_EQ(report_of(packet).records.at(0).sources, expected);
}

// The report with so many records of one source each, then so many octets more.
Bytes long_report(std::size_t records, std::size_t extra) {
  Bytes message = octets("22000000 00000000");
  store16(message, 6, static_cast<std::uint16_t>(records));
  for (std::size_t i = 0; i < records; ++i) {
    Bytes record = octets("05000001 e8000000 c6336407");
    store16(record, 6, static_cast<std::uint16_t>(i));
    message.insert(message.end(), record.begin(), record.end());
  }
  message.resize(message.size() + extra, 0xEE);
  return message;
}

TEST(IgmpDecode, AReportOfAJumboFrame) {
  // 9,000 octets: 24 of IP, 8 of report, 747 records of 12, and 4 that belong to nobody.
  const Bytes packet = around(long_report(747, 4));
  ASSERT_EQ(packet.size(), 9000U);
  const auto read = decode_igmp(packet);
  ASSERT_TRUE(read) << name(read.error());
  ASSERT_EQ(report_of(read).records.size(), 747U);
  EXPECT_EQ(report_of(read).records.back().group, Address::v4(232, 0, 2, 234));
}

TEST(IgmpDecode, AReportAsLongAsAPacketCanBe) {
  // 65,535 octets: 24 of IP, 8 of report, 5,458 records of 12, and 7 more.
  const Bytes packet = around(long_report(5458, 7));
  ASSERT_EQ(packet.size(), 65535U);
  const auto read = decode_igmp(packet);
  ASSERT_TRUE(read) << name(read.error());
  EXPECT_EQ(report_of(read).records.size(), 5458U);
}

TEST(IgmpDecode, OneRecordOf366Sources) {
  Bytes message = octets("22000000 00000001 0100016e e8010203");
  for (unsigned i = 0; i < 366; ++i) {
    message.resize(message.size() + 4);
    store32(message, message.size() - 4, 0x0A000000U + i);
  }
  const auto read = decode_igmp(around(message));
  ASSERT_TRUE(read) << name(read.error());
  const auto& sources = report_of(read).records.at(0).sources;
  ASSERT_EQ(sources.size(), 366U);
  EXPECT_EQ(sources.front(), Address::v4(10, 0, 0, 0));
  EXPECT_EQ(sources.back(), Address::v4(10, 0, 1, 109));
}

TEST(IgmpDecode, TakesNoMoreMemoryThanTheOctetsAreWorth) {
  const auto query =
      decode_igmp(around(octets("11640000 e8010203 023c0003 c6336407 c6336408 c6336409")));
  ASSERT_TRUE(query) << name(query.error());
  EXPECT_EQ(query_of(query).sources.capacity(), 3U);
  const auto report = decode_igmp(around(long_report(3, 100)));
  EXPECT_EQ(report_of(report).records.capacity(), 3U);
}

}  // namespace
}  // namespace querent::wire
