#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "vectors.hpp"
#include "wire/mld.hpp"

// What octets mean. How they can be wrong: malformed_mld.cpp.

namespace querent::wire {
namespace {

using namespace std::chrono_literals;
using test::around_mld;
using test::octets;
using test::sealed_mld;

const std::string kNoGroup = "00000000000000000000000000000000";
const std::string kGroup = "ff1e0000000000000000000000000123";
const std::string kChannel = "ff3e0000000000000000000000008001";
const std::string kSource = "20010db8000000000000000000000007";

Address at(const char* text) {
  return Address::parse(text).value();
}
Result<Packet, DropReason> read(const std::string& message) {
  return decode_mld(around_mld(octets(message)));
}
const Report& report_of(const Result<Packet, DropReason>& packet) {
  return std::get<Report>(packet.value().message);
}
const Query& query_of(const Result<Packet, DropReason>& packet) {
  return std::get<Query>(packet.value().message);
}

TEST(MldDecode, EveryVectorSaysWhatItIsToSay) {
  for (const auto& vector : test::mld_vectors()) {
    const auto packet = decode_mld(vector.packet);
    ASSERT_TRUE(packet) << vector.name << ": " << name(packet.error());
    EXPECT_EQ(*packet, vector.value) << vector.name;
  }
}

TEST(MldDecode, PaddingOfTheLinkIsNotThePackets) {
  for (const auto& vector : test::mld_vectors()) {
    Bytes padded = vector.packet;
    padded.resize(padded.size() + 18, 0xA5);
    const auto packet = decode_mld(padded);
    ASSERT_TRUE(packet) << vector.name << ": " << name(packet.error());
    EXPECT_EQ(*packet, vector.value) << vector.name;
  }
}

TEST(MldDecode, TheEnvelopeIsReportedAndNotJudged) {
  Bytes packet = test::vector("query_v1", test::mld_vectors()).packet;
  packet[7] = 255;                  // hop limit
  store32(packet, 8, 0);            // from ::1
  store32(packet, 24, 0x3FFE0000);  // to 3ffe::1
  store32(packet, 0, 0x6FFFFFFF);   // traffic class and flow label
  const auto read = decode_mld(sealed_mld(packet));
  ASSERT_TRUE(read) << name(read.error());
  EXPECT_EQ(read->hop_limit, 255);
  EXPECT_EQ(read->source, at("::1"));
  EXPECT_EQ(read->destination, at("3ffe::1"));
}

TEST(MldDecode, RouterAlertIsFoundAmongAnyOptions) {
  struct Row {
    std::string_view hop_by_hop;
    bool router_alert;
  };
  const Row rows[] = {
      {"", false},
      {"3a00050200000100", true},
      {"3a00050200000000", true},                   // Pad1 twice behind
      {"3a00010005020000", true},                   // PadN before
      {"3a00000005020000", true},                   // Pad1 twice before
      {"3a00000502000000", true},                   // Pad1 around it
      {"3a00010400000000", false},                  // PadN alone
      {"3a00000000000000", false},                  // Pad1 alone
      {"3a00050200010100", false},                  // RSVP's
      {"3a00050200020100", false},                  // active networks'
      {"3a000502ffff0100", false},                  // reserved
      {"3a01050200010502 0000010400000000", true},  // somebody else's, then MLD's
      {"3a01050200000502 0001010400000000", true},  // MLD's, then somebody else's
      {"3a01060605020000 aabb050200000100", true},  // behind an unknown one that looks like it
      {"3a00060405020000", false},                  // an unknown one that looks like it, alone
      {"3a01050200003e08 1122334455667788", true},  // before an unknown one
      {"3a02010c0000000000000000 00000000 0502000001020000", true},  // behind much padding
  };
  for (const auto& row : rows) {
    const auto packet =
        decode_mld(around_mld(octets("8200000027100000" + kNoGroup), row.hop_by_hop));
    ASSERT_TRUE(packet) << row.hop_by_hop << ": " << name(packet.error());
    EXPECT_EQ(packet->router_alert, row.router_alert) << row.hop_by_hop;
    EXPECT_EQ(query_of(packet).max_response, 10s) << row.hop_by_hop;
  }
}

TEST(MldDecode, AHopByHopHeaderAsLongAsItCanBe) {
  // 2,048 octets: Router Alert, then 254 bytes of PadN eight times, and what is left.
  Bytes options = octets("3aff05020000");
  while (options.size() + 256 <= 2048) {
    options.insert(options.end(), {1, 254});
    options.resize(options.size() + 254);
  }
  options.resize(2048);  // Pad1
  Bytes packet =
      octets("60000000 08180001 fe800000000000000000000000000009 ff1e0000000000000000000000000123");
  packet.insert(packet.end(), options.begin(), options.end());
  const Bytes report = octets("83007d9f 00000000" + kGroup);
  packet.insert(packet.end(), report.begin(), report.end());
  const auto read = decode_mld(packet);
  ASSERT_TRUE(read) << name(read.error());
  EXPECT_EQ(*read, test::vector("report_v1", test::mld_vectors()).value);
}

// Each type in each length from nothing to 40 octets, all zero behind its type: what kind it is,
// or why it is none.
TEST(MldDecode, EveryLengthOfEveryType) {
  for (const unsigned type : {130U, 131U, 132U, 143U}) {
    for (std::size_t size = 0; size <= 40; ++size) {
      Bytes message(size);
      if (size > 0) message[0] = static_cast<std::uint8_t>(type);
      const auto packet = decode_mld(around_mld(message));
      const std::size_t least = type == 143 ? 8 : 24;
      if (size < least) {
        EXPECT_EQ(packet, failure(DropReason::kMessageTooShort)) << type << " of " << size;
      } else if (type == 143) {
        EXPECT_EQ(report_of(packet), Report{.version = Version::k3}) << size;
      } else if (type != 130) {  // for the group ::
        EXPECT_EQ(packet, failure(DropReason::kGroupNotMulticast)) << type << " of " << size;
      } else if (size > 24 && size < 28) {
        EXPECT_EQ(packet, failure(DropReason::kQueryLength)) << size;
      } else {
        ASSERT_TRUE(packet) << size;
        EXPECT_EQ(query_of(packet).version, size == 24 ? Version::k2 : Version::k3) << size;
        EXPECT_TRUE(query_of(packet).is_general()) << size;
        EXPECT_EQ(query_of(packet).group, Address{}) << size;
      }
    }
  }
}

TEST(MldDecode, AllResponseCodes) {
  Bytes v1 = octets("8200000000000000" + kGroup);
  Bytes v2 = octets("8200000000000000" + kGroup + "00000000");
  for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
    store16(v1, 4, static_cast<std::uint16_t>(code));
    store16(v2, 4, static_cast<std::uint16_t>(code));
    ASSERT_EQ(query_of(decode_mld(around_mld(v1))).max_response, code * 1ms);
    // RFC 9777 5.1.3: (mant | 0x1000) << (exp + 3).
    const std::uint32_t value =
        code < 0x8000 ? code : ((code & 0xFFFU) | 0x1000U) << (((code >> 12U) & 7U) + 3);
    ASSERT_EQ(query_of(decode_mld(around_mld(v2))).max_response, value * 1ms) << code;
  }
}

TEST(MldDecode, AllFlagsAndIntervals) {
  Bytes message = octets("8200000000000000" + kGroup + "00000000");
  for (unsigned octet = 0; octet < 256; ++octet) {
    message[24] = static_cast<std::uint8_t>(octet);
    message[25] = static_cast<std::uint8_t>(octet);
    const auto packet = decode_mld(around_mld(message));
    // The four flags before S are reserved (RFC 9777 5.1.6).
    EXPECT_EQ(query_of(packet).suppress, (octet & 8U) != 0) << octet;
    EXPECT_EQ(query_of(packet).robustness, octet & 7U) << octet;
    const unsigned seconds =
        octet < 128 ? octet : ((octet & 15U) | 16U) << (((octet >> 4U) & 7U) + 3);
    EXPECT_EQ(query_of(packet).query_interval, seconds * 1s) << octet;
  }
}

TEST(MldDecode, ReservedFieldsMayHaveAnyValue) {
  // The code, and the two octets behind the response.
  const auto query = read("82ff00002710ffff" + kGroup);
  ASSERT_TRUE(query) << name(query.error());
  EXPECT_EQ(query_of(query).max_response, 10s);
  EXPECT_TRUE(read("83ff0000ffffffff" + kGroup));
  EXPECT_TRUE(read("84ff0000ffffffff" + kGroup));
  const auto report = read("8fff0000 ffff0001 04000000" + kGroup);
  ASSERT_TRUE(report) << name(report.error());
  EXPECT_EQ(report_of(report).records.size(), 1U);
}

TEST(MldDecode, SourcesOfAGeneralQueryAreGivenAsSent) {
  const auto packet = read("8200000027100000" + kNoGroup + "023c0001" + kSource);
  ASSERT_TRUE(packet) << name(packet.error());
  EXPECT_TRUE(query_of(packet).is_general());
  EXPECT_EQ(query_of(packet).sources, std::vector{at("2001:db8::7")});
}

TEST(MldDecode, OctetsBeyondTheMessageAreIgnoredButChecked) {
  // All but the MLDv1 query, whose length is what it is known by.
  for (const auto* base : {"query_v2", "query_v2_sources", "report_v1", "report_v1_bare", "done",
                           "report_v2_mixed", "report_v2_empty"}) {
    for (std::size_t extra = 1; extra <= 9; ++extra) {
      const auto& vector = test::vector(base, test::mld_vectors());
      Bytes longer = vector.packet;
      longer.resize(longer.size() + extra, 0x5A);
      store16(longer, 4, static_cast<std::uint16_t>(longer.size() - 40));
      longer = sealed_mld(longer);
      const auto packet = decode_mld(longer);
      ASSERT_TRUE(packet) << base << " +" << extra << ": " << name(packet.error());
      EXPECT_EQ(*packet, vector.value) << base << " +" << extra;

      longer.back() ^= 0x10U;
      EXPECT_EQ(decode_mld(longer), failure(DropReason::kMessageChecksum));
    }
  }
}

TEST(MldDecode, AuxiliaryDataIsSkipped) {
  // The first record has one source and two words of auxiliary data.
  const auto packet = read("8f000000 00000002 05020001" + kChannel + kSource +
                           "deadbeef deadbeef 04000000" + kGroup);
  ASSERT_TRUE(packet) << name(packet.error());
  const auto& records = report_of(packet).records;
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].sources, std::vector{at("2001:db8::7")});
  EXPECT_EQ(records[1].group, at("ff1e::123"));
  EXPECT_EQ(report_of(packet).skipped_records, 0U);
}

