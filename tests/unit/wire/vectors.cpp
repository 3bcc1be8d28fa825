#include "vectors.hpp"

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

namespace querent::wire::test {
namespace {

using namespace std::chrono_literals;

const Address kQuerier = Address::v4(192, 0, 2, 1);
const Address kHost = Address::v4(192, 0, 2, 9);
const Address kAllHosts = Address::v4(224, 0, 0, 1);
const Address kAllRouters = Address::v4(224, 0, 0, 2);
const Address kAllV3Routers = Address::v4(224, 0, 0, 22);
const Address kNoGroup = Address::v4(0);
const Address kGroup = Address::v4(239, 1, 2, 3);
const Address kChannel = Address::v4(232, 1, 2, 3);
const Address kSource1 = Address::v4(198, 51, 100, 7);
const Address kSource2 = Address::v4(203, 0, 113, 9);

Packet packet(Address source, Address destination, Message message) {
  return {.source = source,
          .destination = destination,
          .hop_limit = 1,
          .router_alert = true,
          .message = std::move(message)};
}

// Header of the general v1 and v2 queries:
//   46        version 4, 6 words         c0        internetwork control
//   0020      32 octets                  0000      identification
//   4000      DF                         01 02     TTL 1, IGMP
//   4215      checksum                   c0000201  from 192.0.2.1
//   e0000001  to 224.0.0.1               94040000  Router Alert
constexpr std::string_view kGeneralHeader = "46c00020 00004000 01024215 c0000201 e0000001 94040000";

std::vector<Vector> queries() {
  std::vector<Vector> all;
  const std::string general(kGeneralHeader);
  // Type 11, code 0, no group. Checksum: ~1100.
  all.push_back({"query_v1", octets(general + "1100eeff 00000000"),
                 packet(kQuerier, kAllHosts,
                        Query{.version = Version::k1, .group = kNoGroup, .max_response = 10s})});
  // Code 64 hexadecimal: 100 tenths of a second. Checksum: ~1164, the best known one of IGMP.
  all.push_back({"query_v2", octets(general + "1164ee9b 00000000"),
                 packet(kQuerier, kAllHosts,
                        Query{.version = Version::k2, .group = kNoGroup, .max_response = 10s})});
  // 1 s, to the group itself. 110a + ef01 + 0203 = 1020e, so ~020f.
  all.push_back({"query_v2_group",
                 octets("46c00020 00004000 01023112 c0000201 ef010203 94040000"
                        "110afdf0 ef010203"),
                 packet(kQuerier, kGroup,
                        Query{.version = Version::k2, .group = kGroup, .max_response = 1s})});
  // A proxy query (RFC 4541 2.1.1): from 0.0.0.0, 2.5 s.
  all.push_back({"query_proxy",
                 octets("46c00020 00004000 01020417 00000000 e0000001 94040000"
                        "1119eee6 00000000"),
                 packet(Address::v4(0), kAllHosts,
                        Query{.version = Version::k2, .group = kNoGroup, .max_response = 2500ms})});
  // 12 octets: 027d is no S, QRV 2, QQIC 125 s; no sources.
  all.push_back({"query_v3",
                 octets("46c00024 00004000 01024211 c0000201 e0000001 94040000"
                        "1164ec1e 00000000 027d0000"),
                 packet(kQuerier, kAllHosts,
                        Query{.version = Version::k3,
                              .group = kNoGroup,
                              .max_response = 10s,
                              .robustness = 2,
                              .query_interval = 125s})});
  // Code 80: 10000 binary << 3 = 128 tenths. QRV 7. QQIC 8f: 11111 binary << 3 = 248 s.
  all.push_back({"query_v3_float",
                 octets("46c00024 00004000 01024211 c0000201 e0000001 94040000"
                        "1180e6f0 00000000 078f0000"),
                 packet(kQuerier, kAllHosts,
                        Query{.version = Version::k3,
                              .group = kNoGroup,
                              .max_response = 12800ms,
                              .robustness = 7,
                              .query_interval = 248s})});
  // 0a is S and QRV 2; QQIC 60 s.
  all.push_back({"query_v3_group",
                 octets("46c00024 00004000 0102310e c0000201 ef010203 94040000"
                        "110af3b4 ef010203 0a3c0000"),
                 packet(kQuerier, kGroup,
                        Query{.version = Version::k3,
                              .group = kGroup,
                              .max_response = 1s,
                              .suppress = true,
                              .robustness = 2,
                              .query_interval = 60s})});
  // 0002: two sources, 198.51.100.7 and 203.0.113.9.
  all.push_back({"query_v3_sources",
                 octets("46c0002c 00004000 01023806 c0000201 e8010203 94040000"
                        "110a9c6d e8010203 023c0002 c6336407 cb007109"),
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
  // A v1 host knows no Router Alert: 45, five words of header.
  Packet v1 = packet(kHost, kGroup, Report{.version = Version::k1, .records = {plain}});
  v1.router_alert = false;
  all.push_back({"report_v1",
                 octets("45c0001c 00004000 0102c612 c0000209 ef010203"
                        "1200fcfa ef010203"),
                 v1});
  all.push_back({"report_v2",
                 octets("46c00020 00004000 0102310a c0000209 ef010203 94040000"
                        "1600f8fa ef010203"),
                 packet(kHost, kGroup, Report{.version = Version::k2, .records = {plain}})});
  all.push_back({"leave",
                 octets("46c00020 00004000 0102420c c0000209 e0000002 94040000"
                        "1700f7fa ef010203"),
                 packet(kHost, kAllRouters, Leave{kGroup})});
  // What Linux sends for mDNS: one record, 04 is TO_EX, no auxiliary data, no sources.
  all.push_back({"report_v3_mdns",
                 octets("46c00028 00004000 010241f0 c0000209 e0000016 94040000"
                        "2200f902 00000001 04000000 e00000fb"),
                 packet(kHost, kAllV3Routers,
                        Report{.version = Version::k3,
                               .records = {{.type = RecordType::kToExclude,
                                            .group = Address::v4(224, 0, 0, 251)}}})});
  // 05 is ALLOW, of two sources; 06 is BLOCK, of one.
  all.push_back({"report_v3_mixed",
                 octets("46c00044 00004000 010241d4 c0000209 e0000016 94040000"
                        "22007969 00000003"
                        "04000000 ef010203"
                        "05000002 e8010203 c6336407 cb007109"
                        "06000001 e8010204 c6336407"),
                 packet(kHost, kAllV3Routers,
                        Report{.version = Version::k3,
                               .records = {{.type = RecordType::kToExclude, .group = kGroup},
                                           {.type = RecordType::kAllow,
                                            .group = kChannel,
                                            .sources = {kSource1, kSource2}},
                                           {.type = RecordType::kBlock,
                                            .group = Address::v4(232, 1, 2, 4),
                                            .sources = {kSource1}}}})});
  all.push_back({"report_v3_empty",
                 octets("46c00020 00004000 010241f8 c0000209 e0000016 94040000"
                        "2200ddff 00000000"),
                 packet(kHost, kAllV3Routers, Report{.version = Version::k3})});
  return all;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c - 'a' + 10;
}

}  // namespace

const std::vector<Vector>& vectors() {
  static const std::vector<Vector> kAll = [] {
    auto both = queries();
    for (auto& report : reports())
      both.push_back(std::move(report));
    return both;
  }();
  return kAll;
}

const Vector& vector(std::string_view name, const std::vector<Vector>& among) {
  for (const Vector& candidate : among) {
    if (candidate.name == name) return candidate;
  }
  std::abort();
}

Bytes octets(std::string_view digits) {
  Bytes bytes;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    if (high < 0) {
      high = digit(c);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit(c)));
      high = -1;
    }
  }
  return bytes;
}

