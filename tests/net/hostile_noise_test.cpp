#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <netinet/in.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/hostile_cable.hpp"
#include "net/socket_address.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"

// What nobody should ever send.

namespace querent::test {

namespace {

class HostileNoise : public HostileCable, public testing::WithParamInterface<Family> {
 protected:
  HostileNoise() : HostileCable(GetParam()) {}

  bool is_igmp() const { return family_ == Family::kIPv4; }
  // At the end.
  std::size_t groups_known() {
    const auto& said = querent_->errors();
    const auto at = said.rfind(" elections lost, ");
    return at == std::string::npos ? 0 : std::stoul(said.substr(at + 17));
  }
};

INSTANTIATE_TEST_SUITE_P(Of, HostileNoise, testing::Values(Family::kIPv4, Family::kIPv6),
                         family_name);

// ---- the largest packets

struct Sizes {
  std::size_t largest;  // payload of the largest IP packet, behind Router Alert in IPv6
  std::size_t record;
  std::size_t group;  // within the record
};

Sizes sizes(Family family) {
  return family == Family::kIPv4 ? Sizes{.largest = 65515, .record = 8, .group = 4}
                                 : Sizes{.largest = 65527, .record = 20, .group = 4};
}

constexpr std::size_t kReportHead = 8;

std::size_t most_records(Family family) {
  return (sizes(family).largest - kReportHead) / sizes(family).record;
}

Address reports_go_to(Family family) {
  return family == Family::kIPv4 ? Address::v4(224, 0, 0, 22)
                                 : Address::v6(0xFF02000000000000, 0x16);
}

// A v3 report of as many groups as fit.
Bytes largest_report(Family family) {
  const auto [largest, record, group] = sizes(family);
  const bool igmp = family == Family::kIPv4;
  Bytes message(largest, 0);
  message[0] = igmp ? 0x22 : 143;
  store16(message, 6, static_cast<std::uint16_t>(most_records(family)));
  for (std::size_t i = 0; i < most_records(family); ++i) {
    const std::size_t at = kReportHead + i * record;
    message[at] = 4;  // TO_EX
    store32(message, at + group, igmp ? 0xEF000000U + static_cast<std::uint32_t>(i) : 0xFF1E0000U);
    if (!igmp) store32(message, at + record - 4, static_cast<std::uint32_t>(i));
  }
  store16(message, 2, igmp ? wire::checksum(message) : 0);
  return message;
}

// A query with as many octets behind it.
Bytes largest_query(Family family) {
  Bytes message(sizes(family).largest, 0xFF);
  message[0] = family == Family::kIPv4 ? 0x11 : 130;
  store16(message, 2, 0);
  if (family == Family::kIPv4) store16(message, 2, wire::checksum(message));
  return message;
}

os::Fd open_raw_socket(Family family, int index) {
  const bool igmp = family == Family::kIPv4;
  os::Fd opened(::socket(igmp ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC,
                         igmp ? IPPROTO_IGMP : int{IPPROTO_ICMPV6}));
  const int socket = opened.number();
  const int room = 1 << 20;
  setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  if (igmp) {
    ip_mreqn outgoing{};
    outgoing.imr_ifindex = index;
    setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &outgoing, sizeof outgoing);
  } else {
    const std::array<std::uint8_t, 8> router_alert{0, 0, 5, 2, 0, 0, 1, 0};
    setsockopt(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
    setsockopt(socket, IPPROTO_IPV6, IPV6_HOPOPTS, router_alert.data(), router_alert.size());
  }
  return opened;
}

// The host's kernel makes the IP header, and fragments.
void send_by_kernel(const lab::Namespace& where, const Bytes& message, Address destination) {
  const auto sent = where.inside([&]() -> os::SysResult<void> {
    auto links = lab::Links::open();
    const int index = links->index_of(lab::Lan::kInterface).value();
    const auto socket = open_raw_socket(destination.family(), index);
    const auto to = net::socket_address(destination, 0, index);
    if (::sendto(socket.number(), message.data(), message.size(), 0, to.get(), to.length) < 0)
      return os::sys_failure("send");
    return {};
  });
  good(sent);
}

TEST_P(HostileNoise, TheLargestPacketsStopNothing) {
  start_querier();
  const auto reports = reports_go_to(family_);
  for (const Address destination : {everybody(family_), reports, some_group(family_)}) {
    for (const auto& message :
         {largest_report(family_), largest_query(family_), Bytes(sizes(family_).largest, 0)})
      send_by_kernel(attacker_, message, destination);
  }
  await("unreadable packet from 02:00:00:00:00:01: ip_fragment");
  // The own host's come in one piece.
  send_by_kernel(host_, largest_query(family_), reports);
  send_by_kernel(host_, Bytes(sizes(family_).largest, 0), reports);
  // The kernel puts the sum of ICMPv6 right itself, and the filter knows its types.
  if (is_igmp()) await("unreadable packet from this host: message_checksum");
  send_by_kernel(host_, largest_report(family_), reports);
  still_elects();
  ends_well();
  // All of the report's, and those that the hosts themselves have joined.
  EXPECT_GE(groups_known(), most_records(family_) + 2) << querent_->errors();
  EXPECT_LE(groups_known(), most_records(family_) + (is_igmp() ? 2 : 20)) << querent_->errors();
  fmt::print("{} groups in one report, {} known\n", most_records(family_), groups_known());
}

// ---- random octets

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint8_t octet() { return static_cast<std::uint8_t>(random_()); }
  template <std::size_t N>
  std::uint8_t one_of(const std::array<std::uint8_t, N>& some) {
    return some.at(below(N));
  }
  Bytes octets(std::size_t count) {
    Bytes all(count);
    std::ranges::generate(all, [this] { return octet(); });
    return all;
  }

