#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fmt/core.h>
#include <map>
#include <netinet/in.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ear.hpp"
#include "frame_sender.hpp"
#include "net/socket_address.hpp"
#include "querent_lan.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// Sent for real, by another host: what must not change who asks, what must, and what nobody should
// ever send.

namespace querent::test {

namespace {

using lab::Lan;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::Version;

constexpr MacAddress kAttacker{{2, 0, 0, 0, 0, 1}};
constexpr MacAddress kQuerent{{2, 0, 0, 0, 0, 2}};
constexpr Address kOwn = Address::v4(10, 9, 0, 100);  // querent's
constexpr Address kLower = Address::v4(10, 9, 0, 11);
constexpr Address kHigher = Address::v4(10, 9, 0, 200);
constexpr Address kEverybody = Address::v4(224, 0, 0, 1);
constexpr Address kGroup = Address::v4(239, 1, 2, 3);
constexpr std::size_t kHeader = 24;  // with Router Alert

// ---- forging

// Puts both checksums right, as far as there is room for them.
Bytes sealed(Bytes packet) {
  const std::size_t header = std::size_t{4} * (packet[0] & 0xFU);
  if (packet.size() >= header + 4) {
    store16(packet, header + 2, 0);
    store16(packet, header + 2, wire::checksum(ByteView(packet).subspan(header)));
  }
  store16(packet, 10, 0);
  store16(packet, 10, wire::checksum(ByteView(packet).first(std::min(header, packet.size()))));
  return packet;
}

wire::Packet general_query(Version version = Version::k2) {
  return {
      .source = kLower,
      .destination = kEverybody,
      .message = wire::Query{
          .version = version, .group = Address::unspecified(Family::kIPv4), .max_response = 1s}};
}

Bytes query_from(Address source) {
  auto packet = general_query();
  packet.source = source;
  return wire::encode(packet);
}

Bytes query_to(Address destination) {
  auto packet = general_query();
  packet.destination = destination;
  return wire::encode(packet);
}

Bytes query_with_ttl(std::uint8_t ttl) {
  auto packet = general_query();
  packet.hop_limit = ttl;
  return wire::encode(packet);
}

Bytes query_about(Address group, Version version, Address destination,
                  const std::vector<Address>& sources = {}) {
  auto packet = general_query(version);
  packet.destination = destination;
  auto& query = std::get<wire::Query>(packet.message);
  query.group = group;
  query.sources = sources;
  return wire::encode(packet);
}

// A v3 query's first octets, zeros if it is not that long.
Bytes query_of_length(std::size_t octets) {
  auto packet = wire::encode(general_query(Version::k3));
  packet.resize(kHeader + octets);
  store16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  return sealed(std::move(packet));
}

// One octet (of the IP packet) is another one; with checksums that fit.
Bytes query_with(std::size_t at, std::uint8_t octet, Version version = Version::k2) {
  auto packet = wire::encode(general_query(version));
  packet[at] = octet;
  return sealed(std::move(packet));
}

// The same with checksums that do not.
Bytes query_broken_at(std::size_t at) {
  auto packet = wire::encode(general_query());
  packet[at] ^= 0x04U;
  return packet;
}

// ---- the cable

// Straight from the one to the other: a switch would drop some of what is sent here.
class Hostile : public testing::Test {
 protected:
  Hostile() {
    const std::string eth0 = Lan::kInterface;
    good(attacker_.links().add_veth({.name = eth0, .mac = kAttacker},
                                    {.name = eth0, .mac = kQuerent}, host_.fd()));
    set_up(attacker_, Lan::address_of(1));
    set_up(host_, kOwn);
    good(attacker_.await_carrier(eth0, kPatience));
    good(host_.await_carrier(eth0, kPatience));
    mouth_.emplace(attacker_);
    ear_.emplace(attacker_);
  }

  void start_querier(const std::vector<std::string>& arguments = {}) {
    querent_.emplace(start_querent(host_, arguments));
    await("querier as 10.9.0.100");
  }
  void await(const std::string& text) {
    ASSERT_TRUE(querent_->wait_for_errors(text, kPatience)) << text << " in\n"
                                                            << querent_->errors();
  }
  void say(const Bytes& packet) { mouth_->say(packet, kEverybody); }

  // Nothing so far changed the role; what comes next does.
  void still_elects() {
    EXPECT_THAT(querent_->errors(), Not(HasSubstr("election lost")));
    EXPECT_TRUE(ear_->await(general_query_from(kOwn), kPatience, ear_->heard()));
    say(query_from(Address::v4(10, 9, 0, 7)));
    await("election lost to 10.9.0.7 (v2, 02:00:00:00:00:01); was querier for");
  }
  void ends_well() {
    querent_->kill(SIGTERM);
    const auto ran = finish(*querent_);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("final: "));
  }

