#include "wire_fixture.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.hpp"
#include "net/socket_options.hpp"
#include "wire/checksum.hpp"

namespace querent::net::test {

using wire::Leave;
using wire::Query;
using wire::RecordType;
using wire::Report;
using wire::Version;

namespace {

constexpr Address kMarked = Address::v4(239, 255, 255, 255);

}  // namespace

Bytes query(Address source, Address group) {
  return wire::encode({.source = source,
                       .destination = kAllHosts,
                       .message = Query{.group = group, .max_response = std::chrono::seconds{1}}});
}

Bytes marker(Address source) {
  return wire::encode(
      {.source = source,
       .destination = kAllHosts,
       .message = Query{
           .version = Version::k3, .group = kMarked, .max_response = std::chrono::seconds{1}}});
}

bool is_marker(const Heard& heard) {
  return group_of(heard) == kMarked;
}

Bytes report(Version version, Address source, Address group) {
  return wire::encode(
      {.source = source,
       .destination = version == Version::k3 ? Address::v4(224, 0, 0, 22) : group,
       .message = Report{.version = version,
                         .records = {{.type = RecordType::kToExclude, .group = group}}}});
}

void seal(Bytes& packet) {
  store16(packet, 10, 0);
  const auto header = ByteView(packet).first(std::size_t{4} * (packet[0] & 0xFU));
  store16(packet, 10, wire::checksum(header));
}

Address group_of(const Heard& heard) {
  const auto packet = wire::decode(Family::kIPv4, heard.packet);
  if (!packet) return {};
  if (const auto* asked = std::get_if<Query>(&packet->message)) return asked->group;
  if (const auto* left = std::get_if<Leave>(&packet->message)) return left->group;
  const auto& records = std::get<Report>(packet->message).records;
  return records.empty() ? Address{} : records.front().group;
}

namespace {

// Packets that say something of this kind about the group, also beside other things.
template <class Said>
std::size_t count(const std::vector<Heard>& heard, const Said& said) {
  return static_cast<std::size_t>(std::ranges::count_if(heard, [&](const Heard& one) {
    const auto packet = wire::decode(Family::kIPv4, one.packet);
    return packet && said(packet->message);
  }));
}

bool has_record(const wire::Message& message, Version version, Address group, bool leaving) {
  const auto* said = std::get_if<Report>(&message);
  return said != nullptr && said->version == version &&
         std::ranges::any_of(said->records, [&](const wire::Record& record) {
           return record.group == group && (record.type == RecordType::kToInclude) == leaving;
         });
}

}  // namespace

std::size_t reports_of(const std::vector<Heard>& heard, Version version, Address group) {
  return count(heard, [&](const wire::Message& message) {
    return has_record(message, version, group, false);
  });
}

std::size_t leaves_of(const std::vector<Heard>& heard, Version version, Address group) {
  return count(heard, [&](const wire::Message& message) {
    const auto* left = std::get_if<Leave>(&message);
    if (left != nullptr) return version == Version::k2 && left->group == group;
    return has_record(message, version, group, true);
  });
}

MacAddress multicast_mac(Address group) {
  const std::uint32_t bits = group.v4_bits();
  return {{1, 0, 0x5E, static_cast<std::uint8_t>((bits >> 16U) & 0x7FU),
           static_cast<std::uint8_t>(bits >> 8U), static_cast<std::uint8_t>(bits)}};
}

Bytes frame(MacAddress destination, ByteView packet, const Bytes& tags) {
  Bytes whole(destination.octets.begin(), destination.octets.end());
  whole.insert(whole.end(), kMacThere.octets.begin(), kMacThere.octets.end());
  whole.insert(whole.end(), tags.begin(), tags.end());
  whole.push_back(ETH_P_IP >> 8U);
  whole.push_back(ETH_P_IP & 0xFFU);
  whole.insert(whole.end(), packet.begin(), packet.end());
  return whole;
}

bool is_ready(const Fd& fd, std::chrono::milliseconds within) {
  pollfd waiting{fd.number(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) == 1;
}

void Wire::SetUp() {
  if (!namespaces_work()) GTEST_SKIP() << "needs network namespaces";
  here_ = std::make_unique<Namespace>();
  there_ = std::make_unique<Namespace>();
  here_->ip({"link", "add", "eth0", "address", kMacHere.to_string(), "type", "veth", "peer", "name",
             "peer0", "address", kMacThere.to_string()});
  here_->ip({"link", "set", "peer0", "netns", there_->path(), "name", "eth0"});
  here_->ip({"addr", "add", "10.0.0.1/24", "dev", "eth0"});
  there_->ip({"addr", "add", "10.0.0.2/24", "dev", "eth0"});
  here_->ip({"link", "set", "eth0", "up"});
  there_->ip({"link", "set", "eth0", "up"});
  for (const auto* host : {here_.get(), there_.get()}) {
    // Hosts repeat what they report; not before an hour or so.
    host->set_ipv4("conf/eth0/igmpv2_unsolicited_report_interval", "100000000");
    host->set_ipv4("conf/eth0/igmpv3_unsolicited_report_interval", "100000000");
  }
  there_->inside([&] {
    cable_ = Fd{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = there_->index("eth0");
    ASSERT_EQ(::bind(cable_.number(), as_sockaddr(address), sizeof address), 0);
  });
}

void Wire::there_sends(const Bytes& frame) const {
  ASSERT_EQ(::send(cable_.number(), frame.data(), frame.size(), 0),
            static_cast<ssize_t>(frame.size()))
      << strerrorname_np(errno);
}

void Wire::there_sends_then_marks(const Bytes& frame) const {
  there_sends(frame);
  there_sends(test::frame(multicast_mac(kAllHosts), marker(kThere)));
}

Fd Wire::join_here(Address group) const {
  Fd member;
  here_->inside([&] {
    member = Fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ip_mreqn membership{};
    membership.imr_multiaddr.s_addr = htonl(group.v4_bits());
    membership.imr_ifindex = index();
    EXPECT_TRUE(set_option(member, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership));
  });
  return member;
}

}  // namespace querent::net::test
