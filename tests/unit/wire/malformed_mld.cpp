#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malformed.hpp"
#include "vectors.hpp"

namespace querent::wire::test {
namespace {

const std::string kReport = "8300000000000000 ff1e0000000000000000000000000123";

// An MLDv1 query with one thing changed, and the checksum right again.
Bytes changed(std::size_t at, std::uint8_t value) {
  Bytes packet = vector("query_v1", mld_vectors()).packet;
  packet[at] = value;
  return sealed_mld(packet);
}

// An MLDv1 report with octets replaced, and the checksum right again.
Bytes with(std::size_t at, std::string_view replaced) {
  Bytes packet = around_mld(octets(kReport));
  const Bytes replacement = octets(replaced);
  std::copy(replacement.begin(), replacement.end(),
            packet.begin() + static_cast<std::ptrdiff_t>(at));
  return sealed_mld(packet);
}

std::vector<Malformed> headers() {
  const auto row = [](const char* what, DropReason reason, Bytes packet) {
    return Malformed{what, reason, LinkType::kRawIpv6, std::move(packet)};
  };
  const auto protocol = DropReason::kIpProtocol;
  const auto extension = DropReason::kIpExtension;
  const auto length = DropReason::kIpTotalLength;
  Bytes jumbogram = around_mld(octets(kReport), "3a010502 0000c204 00000028 01020000");
  store16(jumbogram, 4, 0);
  return {
      row("no packet at all", DropReason::kIpTruncated, {}),
      row("one octet", DropReason::kIpTruncated, octets("60")),
      row("a header less one octet", DropReason::kIpTruncated,
          octets("60000000 00180001 fe800000000000000000000000000001 ff02000000000000000000000000"
                 "00")),
      row("IPv4 where IPv6 is said", DropReason::kIpVersion, octets("46c00020")),
      row("version 0", DropReason::kIpVersion, octets("00")),
      row("version 7", DropReason::kIpVersion, changed(0, 0x70)),
      row("UDP", protocol, changed(6, 17)),
      row("nothing next", protocol, changed(6, 59)),
      row("UDP of a length that hardware fills in", protocol,
          octets("60000000 00001101 fe800000000000000000000000000001 "
                 "ff020000000000000000000000000001")),
      row("a payload length of 0", length, with(4, "0000")),
      row("a jumbogram", length, jumbogram),
      row("one octet more announced", DropReason::kIpTruncated, changed(5, 0x21)),
      row("65,535 octets announced", DropReason::kIpTruncated, with(4, "ffff")),
      row("a payload shorter than any Hop-by-Hop header", length, changed(5, 7)),
      row("a Hop-by-Hop header beyond the payload", length, changed(41, 4)),
      row("a Hop-by-Hop header beyond the packet", length, changed(41, 255)),
      row("a fragment", DropReason::kIpFragment, changed(6, 44)),
      row("a fragment behind Hop-by-Hop options", DropReason::kIpFragment, changed(40, 44)),
      row("a routing header", extension, changed(6, 43)),
      row("destination options", extension, changed(6, 60)),
      row("an authentication header", extension, changed(6, 51)),
      row("destination options behind Hop-by-Hop options", extension, changed(40, 60)),
      row("a second Hop-by-Hop header", extension, changed(40, 0)),
      row("UDP behind Hop-by-Hop options", protocol, changed(40, 17)),
      row("nothing behind Hop-by-Hop options", protocol, changed(40, 59)),
      row("from ::ffff:169.254.0.1", DropReason::kIpMapped,
          with(8, "00000000000000000000ffffa9fe0001")),
      row("from ::ffff:0.0.0.0", DropReason::kIpMapped,
          with(8, "00000000000000000000ffff00000000")),
      row("to ::ffff:224.0.0.22", DropReason::kIpMapped,
          with(24, "00000000000000000000ffffe0000016")),
  };
}

std::vector<Malformed> options() {
  const auto row = [](const char* what, DropReason reason, const char* hop_by_hop) {
    return Malformed{what, reason, LinkType::kRawIpv6, around_mld(octets(kReport), hop_by_hop)};
  };
  const auto impossible = DropReason::kIpOption;
  const auto unknown = DropReason::kIpOptionUnknown;
  return {
      row("an option without length", impossible, "3a00050200000005"),
      row("a PadN without length", impossible, "3a00050200000001"),
      row("a PadN beyond the header", impossible, "3a00050200000101"),
      row("an option beyond the header", impossible, "3a00060500000000"),
      row("an option of length 255", impossible, "3a0006ff00000000"),
      row("a Router Alert of no octets", impossible, "3a00050001020000"),
      row("a Router Alert of 1 octet", impossible, "3a00050100010100"),
      row("a Router Alert of 3 octets", impossible, "3a00050300000000"),
      row("a Router Alert of 4 octets", impossible, "3a00050400000000"),
      row("a Router Alert beyond the header", impossible, "3a00010105020500"),
      row("an option to discard the packet by", unknown, "3a00460005020000"),
      row("an option to complain about", unknown, "3a00860005020000"),
      row("an option to complain about, but not to all", unknown, "3a00c60005020000"),
      row("behind Router Alert", unknown, "3a00050200004600"),
      row("a jumbo option without a jumbogram", unknown, "3a01c20400010000 0502000001020000"),
      row("a Router Alert that must not be skipped", unknown, "3a00450200000100"),
  };
}

std::vector<Malformed> messages() {
  const auto row = [](const char* what, DropReason reason, const std::string& message) {
    return Malformed{what, reason, LinkType::kRawIpv6, around_mld(octets(message))};
  };
  const auto too_short = DropReason::kMessageTooShort;
  const auto beyond = DropReason::kReportRecord;
  const auto not_a_group = DropReason::kGroupNotMulticast;
  const auto checksum = DropReason::kMessageChecksum;
  const std::string head = "8200000003e80000";
  const std::string group = "ff1e0000000000000000000000000123";
  const std::string source = "20010db8000000000000000000000007";
  const std::string mapped = "00000000000000000000ffffe0000016";
  Bytes bad_sum = vector("query_v1", mld_vectors()).packet;
  bad_sum[51] ^= 1U;
  Bytes no_sum = vector("query_v1", mld_vectors()).packet;
  store16(no_sum, 50, 0);
  Bytes ipv4_sum = vector("query_v1", mld_vectors()).packet;
  store16(ipv4_sum, 50, 0);
  store16(ipv4_sum, 50, slow_checksum(ByteView(ipv4_sum).subspan(48)));
  return {
      row("no message at all", too_short, ""),
      row("one octet", too_short, "82"),
      row("three octets", too_short, "820000"),
      row("a query of 4 octets", too_short, "82000000"),
      row("a query of 23 octets", too_short, head + group.substr(2)),
      row("a report of 23 octets", too_short, "8300000000000000" + group.substr(2)),
      row("a done of 8 octets", too_short, "8400000000000000"),
      row("an MLDv2 report of 7 octets", too_short, "8f000000000000"),
      {"a wrong checksum", checksum, LinkType::kRawIpv6, bad_sum},
      {"a checksum of 0", checksum, LinkType::kRawIpv6, no_sum},
      {"a checksum without pseudo header", checksum, LinkType::kRawIpv6, ipv4_sum},
      row("type 0", DropReason::kMessageType, "00000000"),
      row("an echo request", DropReason::kMessageType, "8000000000010001"),
      row("a router solicitation", DropReason::kMessageType, "8500000000000000"),
      row("a neighbour solicitation", DropReason::kMessageType, "8700000000000000" + source),
      row("IGMP's query", DropReason::kMessageType, "1164000000000000" + group),
      row("a query of 25 octets", DropReason::kQueryLength, head + group + "02"),
      row("a query of 26 octets", DropReason::kQueryLength, head + group + "027d"),
      row("a query of 27 octets", DropReason::kQueryLength, head + group + "027d00"),
      row("a source announced, none there", DropReason::kQuerySources, head + group + "023c0001"),
      row("a source less one octet", DropReason::kQuerySources,
          head + group + "023c0001" + source.substr(2)),
      row("two sources announced, one there", DropReason::kQuerySources,
          head + group + "023c0002" + source),
      row("65,535 sources announced", DropReason::kQuerySources,
          head + group + "023cffff" + source),
      row("a record announced, none there", beyond, "8f000000 00000001"),
      row("a record less one octet", beyond, "8f000000 00000001 04000000" + group.substr(2)),
      row("65,535 records announced", beyond, "8f000000 0000ffff 04000000" + group),
      row("a record's source missing", beyond, "8f000000 00000001 05000001" + group),
      row("a record's source less one octet", beyond,
          "8f000000 00000001 05000001" + group + source.substr(2)),
      row("a record's 65,535 sources missing", beyond, "8f000000 00000001 0500ffff" + group),
      row("a record's auxiliary data missing", beyond, "8f000000 00000001 04010000" + group),
      row("an unknown record's source missing", beyond, "8f000000 00000001 07000001" + group),
      row("the second record's source missing", beyond,
          "8f000000 00000002 04000000" + group + "05000001" + group),
      row("an MLDv1 query for a unicast address", not_a_group, head + source),
      row("an MLDv1 query for ::1", not_a_group, head + "00000000000000000000000000000001"),
      row("an MLDv1 query for ::ffff:0.0.0.0", not_a_group,
          head + "00000000000000000000ffff00000000"),
      row("an MLDv2 query for feff::", not_a_group,
          head + "feff0000000000000000000000000000 023c0000"),
      row("an MLDv2 query for ::ffff:224.0.0.22", not_a_group, head + mapped + "023c0000"),
      row("a report for ::", not_a_group, "8300000000000000 00000000000000000000000000000000"),
      row("a report for ::ffff:224.0.0.22", not_a_group, "8300000000000000" + mapped),
      row("a done for a unicast address", not_a_group, "8400000000000000" + source),
  };
}

}  // namespace

std::vector<Malformed> malformed_mld() {
  std::vector<Malformed> all;
  for (const auto& some : {headers(), options(), messages()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace querent::wire::test
