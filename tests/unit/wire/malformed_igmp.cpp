#include <string>
#include <vector>

#include "malformed.hpp"
#include "vectors.hpp"

namespace querent::wire::test {
namespace {

// A v2 query with one thing changed, and the checksums right again.
Bytes changed(std::size_t at, std::uint8_t value) {
  Bytes packet = test::vector("query_v2").packet;
  packet[at] = value;
  return sealed(packet);
}

std::vector<Malformed> frames() {
  const Bytes query = test::vector("query_v2").packet;
  const std::string macs = "01005e000001 525400123456";
  return {
      {"no frame at all", DropReason::kFrameTruncated, LinkType::kEthernet, {}},
      {"no raw packet at all", DropReason::kFrameTruncated, LinkType::kRawIp, {}},
      {"half an Ethernet header", DropReason::kFrameTruncated, LinkType::kEthernet, octets(macs)},
      {"ends within a VLAN tag", DropReason::kFrameTruncated, LinkType::kEthernet,
       octets(macs + "8100 0007 08")},
      {"three VLAN tags", DropReason::kFrameVlanTags, LinkType::kEthernet,
       octets(macs + "88a8 0001 8100 0002 8100 0003 0800")},
      {"ARP", DropReason::kFrameNotIp, LinkType::kEthernet, octets(macs + "0806 0001")},
      {"an 802.3 length", DropReason::kFrameNotIp, LinkType::kEthernet, octets(macs + "0026 42")},
      {"ARP in a VLAN", DropReason::kFrameNotIp, LinkType::kEthernet,
       octets(macs + "8100 0007 0806")},
      {"a raw packet of version 5", DropReason::kFrameNotIp, LinkType::kRawIp, octets("55")},
  };
}

std::vector<Malformed> packets() {
  const auto raw = LinkType::kRawIpv4;
  const Bytes report = octets("1600f8faef010203");
  Bytes short_total = changed(3, 23);
  Bytes zero_total = changed(3, 0);
  Bytes long_total = changed(3, 33);
  return {
      {"no packet at all", DropReason::kIpTruncated, raw, {}},
      {"one octet", DropReason::kIpTruncated, raw, octets("46")},
      {"a header less one octet", DropReason::kIpTruncated, raw,
       octets("45c0001c 00004000 0102c612 c0000209 ef0102")},
      {"IPv6 where IPv4 is said", DropReason::kIpVersion, raw, octets("60000000")},
      {"version 0", DropReason::kIpVersion, raw, octets("00")},
      {"a header of 4 words", DropReason::kIpHeaderLength, raw, changed(0, 0x44)},
      {"a header of no words", DropReason::kIpHeaderLength, raw, changed(0, 0x40)},
      {"UDP", DropReason::kIpProtocol, raw, changed(9, 17)},
      {"UDP whose checksum hardware fills in", DropReason::kIpProtocol, raw,
       octets("45000020 00004000 01110000 c0000201 e0000001")},
      {"a wrong IP checksum", DropReason::kIpChecksum, raw,
       octets("46c00020 00004000 01024214 c0000201 e0000001 94040000 1164ee9b 00000000")},
      {"a total length within the header", DropReason::kIpTotalLength, raw, short_total},
      {"a total length of 0", DropReason::kIpTotalLength, raw, zero_total},
      {"one octet more announced", DropReason::kIpTruncated, raw, long_total},
      {"a first fragment", DropReason::kIpFragment, raw, changed(6, 0x20)},
      {"a later fragment", DropReason::kIpFragment, raw, changed(7, 0x01)},
      {"a far later fragment", DropReason::kIpFragment, raw, changed(6, 0x1F)},
      {"an option without length", DropReason::kIpOption, raw, around(report, "01010107")},
      {"an option of length 0", DropReason::kIpOption, raw, around(report, "07000000")},
      {"an option of length 1", DropReason::kIpOption, raw, around(report, "07010000")},
      {"an option beyond the header", DropReason::kIpOption, raw, around(report, "07050000")},
      {"a short Router Alert", DropReason::kIpOption, raw, around(report, "94030000")},
      {"a long Router Alert", DropReason::kIpOption, raw, around(report, "94080000 00000000")},
  };
}

std::vector<Malformed> messages() {
  const auto raw = LinkType::kRawIpv4;
  const auto row = [](const char* what, DropReason reason, const char* message) {
    return Malformed{what, reason, raw, around(octets(message))};
  };
  const auto beyond = DropReason::kReportRecord;
  const auto too_short = DropReason::kMessageTooShort;
  const auto not_a_group = DropReason::kGroupNotMulticast;
  return {
      row("no message at all", too_short, ""),
      row("one octet", too_short, "11"),
      row("three octets", too_short, "110000"),
      row("a query of 4 octets", too_short, "11640000"),
      row("a query of 7 octets", too_short, "11640000000000"),
      row("a v3 report of 7 octets", too_short, "22000000000000"),
      row("a leave of 7 octets", too_short, "17000000ef0102"),
      {"a wrong IGMP checksum", DropReason::kMessageChecksum, raw,
       octets("46c00020 00004000 01024215 c0000201 e0000001 94040000 1164ee9c 00000000")},
      {"an IGMP checksum of 0", DropReason::kMessageChecksum, raw,
       octets("46c00020 00004000 01024215 c0000201 e0000001 94040000 11640000 00000000")},
      row("type 0", DropReason::kMessageType, "0000000000000000"),
      row("DVMRP", DropReason::kMessageType, "1301000000000000"),
      row("PIMv1", DropReason::kMessageType, "1400000000000000"),
      row("a router solicitation of 4 octets (RFC 4286 5)", DropReason::kMessageType, "31000000"),
      row("a query of 9 octets", DropReason::kQueryLength, "1164000000000000 02"),
      row("a query of 10 octets", DropReason::kQueryLength, "1164000000000000 027d"),
      row("a query of 11 octets", DropReason::kQueryLength, "1164000000000000 027d00"),
      row("a v1 query of 9 octets", DropReason::kQueryLength, "1100000000000000 00"),
      row("a source announced, none there", DropReason::kQuerySources,
          "110a0000 ef010203 023c0001"),
      row("a source less one octet", DropReason::kQuerySources,
          "110a0000 ef010203 023c0001 c63364"),
      row("two sources announced, one there", DropReason::kQuerySources,
          "110a0000 ef010203 023c0002 c6336407"),
      row("65,535 sources announced", DropReason::kQuerySources,
          "110a0000 ef010203 023cffff c6336407"),
      row("a record announced, none there", beyond, "22000000 00000001"),
      row("a record less one octet", beyond, "22000000 00000001 04000000 ef0102"),
      row("65,535 records announced", beyond, "22000000 0000ffff 04000000 ef010203"),
      row("a record's source missing", beyond, "22000000 00000001 05000001 e8010203"),
      row("a record's 65,535 sources missing", beyond, "22000000 00000001 0500ffff e8010203"),
      row("a record's auxiliary data missing", beyond, "22000000 00000001 04010000 ef010203"),
      row("an unknown record's source missing", beyond, "22000000 00000001 07000001 ef010203"),
      row("the second record's source missing", beyond,
          "22000000 00000002 04000000 ef010203 05000001 e8010203"),
      row("a v2 query for a unicast address", not_a_group, "110a0000 0a000001"),
      row("a v2 query for 255.255.255.255", not_a_group, "110a0000 ffffffff"),
      row("a v3 query for 223.255.255.255", not_a_group, "110a0000 dfffffff 023c0000"),
      row("a v1 report for 0.0.0.0", not_a_group, "12000000 00000000"),
      row("a v2 report for 240.0.0.0", not_a_group, "16000000 f0000000"),
      row("a leave for a unicast address", not_a_group, "17000000 c0000201"),
  };
}

}  // namespace

std::vector<Malformed> malformed_igmp() {
  std::vector<Malformed> all;
  for (const auto& some : {frames(), packets(), messages()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace querent::wire::test