  static lab::Namespace make_host() {
    auto space = lab::Namespace::create();
    EXPECT_TRUE(space) << space.error().to_string();
    return std::move(*space);
  }
  static void set_up(lab::Namespace& host, Address address) {
    good(host.links().set_up(Lan::kInterface));
    good(host.links().add_address(Lan::kInterface, address, 24));
    good(host.links().add_route(Prefix(Address::v4(224, 0, 0, 0), 4), Lan::kInterface));
  }

  lab::Namespace attacker_ = make_host();
  lab::Namespace host_ = make_host();  // querent's
  std::optional<Mouth> mouth_;
  std::optional<Ear> ear_;  // the attacker's
  std::optional<lab::Process> querent_;
};

// ---- what does not count

struct Bad {
  std::string reason;
  Bytes packet;
};

std::vector<Bad> rejected_queries() {
  const Address other = Address::v4(239, 9, 9, 9);
  const auto nobody = Address::unspecified(Family::kIPv4);
  std::vector<Bad> all;
  const auto add = [&](const char* reason, Bytes packet) {
    all.push_back({std::string("rejected: ") + reason, std::move(packet)});
  };
  for (const int ttl : {0, 2, 64, 255})
    add("hop_limit", query_with_ttl(static_cast<std::uint8_t>(ttl)));
  for (const char* source : {"224.0.0.1", "239.9.9.9"})
    add("source_multicast", query_from(Address::parse(source).value()));
  for (const char* source : {"127.0.0.1", "127.255.255.255"})
    add("source_loopback", query_from(Address::parse(source).value()));
  for (const char* source : {"255.255.255.255", "10.9.0.255"})
    add("source_broadcast", query_from(Address::parse(source).value()));
  add("source_subnet", query_from(Address::v4(10, 9, 0, 0)));
  for (const char* source : {"10.8.255.254", "0.0.0.1", "169.254.1.1", "10.9.1.1"})
    add("source_off_subnet", query_from(Address::parse(source).value()));
  for (const char* destination :
       {"224.0.0.2", "224.0.0.22", "239.9.9.9", "255.255.255.255", "10.9.0.77", "0.0.0.0"})
    add("destination", query_to(Address::parse(destination).value()));
  add("destination", query_about(kGroup, Version::k3, other));
  add("destination", query_about(kGroup, Version::k2, kEverybody));
  add("destination_unicast", query_to(kOwn));
  add("sources_without_group", query_about(nobody, Version::k3, kEverybody, {kHigher}));
  return all;
}

std::vector<Bad> unreadable_queries() {
  std::vector<Bad> all;
  const auto add = [&](const char* reason, Bytes packet) {
    all.push_back(
        {std::string("unreadable packet from 02:00:00:00:00:01: ") + reason, std::move(packet)});
  };
  add("ip_checksum", query_broken_at(4));
  add("ip_checksum", query_broken_at(10));
  add("message_checksum", query_broken_at(kHeader + 1));
  add("message_checksum", query_broken_at(kHeader + 2));
  for (const std::size_t length : {0, 1, 4, 7})
    add("message_too_short", query_of_length(length));
  for (const std::size_t length : {9, 10, 11})
    add("query_length", query_of_length(length));
  add("query_sources", query_with(kHeader + 11, 1, Version::k3));
  add("query_sources", query_with(kHeader + 10, 255, Version::k3));
  add("group_not_multicast", query_with(kHeader + 4, 10));
  add("group_not_multicast", query_with(kHeader + 4, 10, Version::k3));
  add("message_type", query_with(kHeader, 0x99));
  add("ip_fragment", query_with(6, 0x20));  // more to come
  add("ip_fragment", query_with(7, 0x01));  // the rest of something
  add("ip_version", query_with(0, 0x66));
  add("ip_header_length", query_with(0, 0x44));
  add("ip_total_length", query_with(3, kHeader - 1));
  add("ip_truncated", query_with(2, 0x01));
  add("ip_option", query_with(21, 0));
  return all;
}

TEST_F(Hostile, NoInvalidQueryChangesTheRole) {
  start_querier();
  auto all = rejected_queries();
  std::ranges::move(unreadable_queries(), std::back_inserter(all));
  std::map<std::string, std::size_t> counts;
  for (const auto& bad : all) {
    say(bad.packet);
    ASSERT_NO_FATAL_FAILURE(await(bad.reason)) << bad.packet.size() << " octets";
    ++counts[bad.reason];
  }
  still_elects();
  ends_well();
  // Each was counted under its reason: the first is told at once, the others in a summary.
  for (const auto& [reason, count] : counts) {
    if (count == 1) {
      EXPECT_THAT(querent_->errors(), Not(HasSubstr(reason + " ...")));
    } else {
      EXPECT_THAT(querent_->errors(),
                  HasSubstr(fmt::format("{} ... {} more in", reason, count - 1)));
    }
  }
  fmt::print("{} invalid queries, {} reasons\n", all.size(), counts.size());
}

// These are in order, but no candidacies.
TEST_F(Hostile, NeitherProxyNorGroupNorHigherQueriesElect) {
  start_querier();
  say(query_from(Address::unspecified(Family::kIPv4)));
  for (const Version version : {Version::k2, Version::k3})
    say(query_about(kGroup, version, kGroup));
  say(query_about(kGroup, Version::k3, kGroup, {kHigher}));
  say(query_about(kGroup, Version::k2, kOwn));
  say(query_from(kHigher));
  say(query_with_ttl(2));
  await("rejected: hop_limit");
  still_elects();
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("unreadable")));
}

