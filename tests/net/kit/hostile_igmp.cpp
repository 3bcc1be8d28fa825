#include "hostile_queries.hpp"
#include "lab/lan.hpp"
#include "wire/codec.hpp"

namespace querent::test {

using core::Rejection;
using wire::DropReason;

namespace {

constexpr auto kIgmp = Family::kIPv4;

Bytes with(std::size_t at, std::uint8_t octet, Version version = Version::k2) {
  return query_with(general_query(kIgmp, version), at, octet);
}

// With checksums that do not fit.
Bytes broken_at(std::size_t at) {
  auto packet = wire::encode(general_query(kIgmp));
  packet[at] ^= 0x04U;
  return packet;
}

void add_rejected(std::vector<BadQuery>& all) {
  const auto add = [&](Rejection reason, Bytes packet) {
    all.push_back(rejected(reason, kIgmp, std::move(packet)));
  };
  const auto add_from = [&](Rejection reason, const char* source) {
    add(reason, query_from(Address::parse(source).value(), kIgmp));
  };
  const Address group = some_group(kIgmp);
  for (const int ttl : {0, 2, 64, 255})
    add(Rejection::kHopLimit, query_with_hop_limit(kIgmp, static_cast<std::uint8_t>(ttl)));
  for (const char* source : {"224.0.0.1", "239.9.9.9"})
    add_from(Rejection::kSourceMulticast, source);
  for (const char* source : {"127.0.0.1", "127.255.255.255"})
    add_from(Rejection::kSourceLoopback, source);
  for (const char* source : {"255.255.255.255", "10.9.0.255"})
    add_from(Rejection::kSourceBroadcast, source);
  add_from(Rejection::kSourceSubnet, "10.9.0.0");
  for (const char* source : {"10.8.255.254", "0.0.0.1", "169.254.1.1", "10.9.1.1"})
    add_from(Rejection::kSourceOffSubnet, source);
  for (const char* destination :
       {"224.0.0.2", "224.0.0.22", "239.9.9.9", "255.255.255.255", "10.9.0.77", "0.0.0.0"})
    add(Rejection::kDestination, query_to(Address::parse(destination).value()));
  add(Rejection::kDestination, query_about(group, Version::k3, Address::v4(239, 9, 9, 9)));
  add(Rejection::kDestination, query_about(group, Version::k2, everybody(kIgmp)));
  add(Rejection::kDestinationUnicast, query_to(lab::Lan::address_of(kOwn)));
  add(Rejection::kSourcesWithoutGroup,
      query_about(nobody(kIgmp), Version::k3, everybody(kIgmp), {lab::Lan::address_of(kHigher)}));
}

void add_unreadable(std::vector<BadQuery>& all) {
  const std::size_t message = message_at(kIgmp);
  const auto add = [&](DropReason reason, Bytes packet) {
    all.push_back(unreadable(reason, std::move(packet)));
  };
  add(DropReason::kIpChecksum, broken_at(4));
  add(DropReason::kIpChecksum, broken_at(10));
  add(DropReason::kMessageChecksum, broken_at(message + 1));
  add(DropReason::kMessageChecksum, broken_at(message + 2));
  for (const std::size_t length : {0, 1, 4, 7})
    add(DropReason::kMessageTooShort, query_of_length(kIgmp, length));
  for (const std::size_t length : {9, 10, 11})
    add(DropReason::kQueryLength, query_of_length(kIgmp, length));
  add(DropReason::kQuerySources, with(message + 11, 1, Version::k3));
  add(DropReason::kQuerySources, with(message + 10, 255, Version::k3));
  add(DropReason::kGroupNotMulticast, with(message + 4, 10));
  add(DropReason::kGroupNotMulticast, with(message + 4, 10, Version::k3));
  add(DropReason::kMessageType, with(message, 0x99));
  add(DropReason::kIpFragment, with(6, 0x20));  // more to come
  add(DropReason::kIpFragment, with(7, 0x01));  // the rest of something
  add(DropReason::kIpVersion, with(0, 0x66));
  add(DropReason::kIpHeaderLength, with(0, 0x44));
  add(DropReason::kIpTotalLength, with(3, static_cast<std::uint8_t>(message - 1)));
  add(DropReason::kIpTruncated, with(2, 0x01));
  add(DropReason::kIpOption, with(21, 0));
}

}  // namespace

std::vector<BadQuery> bad_igmp_queries() {
  std::vector<BadQuery> all;
  add_rejected(all);
  add_unreadable(all);
  return all;
}

std::vector<GoodQuery> good_igmp_queries() {
  std::vector<GoodQuery> all;
  int host = kOwn;
  for (const Version version : {Version::k1, Version::k2, Version::k3}) {
    for (const bool router_alert : {true, false}) {
      auto packet = general_query(kIgmp, version);
      packet.source = lab::Lan::address_of(--host);
      packet.router_alert = router_alert;
      all.push_back({packet, wire::encode(packet)});
    }
  }
  // Octets beyond the message count in the checksum alone.
  auto packet = general_query(kIgmp, Version::k3);
  packet.source = lab::Lan::address_of(--host);
  auto longer = wire::encode(packet);
  longer.resize(longer.size() + 33, 0xA5);
  store_length(kIgmp, longer);
  all.push_back({packet, sealed(kIgmp, std::move(longer))});
  return all;
}

}  // namespace querent::test