 private:
  std::mt19937 random_;
};

constexpr std::size_t kMtu = 1500;
constexpr std::array<std::uint8_t, 5> kIgmpTypes{0x11, 0x12, 0x16, 0x17, 0x22};
constexpr std::array<std::uint8_t, 4> kMldTypes{130, 131, 132, 143};

std::uint8_t message_type(Family family, Dice& dice) {
  return family == Family::kIPv4 ? dice.one_of(kIgmpTypes) : dice.one_of(kMldTypes);
}

// Nothing but noise, said to be IGMP.
Bytes igmp_noise(Dice& dice) {
  constexpr std::size_t kAtProtocol = 9;
  auto packet = dice.octets(kAtProtocol + 1 + dice.below(kMtu - kAtProtocol));
  packet[kAtProtocol] = 2;
  return packet;
}

// Headers full of noise that lead to ICMPv6, as far as the filter sees.
Bytes mld_noise(Dice& dice) {
  constexpr std::size_t kIpHeader = 40;
  constexpr std::size_t kHeaders = kIpHeader + 40;
  constexpr std::array<std::uint8_t, 5> kNext{IPPROTO_HOPOPTS, IPPROTO_HOPOPTS, IPPROTO_ROUTING,
                                              IPPROTO_FRAGMENT, IPPROTO_DSTOPTS};
  auto packet = dice.octets(kHeaders + 1 + dice.below(kMtu - kHeaders));
  packet[0] = static_cast<std::uint8_t>(0x60U | (packet[0] & 0x0FU));
  if (dice.below(4) != 0) store_length(Family::kIPv6, packet);
  packet[6] = dice.one_of(kNext);
  packet[24] = 0xFF;
  packet[25] = 0x02;
  packet[kIpHeader] = IPPROTO_ICMPV6;
  packet[kIpHeader + 1] = static_cast<std::uint8_t>(dice.below(4));
  packet[kIpHeader + 8 + std::size_t{8} * packet[kIpHeader + 1]] =
      message_type(Family::kIPv6, dice);
  return packet;
}

Bytes noise(Family family, Dice& dice) {
  return family == Family::kIPv4 ? igmp_noise(dice) : mld_noise(dice);
}

// A sound envelope, noise inside.
Bytes noise_in_an_envelope(Family family, Dice& dice) {
  const std::size_t header = message_at(family);
  auto packet = query_from(lab::Lan::address_of(kHigher, family), family);
  const auto inside = dice.octets(dice.below(kMtu - header));
  packet.resize(header);
  packet.insert(packet.end(), inside.begin(), inside.end());
  store_length(family, packet);
  if (packet.size() > header) packet[header] = message_type(family, dice);
  return sealed(family, std::move(packet));
}

// A report with a few wrong octets and right checksums.
Bytes damaged_report(Family family, Dice& dice) {
  const Address higher = lab::Lan::address_of(kHigher, family);
  Report report{.version = Version::k3};
  for (std::uint32_t i = 0; i < 8; ++i) {
    report.records.push_back({.type = static_cast<RecordType>(1 + dice.below(6)),
                              .group = family == Family::kIPv4 ? Address::v4(0xEF010000U + i)
                                                               : Address::v6(0xFF1E000000000000, i),
                              .sources = std::vector<Address>(dice.below(5), higher)});
  }
  auto packet = wire::encode(
      {.source = higher, .destination = reports_go_to(family), .message = std::move(report)});
  const std::size_t header = message_at(family);
  for (std::size_t i = dice.below(6); i > 0; --i)
    packet[header + dice.below(packet.size() - header)] = dice.octet();
  return sealed(family, std::move(packet));
}

TEST_P(HostileNoise, RandomOctetsStopNothing) {
  constexpr unsigned kSeed = 20260101;
  constexpr int kRounds = 2000;
  start_querier({"--last-member-interval", "100ms"});
  Dice dice(kSeed);
  for (int i = 0; i < kRounds; ++i) {
    for (const auto& make : {noise, noise_in_an_envelope, damaged_report})
      say(make(family_, dice));
  }
  await("unreadable packet");
  say(query_with_hop_limit(family_, 2));
  await("rejected: hop_limit");
  still_elects();
  const auto usage = querent_->usage();
  ASSERT_TRUE(good(usage));
  ends_well();
  const auto& said = querent_->errors();
  fmt::print("{} random packets: {} MiB resident; {}\n", 3 * kRounds, usage->resident >> 20U,
             said.substr(said.rfind("final: ")));
}

}  // namespace

}  // namespace querent::test