TEST_F(Hostile, OurOwnAddressAndOurOwnQueriesAreToldAndDoNotElect) {
  start_querier();
  say(query_from(kOwn));
  await("address conflict: 10.9.0.100 is also used by 02:00:00:00:00:01");
  const FrameSender sender(attacker_);
  sender.send(wire::ethernet_frame(kQuerent, kEverybody, query_from(kOwn)));
  await("our own query came back");
  sender.send(wire::ethernet_frame(kQuerent, kEverybody, query_from(kLower)));
  still_elects();
}

// ---- what does

TEST_F(Hostile, EveryValidQueryOfALowerAddressTakesTheRole) {
  start_querier({"--timeout", "500ms"});
  std::uint8_t host = 11;
  for (const Version version : {Version::k1, Version::k2, Version::k3}) {
    for (const bool router_alert : {true, false}) {
      auto packet = general_query(version);
      packet.source = Address::v4(10, 9, 0, host++);
      packet.router_alert = router_alert;
      say(wire::encode(packet));
      const auto source = packet.source.to_string();
      ASSERT_NO_FATAL_FAILURE(await(fmt::format("election lost to {} (v{}, 02:00:00:00:00:01)",
                                                source, wire::number(version, Family::kIPv4))));
      ASSERT_NO_FATAL_FAILURE(await(fmt::format("election won: nothing from {} for", source)));
    }
  }
  // Octets beyond the message count in the checksum alone.
  auto longer = wire::encode(general_query(Version::k3));
  longer.resize(longer.size() + 33, 0xA5);
  store16(longer, 2, static_cast<std::uint16_t>(longer.size()));
  say(sealed(std::move(longer)));
  await("election lost to 10.9.0.11 (v3");
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("rejected")));
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("unreadable")));
}

TEST_F(Hostile, WithoutRouterAlertWhereItIsRequired) {
  start_querier({"--require-router-alert"});
  auto packet = general_query();
  packet.router_alert = false;
  say(wire::encode(packet));
  await("query from 10.9.0.11 (02:00:00:00:00:01) rejected: no_router_alert");
  still_elects();
}

TEST_F(Hostile, FromAnotherSubnetWhereThatIsAccepted) {
  start_querier({"--accept-off-subnet"});
  say(query_from(Address::v4(192, 0, 2, 1)));  // higher
  say(query_from(Address::v4(10, 8, 0, 1)));
  await("election lost to 10.8.0.1 (v2");
}

// ---- what nobody should ever send

constexpr std::size_t kLargest = 65515;  // payload of the largest IP packet

// A v3 report of as many groups as fit; or a query with as many octets behind it.
Bytes largest_report() {
  constexpr std::size_t kRecord = 8;
  Bytes message(kLargest, 0);
  const std::size_t records = (kLargest - 8) / kRecord;
  message[0] = 0x22;
  store16(message, 6, static_cast<std::uint16_t>(records));
  for (std::size_t i = 0; i < records; ++i) {
    message[8 + i * kRecord] = 4;  // TO_EX
    store32(message, 8 + i * kRecord + 4, 0xEF000000U + static_cast<std::uint32_t>(i));
  }
  store16(message, 2, wire::checksum(message));
  return message;
}

Bytes largest_query() {
  Bytes message(kLargest, 0xFF);
  message[0] = 0x11;
  store16(message, 2, 0);
  store16(message, 2, wire::checksum(message));
  return message;
}