TEST(MldDecode, RecordsNobodyUnderstandsAreSkippedAndCounted) {
  // Of type 0, of type 7 with a source and auxiliary data; for a unicast "group", for :: and for
  // ::ffff:224.0.0.22. Between and after them good ones.
  const auto packet =
      read("8f000000 00000007 00000000" + kGroup + "07010001" + kGroup + kSource +
           "deadbeef 04000000" + kGroup + "04000000" + kSource + "02000000" + kNoGroup +
           "04000000 00000000000000000000ffffe0000016" + "03000000" + kChannel);
  ASSERT_TRUE(packet) << name(packet.error());
  const auto& report = report_of(packet);
  EXPECT_EQ(report.skipped_records, 5U);
  ASSERT_EQ(report.records.size(), 2U);
  EXPECT_EQ(report.records[0].group, at("ff1e::123"));
  EXPECT_EQ(report.records[1].group, at("ff3e::8001"));
  EXPECT_EQ(report.records[1].type, RecordType::kToInclude);
}

TEST(MldDecode, AllRecordTypes) {
  for (unsigned type = 0; type < 256; ++type) {
    Bytes message = octets("8f000000 00000001 00000000" + kGroup);
    message[8] = static_cast<std::uint8_t>(type);
    const auto packet = decode_mld(around_mld(message));
    const auto& report = report_of(packet);
    const bool known = type >= 1 && type <= 6;
    EXPECT_EQ(report.records.size(), known ? 1U : 0U) << type;
    EXPECT_EQ(report.skipped_records, known ? 0U : 1U) << type;
    if (known) {
      EXPECT_EQ(static_cast<unsigned>(report.records.at(0).type), type);
    }
  }
}

