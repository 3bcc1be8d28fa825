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

Bytes marking_report(Address source) {
  return report(Version::k3, source, kMarked);
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

bool has_record(const Message& message, Version version, Address group, bool leaving) {
  const auto* said = std::get_if<Report>(&message);
  return said != nullptr && said->version == version &&
         std::ranges::any_of(said->records, [&](const Record& record) {
           return record.group == group && (record.type == RecordType::kToInclude) == leaving;
         });
}

}  // namespace

std::size_t reports_of(const std::vector<Heard>& heard, Version version, Address group) {
  return count(heard,
               [&](const Message& message) { return has_record(message, version, group, false); });
}

std::size_t leaves_of(const std::vector<Heard>& heard, Version version, Address group) {
  return count(heard, [&](const Message& message) {
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
  Bytes whole;
  whole.reserve(14 + tags.size() + packet.size());
  const auto append = [&whole](ByteView part) {
    for (const std::uint8_t octet : part)
      whole.push_back(octet);
  };
  append(destination.octets);
  append(kMacThere.octets);
  append(tags);
  whole.push_back(0x08);
  whole.push_back(0x00);
  append(packet);
  return whole;
}

bool is_ready(const os::Fd& fd, std::chrono::milliseconds within) {
  pollfd waiting{fd.number(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.count())) == 1;
}

void Wire::must(const os::SysResult<void>& done) {
  EXPECT_TRUE(done) << done.error().to_string();
}

int Wire::index_in(lab::Namespace& space, const std::string& interface) {
  const auto index = space.links().index_of(interface);
  EXPECT_TRUE(index) << index.error().to_string();
  return index.value_or(0);
}

void Wire::SetUp() {
  auto here = lab::Namespace::create();
  auto there = lab::Namespace::create();
  ASSERT_TRUE(here) << here.error().to_string();
  ASSERT_TRUE(there) << there.error().to_string();
  must(here->links().add_veth({"eth0", kMacHere}, {"eth0", kMacThere}, there->fd()));
  must(here->links().add_address("eth0", kHere, 24));
  must(there->links().add_address("eth0", kThere, 24));
  for (auto* host : {&*here, &*there}) {
    must(host->links().set_up("eth0"));
    // Hosts repeat what they report; not before an hour or so.
    for (const char* version : {"igmpv2", "igmpv3"}) {
      must(host->write_sysctl(
          std::string("ipv4/conf/eth0/") + version + "_unsolicited_report_interval", "100000000"));
    }
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = index_in(*there);
  must(there->inside([&] {
    cable_ = os::Fd{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
    ASSERT_EQ(::bind(cable_.number(), os::as_sockaddr(address), sizeof address), 0);
  }));
  here_.emplace(std::move(*here));
  there_.emplace(std::move(*there));
  await_cable();
}

void Wire::await_cable() {
  must(here().await_carrier("eth0", kPatience));
  must(there().await_carrier("eth0", kPatience));
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

os::Fd Wire::join_here(Address group) {
  os::Fd member;
  ip_mreqn membership{};
  membership.imr_multiaddr.s_addr = htonl(group.v4_bits());
  membership.imr_ifindex = index_in(here());
  must(here().inside([&] {
    member = os::Fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    EXPECT_TRUE(set_option(member, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership));
  }));
  return member;
}

}  // namespace querent::net::test