// The host's kernel makes the IP header, and fragments.
void send_by_kernel(const lab::Namespace& where, const Bytes& message, Address destination) {
  const auto sent = where.inside([&]() -> net::SysResult<void> {
    auto links = lab::Links::open();
    const int index = links->index_of(Lan::kInterface).value();
    const net::Fd socket(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IGMP));
    ip_mreqn outgoing{};
    outgoing.imr_ifindex = index;
    setsockopt(socket.number(), IPPROTO_IP, IP_MULTICAST_IF, &outgoing, sizeof outgoing);
    const int room = 1 << 20;
    setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr = {htonl(destination.v4_bits())};
    if (::sendto(socket.number(), message.data(), message.size(), 0, net::as_sockaddr(to),
                 sizeof to) < 0)
      return net::sys_failure("send");
    return {};
  });
  good(sent);
}

TEST_F(Hostile, TheLargestPacketsStopNothing) {
  start_querier();
  for (const Address destination : {kEverybody, Address::v4(224, 0, 0, 22), kGroup}) {
    for (const auto& message : {largest_report(), largest_query(), Bytes(kLargest, 0)})
      send_by_kernel(attacker_, message, destination);
  }
  await("unreadable packet from 02:00:00:00:00:01: ip_fragment");
  // The own host's come in one piece.
  send_by_kernel(host_, largest_query(), Address::v4(224, 0, 0, 22));
  send_by_kernel(host_, Bytes(kLargest, 0), Address::v4(224, 0, 0, 22));
  await("unreadable packet from this host: message_checksum");
  send_by_kernel(host_, largest_report(), Address::v4(224, 0, 0, 22));
  still_elects();
  ends_well();
  // All of the report's 8,188, and the two that querent itself joins.
  EXPECT_THAT(querent_->errors(), HasSubstr(" 8190 groups known"));
}

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint8_t octet() { return static_cast<std::uint8_t>(random_()); }
  Bytes octets(std::size_t count) {
    Bytes all(count);
    std::ranges::generate(all, [this] { return octet(); });
    return all;
  }

 private:
  std::mt19937 random_;
};

constexpr std::size_t kMtu = 1500;
constexpr std::size_t kAtProtocol = 9;

// Nothing but noise, said to be IGMP.
Bytes noise(Dice& dice) {
  auto packet = dice.octets(kAtProtocol + 1 + dice.below(kMtu - kAtProtocol));
  packet[kAtProtocol] = 2;
  return packet;
}

// A sound envelope, noise inside.
Bytes noise_in_an_envelope(Dice& dice) {
  auto packet = query_from(kHigher);
  const auto inside = dice.octets(dice.below(kMtu - kHeader));
  packet.resize(kHeader);
  packet.insert(packet.end(), inside.begin(), inside.end());
  store16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  constexpr std::array<std::uint8_t, 5> kTypes{0x11, 0x12, 0x16, 0x17, 0x22};
  if (packet.size() > kHeader) packet[kHeader] = kTypes.at(dice.below(kTypes.size()));
  return sealed(std::move(packet));
}

// A report with a few wrong octets and right checksums.
Bytes damaged_report(Dice& dice) {
  wire::Report report{.version = Version::k3};
  for (std::uint32_t i = 0; i < 8; ++i) {
    report.records.push_back({.type = static_cast<wire::RecordType>(1 + dice.below(6)),
                              .group = Address::v4(0xEF010000U + i),
                              .sources = std::vector<Address>(dice.below(5), kHigher)});
  }
  auto packet = wire::encode(
      {.source = kHigher, .destination = Address::v4(224, 0, 0, 22), .message = std::move(report)});
  for (std::size_t i = dice.below(6); i > 0; --i)
    packet[kHeader + dice.below(packet.size() - kHeader)] = dice.octet();
  return sealed(std::move(packet));
}

TEST_F(Hostile, RandomOctetsStopNothing) {
  constexpr unsigned kSeed = 20260101;
  constexpr int kRounds = 2000;
  start_querier({"--igmp-version", "3", "--last-member-interval", "100ms"});
  Dice dice(kSeed);
  for (int i = 0; i < kRounds; ++i) {
    for (const auto& make : {noise, noise_in_an_envelope, damaged_report})
      say(make(dice));
  }
  await("unreadable packet");
  say(query_with_ttl(2));
  await("rejected: hop_limit");
  still_elects();
  const auto usage = querent_->usage();
  ASSERT_TRUE(good(usage));
  fmt::print("{} random packets: {} MiB resident\n", 3 * kRounds, usage->resident >> 20U);
  ends_well();
}

}  // namespace

}  // namespace querent::test