TEST(MldDecode, SourcesStayAsSent) {
  // Out of order, twice, and such as make no sense.
  const auto packet = read("8f000000 00000001 06000004" + kChannel + kGroup + kSource + kSource +
                           "00000000000000000000ffffc0000201");
  ASSERT_TRUE(packet) << name(packet.error());
  const std::vector expected{at("ff1e::123"), at("2001:db8::7"), at("2001:db8::7"),
                             at("::ffff:192.0.2.1")};
  EXPECT_EQ(report_of(packet).records.at(0).sources, expected);
}

TEST(MldDecode, AReportAsLongAsAPacketCanBe) {
  // 65,535 octets of payload: 8 of options, 8 of report, 1,819 records of 36, and 35 more.
  Bytes message = octets("8f000000 0000071b");
  Bytes record = octets("05000001" + kChannel + kSource);
  for (unsigned i = 0; i < 1819; ++i) {
    store16(record, 18, static_cast<std::uint16_t>(i));
    message.insert(message.end(), record.begin(), record.end());
  }
  message.resize(message.size() + 35, 0xEE);
  const Bytes packet = around_mld(message);
  ASSERT_EQ(packet.size(), 65575U);
  const auto read = decode_mld(packet);
  ASSERT_TRUE(read) << name(read.error());
  ASSERT_EQ(report_of(read).records.size(), 1819U);
  EXPECT_EQ(report_of(read).records.back().group, at("ff3e::71a"));
}

TEST(MldDecode, TakesNoMoreMemoryThanTheOctetsAreWorth) {
  const auto query = read("8200000003e80000" + kChannel + "023c0003" + kSource + kSource + kSource);
  ASSERT_TRUE(query) << name(query.error());
  EXPECT_EQ(query_of(query).sources.capacity(), 3U);
  const auto report = read("8f000000 00000002 04000000" + kGroup + "04000000" + kGroup + kSource);
  EXPECT_EQ(report_of(report).records.capacity(), 2U);
}

}  // namespace
}  // namespace querent::wire
