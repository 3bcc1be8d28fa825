#include <array>
#include <functional>
#include <netinet/in.h>
#include <utility>

#include "hostile_queries.hpp"
#include "lab/lan.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"
#include "wire/ipv6.hpp"

namespace querent::test {

using core::Rejection;
using lab::Lan;
using wire::DropReason;

namespace {

constexpr auto kMld = Family::kIPv6;
constexpr std::size_t kIpHeader = 40;
constexpr std::size_t kAtPayloadLength = 4;

// Extension headers of 8 octets that ICMPv6 follows (RFC 8200 4).
const Bytes kNothing;
const Bytes kAlert{58, 0, 5, 2, 0, 0, 1, 0};
const Bytes kPadding{58, 0, 1, 4, 0, 0, 0, 0};
const Bytes kRouting{58, 0, 0, 0, 0, 0, 0, 0};
const Bytes kAlertAndJumbo{58, 1, 5, 2, 0, 0, 0xC2, 4, 0, 1, 0, 0, 1, 2, 0, 0};

// One header behind the other.
Bytes chain(Bytes first, std::uint8_t next, const Bytes& rest) {
  first[0] = next;
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

// The query behind other headers, of which the first is a `next`.
Bytes behind(std::uint8_t next, const Bytes& headers,
             const Packet& query = general_query(kMld, Version::k3)) {
  auto packet = wire::encode(query);
  const auto begin = packet.begin() + kIpHeader;
  packet.erase(begin, begin + static_cast<std::ptrdiff_t>(message_at(kMld) - kIpHeader));
  packet.insert(packet.begin() + kIpHeader, headers.begin(), headers.end());
  packet[6] = next;
  store_length(kMld, packet);
  return packet;
}

Bytes behind_options(const Bytes& header) {
  return behind(IPPROTO_HOPOPTS, header);
}

Bytes saying_length(Bytes packet, std::uint16_t payload) {
  store16(packet, kAtPayloadLength, payload);
  return packet;
}

Bytes with(std::size_t at, std::uint8_t octet, Version version = Version::k3) {
  return query_with(general_query(kMld, version), at, octet);
}

Bytes cut_to(std::size_t size) {
  auto packet = wire::encode(general_query(kMld, Version::k3));
  packet.resize(size);
  return packet;
}

Bytes with_checksum(std::uint16_t sum) {
  auto packet = wire::encode(general_query(kMld));
  store16(packet, message_at(kMld) + 2, sum);
  return packet;
}

// As IGMP has it.
std::uint16_t sum_without_pseudo_header() {
  return wire::checksum(ByteView(with_checksum(0)).subspan(message_at(kMld)));
}

void add_rejected(std::vector<BadQuery>& all) {
  const auto add = [&](Rejection reason, Bytes packet) {
    all.push_back(rejected(reason, kMld, std::move(packet)));
  };
  const auto add_from = [&](Rejection reason, const char* source) {
    add(reason, query_from(Address::parse(source).value(), kMld));
  };
  const Address group = some_group(kMld);
  for (const int limit : {0, 2, 64, 255})
    add(Rejection::kHopLimit, query_with_hop_limit(kMld, static_cast<std::uint8_t>(limit)));
  add(Rejection::kNoRouterAlert, behind(IPPROTO_ICMPV6, kNothing));
  add(Rejection::kNoRouterAlert, behind(IPPROTO_ICMPV6, kNothing, general_query(kMld)));
  add(Rejection::kNoRouterAlert, behind_options(kPadding));
  add(Rejection::kNoRouterAlert, behind_options({58, 0, 0, 0, 0, 0, 0, 0}));
  // RSVP's, that of active networks, and those of nobody (RFC 2711 2.1).
  for (const auto& [high, low] : {std::pair{0, 1}, {0, 2}, {1, 0}, {255, 255}}) {
    add(Rejection::kNoRouterAlert, behind_options({58, 0, 5, 2, static_cast<std::uint8_t>(high),
                                                   static_cast<std::uint8_t>(low), 1, 0}));
  }
  add_from(Rejection::kSourceUnspecified, "::");
  for (const char* source : {"ff02::1", "ff0e::1:2:3"})
    add_from(Rejection::kSourceMulticast, source);
  add_from(Rejection::kSourceLoopback, "::1");
  for (const char* source : {"2001:db8::1", "fd00::1", "fec0::1", "fe7f::1", "::2", "64:ff9b::1"})
    add_from(Rejection::kSourceNotLinkLocal, source);
  for (const char* destination :
       {"ff02::2", "ff02::16", "ff01::1", "ff05::1", "ff1e::123", "fe80::77", "2001:db8::1", "::"})
    add(Rejection::kDestination, query_to(Address::parse(destination).value()));
  add(Rejection::kDestination, query_about(group, Version::k3, Address::parse("ff1e::9").value()));
  add(Rejection::kDestination, query_about(group, Version::k2, everybody(kMld)));
  add(Rejection::kDestinationUnicast, query_to(Lan::address_of(kOwn, kMld)));
  add(Rejection::kSourcesWithoutGroup,
      query_about(nobody(kMld), Version::k3, everybody(kMld), {Lan::address_of(kHigher, kMld)}));
}

using AddUnreadable = std::function<void(DropReason, Bytes)>;

void add_bad_headers(const AddUnreadable& add) {
  const Bytes query = wire::encode(general_query(kMld, Version::k3));
  const auto whole = static_cast<std::uint16_t>(query.size() - kIpHeader);
  add(DropReason::kIpVersion, with(0, 0x40));
  add(DropReason::kIpVersion, with(0, 0x70));
  add(DropReason::kIpTruncated, saying_length(query, whole + 1));
  add(DropReason::kIpTruncated, saying_length(query, 0xFFFF));
  add(DropReason::kIpTruncated, cut_to(message_at(kMld) + 1));
  add(DropReason::kIpTotalLength, saying_length(query, 0));
  add(DropReason::kIpTotalLength, saying_length(query, 7));
  add(DropReason::kIpTotalLength, saying_length(behind_options(kAlertAndJumbo), 8));
  add(DropReason::kIpTotalLength, saying_length(behind_options(kAlertAndJumbo), 0));
  add(DropReason::kIpOptionUnknown, behind_options(kAlertAndJumbo));
  add(DropReason::kIpOptionUnknown, behind_options({58, 0, 0x45, 2, 0, 0, 1, 0}));
  add(DropReason::kIpOption, behind_options({58, 0, 5, 0, 1, 2, 0, 0}));
  add(DropReason::kIpOption, behind_options({58, 0, 5, 4, 0, 0, 0, 0}));
  add(DropReason::kIpOption, behind_options({58, 0, 5, 2, 0, 0, 1, 9}));
  add(DropReason::kIpMapped, query_from(Address::v4(10, 9, 0, 1), kMld));
  add(DropReason::kIpExtension, behind(IPPROTO_ROUTING, kRouting));
  add(DropReason::kIpExtension, behind(IPPROTO_DSTOPTS, kPadding));
  add(DropReason::kIpExtension, behind(IPPROTO_DSTOPTS, kAlert));
  add(DropReason::kIpExtension, behind_options(chain(kAlert, IPPROTO_DSTOPTS, kPadding)));
  add(DropReason::kIpExtension, behind_options(chain(kAlert, IPPROTO_ROUTING, kRouting)));
  // A fragment that is all there is, a first, and a later one.
  for (const std::uint8_t offset_and_more : std::to_array<std::uint8_t>({0, 1, 8}))
    add(DropReason::kIpFragment, behind(IPPROTO_FRAGMENT, {58, 0, 0, offset_and_more, 0, 0, 0, 9}));
  add(DropReason::kIpFragment, behind_options(chain(kAlert, IPPROTO_FRAGMENT, kRouting)));
}

void add_bad_messages(const AddUnreadable& add) {
  const std::size_t message = message_at(kMld);
  for (const std::uint16_t sum : std::to_array<std::uint16_t>({1, 0, sum_without_pseudo_header()}))
    add(DropReason::kMessageChecksum, with_checksum(sum));
  for (const std::size_t length : {1, 3, 4, 7, 8, 20, 23})
    add(DropReason::kMessageTooShort, query_of_length(kMld, length));
  // The payload length says so, and the rest of the query follows.
  add(DropReason::kMessageTooShort, saying_length(wire::encode(general_query(kMld)), 8));
  for (const std::size_t length : {25, 26, 27})
    add(DropReason::kQueryLength, query_of_length(kMld, length));
  add(DropReason::kQuerySources, with(message + 27, 1));
  add(DropReason::kQuerySources, with(message + 26, 255));
  auto one_of_two = general_query(kMld, Version::k3);
  std::get<Query>(one_of_two.message).sources = {Lan::address_of(kHigher, kMld)};
  add(DropReason::kQuerySources, query_with(one_of_two, message + 27, 2));
  for (const Version version : {Version::k2, Version::k3})
    add(DropReason::kGroupNotMulticast, with(message + 8, 0xFE, version));
}

}  // namespace

std::vector<BadQuery> bad_mld_queries() {
  std::vector<BadQuery> all;
  add_rejected(all);
  const AddUnreadable add = [&](DropReason reason, Bytes packet) {
    all.push_back(unreadable(reason, std::move(packet)));
  };
  add_bad_headers(add);
  add_bad_messages(add);
  return all;
}

std::vector<Bytes> unseen_mld_queries() {
  std::vector<Bytes> all;
  // Other ICMPv6, and no ICMPv6.
  for (const std::uint8_t type :
       std::to_array<std::uint8_t>({0, 1, 128, 133, 134, 135, 142, 144, 255}))
    all.push_back(with(message_at(kMld), type));
  for (const std::uint8_t next :
       std::to_array<std::uint8_t>({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_NONE, IPPROTO_PIM, 255})) {
    all.push_back(behind(next, kNothing));
    all.push_back(behind_options(chain(kAlert, next, kNothing)));
  }
  // Where no host looks for it either: behind two headers, a second hop-by-hop header, or one of a
  // kind that is for two hosts alone.
  all.push_back(behind(IPPROTO_ROUTING, chain(kRouting, IPPROTO_DSTOPTS, kPadding)));
  all.push_back(
      behind_options(chain(kAlert, IPPROTO_DSTOPTS, chain(kPadding, IPPROTO_ROUTING, kRouting))));
  all.push_back(behind_options(chain(kAlert, IPPROTO_HOPOPTS, kAlert)));
  for (const std::uint8_t next : std::to_array<std::uint8_t>({IPPROTO_ESP, IPPROTO_AH, IPPROTO_MH}))
    all.push_back(behind(next, kRouting));
  auto to_group = general_query(kMld);
  to_group.destination = some_group(kMld);
  all.push_back(behind(IPPROTO_DSTOPTS, kPadding, to_group));
  // A header that ends too early, or says that it does not.
  for (const std::size_t size : {1, 6, 7, 39, 40, 41, 42, 47, 48})
    all.push_back(cut_to(size));
  all.push_back(behind_options({58, 255, 5, 2, 0, 0, 1, 0}));
  return all;
}

std::vector<GoodQuery> good_mld_queries() {
  // Hop-by-hop headers with MLD's Router Alert anywhere among other options.
  const std::vector<Bytes> headers{
      kAlert,
      {58, 0, 1, 0, 5, 2, 0, 0},
      {58, 0, 5, 2, 0, 0, 0, 0},
      {58, 0, 0, 5, 2, 0, 0, 0},
      {58, 1, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0, 0},     // behind padding of 10 octets
      {58, 1, 0x1E, 3, 1, 2, 3, 5, 2, 0, 0, 1, 3, 0, 0, 0},  // behind one that may be skipped
      {58, 1, 5, 2, 0, 1, 5, 2, 0, 0, 1, 4, 0, 0, 0, 0},     // behind RSVP's
  };
  std::vector<GoodQuery> all;
  int host = kOwn;
  const auto next = [&](Version version) {
    auto packet = general_query(kMld, version);
    packet.source = Lan::address_of(--host, kMld);
    return packet;
  };
  for (const Version version : {Version::k2, Version::k3}) {
    for (const auto& header : headers) {
      const auto packet = next(version);
      all.push_back({packet, behind(IPPROTO_HOPOPTS, header, packet)});
    }
    // Traffic class, flow label, ICMPv6 code, reserved octets.
    for (const std::size_t at : {std::size_t{1}, std::size_t{3}, message_at(kMld) + 1,
                                 message_at(kMld) + 6, message_at(kMld) + 7}) {
      const auto packet = next(version);
      all.push_back({packet, query_with(packet, at, 0xA5)});
    }
    // Link-local to the last bit; the lower half decides.
    auto packet = next(version);
    packet.source = Address::v6(0xFEBFFFFFFFFFFFFF, packet.source.low64());
    all.push_back({packet, wire::encode(packet)});
  }
  // Octets beyond the message count in the checksum alone.
  const auto packet = next(Version::k3);
  auto longer = wire::encode(packet);
  longer.resize(longer.size() + 33, 0xA5);
  store_length(kMld, longer);
  all.push_back({packet, sealed(kMld, std::move(longer))});
  return all;
}

}  // namespace querent::test
