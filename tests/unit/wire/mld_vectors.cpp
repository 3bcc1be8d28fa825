#include <chrono>
#include <string>
#include <utility>

#include "vectors.hpp"

namespace querent::wire::test {
namespace {

using namespace std::chrono_literals;

Address at(const char* text) {
  return Address::parse(text).value();
}

const Address kQuerier = at("fe80::1");
const Address kHost = at("fe80::9");
const Address kAllNodes = at("ff02::1");
const Address kAllRouters = at("ff02::2");
const Address kAllV2Routers = at("ff02::16");
const Address kNoGroup = at("::");
const Address kGroup = at("ff1e::123");
const Address kChannel = at("ff3e::8001");
const Address kSource1 = at("2001:db8::7");
const Address kSource2 = at("2001:db8:1::9");

Packet packet(Address source, Address destination, Message message) {
  return {.source = source,
          .destination = destination,
          .hop_limit = 1,
          .router_alert = true,
          .message = std::move(message)};
}

// 60000000 is version 6, no traffic class, no flow; behind it each header has the payload length,
// 00 for Hop-by-Hop Options (3a: ICMPv6) and 01 for the hop limit. Then the Hop-by-Hop Options:
//   3a  ICMPv6 next            00        one unit of 8 octets
//   0502 0000  Router Alert, of 2 octets, for MLD
//   0100       PadN of 2 octets
// Checksums are RFC 8200 8.1's: addresses, length of the message, 3a, message.
const std::string kQuerierToNodes =
    "fe800000000000000000000000000001 ff020000000000000000000000000001 3a00050200000100";
const std::string kQuerierToGroup =
    "fe800000000000000000000000000001 ff1e0000000000000000000000000123 3a00050200000100";
const std::string kHostToV2Routers =
    "fe800000000000000000000000000009 ff020000000000000000000000000016 3a00050200000100";
const std::string kAnyGroup = "00000000000000000000000000000000";
const std::string kOneGroup = "ff1e0000000000000000000000000123";

std::vector<Vector> queries() {
  std::vector<Vector> all;
  // 82 is 130, 2710 is 10,000 ms.
  all.push_back({"query_v1",
                 octets("60000000 0020 00 01" + kQuerierToNodes + "82005917 27100000" + kAnyGroup),
                 packet(kQuerier, kAllNodes,
                        Query{.version = Version::k2, .group = kNoGroup, .max_response = 10s})});
  all.push_back({"query_v1_group",
                 octets("60000000 0020 00 01" + kQuerierToGroup + "82007abf 03e80000" + kOneGroup),
                 packet(kQuerier, kGroup,
                        Query{.version = Version::k2, .group = kGroup, .max_response = 1s})});
  // ffff is no floating point number in MLDv1.
  all.push_back(
      {"query_v1_long",
       octets("60000000 0020 00 01" + kQuerierToNodes + "82008027 ffff0000" + kAnyGroup),
       packet(kQuerier, kAllNodes,
              Query{.version = Version::k2, .group = kNoGroup, .max_response = 65535ms})});
  // 027d is no S, QRV 2, QQIC 125 s; no sources.
  all.push_back({"query_v2",
                 octets("60000000 0024 00 01" + kQuerierToNodes + "82005696 27100000" + kAnyGroup +
                        "027d0000"),
                 packet(kQuerier, kAllNodes,
                        Query{.version = Version::k3,
                              .group = kNoGroup,
                              .max_response = 10s,
                              .robustness = 2,
                              .query_interval = 125s})});
  // Code 8001: 1000000000001 binary << 3 = 32,776 ms. QRV 7. QQIC 8f: 11111 binary << 3 = 248 s.
  all.push_back({"query_v2_float",
                 octets("60000000 0024 00 01" + kQuerierToNodes + "8200f892 80010000" + kAnyGroup +
                        "078f0000"),
                 packet(kQuerier, kAllNodes,
                        Query{.version = Version::k3,
                              .group = kNoGroup,
                              .max_response = 32776ms,
                              .robustness = 7,
                              .query_interval = 248s})});
  // 0a is S and QRV 2; QQIC 60 s.
  all.push_back({"query_v2_group",
                 octets("60000000 0024 00 01" + kQuerierToGroup + "8200707f 03e80000" + kOneGroup +
                        "0a3c0000"),
                 packet(kQuerier, kGroup,
                        Query{.version = Version::k3,
                              .group = kGroup,
                              .max_response = 1s,
                              .suppress = true,
                              .robustness = 2,
                              .query_interval = 60s})});
  // 0002: two sources.
  all.push_back({"query_v2_sources",
                 octets("60000000 0044 00 01"
                        "fe800000000000000000000000000001 ff3e0000000000000000000000008001"
                        "3a00050200000100"
                        "82001edd 03e80000 ff3e0000000000000000000000008001 023c0002"
                        "20010db8000000000000000000000007 20010db8000100000000000000000009"),
                 packet(kQuerier, kChannel,
                        Query{.version = Version::k3,
                              .group = kChannel,
                              .max_response = 1s,
                              .robustness = 2,
                              .query_interval = 60s,
                              .sources = {kSource1, kSource2}})});
  return all;
}

std::vector<Vector> reports() {
  std::vector<Vector> all;
  const Record plain{.type = RecordType::kIsExclude, .group = kGroup};
  const Packet v1 = packet(kHost, kGroup, Report{.version = Version::k2, .records = {plain}});
  all.push_back({"report_v1",
                 octets("60000000 0020 00 01"
                        "fe800000000000000000000000000009 ff1e0000000000000000000000000123"
                        "3a00050200000100 83007d9f 00000000" +
                        kOneGroup),
                 v1});
  // Without Router Alert, ICMPv6 stands directly behind the IPv6 header.
  Packet bare = v1;
  bare.router_alert = false;
  all.push_back({"report_v1_bare",
                 octets("60000000 0018 3a 01"
                        "fe800000000000000000000000000009 ff1e0000000000000000000000000123"
                        "83007d9f 00000000" +
                        kOneGroup),
                 bare});
  all.push_back({"done",
                 octets("60000000 0020 00 01"
                        "fe800000000000000000000000000009 ff020000000000000000000000000002"
                        "3a00050200000100 84007ddc 00000000" +
                        kOneGroup),
                 packet(kHost, kAllRouters, Leave{kGroup})});
  // 8f is 143. One record, 04 is TO_EX, no auxiliary data, no sources: mDNS.
  all.push_back(
      {"report_v2_mdns",
       octets("60000000 0024 00 01" + kHostToV2Routers +
              "8f006f07 00000001 04000000 ff0200000000000000000000000000fb"),
       packet(kHost, kAllV2Routers,
              Report{.version = Version::k3,
                     .records = {{.type = RecordType::kToExclude, .group = at("ff02::fb")}}})});
  // 05 is ALLOW, of two sources; 06 is BLOCK, of one.
  all.push_back({"report_v2_mixed",
                 octets("60000000 007c 00 01" + kHostToV2Routers +
                        "8f00dba0 00000003"
                        "04000000 ff1e0000000000000000000000000123"
                        "05000002 ff3e0000000000000000000000008001"
                        "20010db8000000000000000000000007 20010db8000100000000000000000009"
                        "06000001 ff3e0000000000000000000000008002"
                        "20010db8000000000000000000000007"),
                 packet(kHost, kAllV2Routers,
                        Report{.version = Version::k3,
                               .records = {{.type = RecordType::kToExclude, .group = kGroup},
                                           {.type = RecordType::kAllow,
                                            .group = kChannel,
                                            .sources = {kSource1, kSource2}},
                                           {.type = RecordType::kBlock,
                                            .group = at("ff3e::8002"),
                                            .sources = {kSource1}}}})});
  all.push_back({"report_v2_empty",
                 octets("60000000 0010 00 01" + kHostToV2Routers + "8f00731a 00000000"),
                 packet(kHost, kAllV2Routers, Report{.version = Version::k3})});
  return all;
}

}  // namespace

const std::vector<Vector>& mld_vectors() {
  static const std::vector<Vector> kAll = [] {
    auto both = queries();
    for (auto& report : reports())
      both.push_back(std::move(report));
    return both;
  }();
  return kAll;
}

Bytes around_mld(Bytes message, std::string_view hop_by_hop) {
  const Bytes options = octets(hop_by_hop);
  Bytes packet =
      octets("60000000 00003a01 fe800000000000000000000000000009 ff020000000000000000000000000016");
  if (!options.empty()) packet[6] = 0;
  packet.insert(packet.end(), options.begin(), options.end());
  packet.insert(packet.end(), message.begin(), message.end());
  store16(packet, 4, static_cast<std::uint16_t>(packet.size() - 40));
  return sealed_mld(std::move(packet));
}

std::size_t mld_message_at(ByteView packet) {
  return packet[6] == 0 ? 48 + std::size_t{8} * packet[41] : 40;
}

Bytes sealed_mld(Bytes packet) {
  if (packet.size() < 42) return packet;
  const std::size_t start = mld_message_at(packet);
  if (start + 4 > packet.size()) return packet;
  const std::size_t size = packet.size() - start;
  store16(packet, start + 2, 0);
  Bytes summed(packet.begin() + 8, packet.begin() + 40);
  summed.resize(40);
  store32(summed, 32, static_cast<std::uint32_t>(size));
  summed[39] = 58;
  summed.insert(summed.end(), packet.end() - static_cast<std::ptrdiff_t>(size), packet.end());
  store16(packet, start + 2, slow_checksum(summed));
  return packet;
}

}  // namespace querent::wire::test