Bytes around(Bytes message, std::string_view options) {
  const Bytes option_field = octets(options);
  Bytes packet = octets("45c00000 00004000 01020000 c0000209 e0000016");
  packet[0] = static_cast<std::uint8_t>(0x45 + option_field.size() / 4);
  packet.insert(packet.end(), option_field.begin(), option_field.end());
  packet.insert(packet.end(), message.begin(), message.end());
  store16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  return sealed(std::move(packet));
}

Bytes sealed(Bytes packet) {
  if (packet.size() < 20) return packet;
  const std::size_t header = std::size_t{4} * (packet[0] & 0xFU);
  if (header < 20 || header > packet.size()) return packet;
  const std::span<std::uint8_t> all(packet);
  store16(all, 10, 0);
  store16(all, 10, slow_checksum(all.first(header)));
  const auto message = all.subspan(header);
  if (message.size() < 4) return packet;
  store16(message, 2, 0);
  store16(message, 2, slow_checksum(message));
  return packet;
}

std::uint16_t slow_checksum(ByteView bytes) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    const unsigned low = at + 1 < bytes.size() ? bytes[at + 1] : 0U;
    sum += (unsigned{bytes[at]} << 8U) + low;
    if (sum > 0xFFFFU) sum -= 0xFFFFU;
  }
  return static_cast<std::uint16_t>(0xFFFFU - sum);
}

}  // namespace querent::wire::test
