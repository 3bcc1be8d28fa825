#include "net/membership_filter.hpp"

#include <cstdint>
#include <linux/if_packet.h>
#include <netinet/in.h>

namespace querent::net {

namespace {

constexpr std::uint8_t kTypeQuery = 0x11;       // RFC 2236 2.1
constexpr std::uint8_t kTypeMldQuery = 130;     // RFC 2710 3
constexpr std::uint8_t kTypeMldReport = 131;    //
constexpr std::uint8_t kTypeMldDone = 132;      //
constexpr std::uint8_t kTypeMldReportV2 = 143;  // RFC 9777 5.2
constexpr std::uint32_t kAt4Protocol = 9;       // RFC 791 3.1
constexpr std::uint32_t kAt6NextHeader = 6;     // RFC 8200 3
constexpr std::uint32_t kAt6Destination = 24;   //
constexpr std::uint32_t kSize6 = 40;            //
constexpr std::uint32_t kLinkLocalScope = 0xFF02;
constexpr std::uint32_t kPacketType = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
constexpr std::uint32_t kInterface = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_IFINDEX);

constexpr sock_filter kKeep BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF);
constexpr sock_filter kDrop BPF_STMT(BPF_RET | BPF_K, 0);

constexpr sock_filter octet(std::uint32_t at) {
  return BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at);
}

// How many steps are left out where it is `value`, and where not.
constexpr sock_filter skip_if(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}

std::vector<sock_filter> igmp_from_the_wire(std::uint32_t index) {
  return {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kInterface),
      skip_if(index, 0, 5),
      octet(kPacketType),
      skip_if(PACKET_OTHERHOST, 3, 0),
      octet(kAt4Protocol),
      skip_if(IPPROTO_IGMP, 0, 1),
      kKeep,
      kDrop,
  };
}

std::vector<sock_filter> mld_from_the_wire(std::uint32_t index) {
  return {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kInterface),
      skip_if(index, 0, 24),
      octet(kPacketType),
      skip_if(PACKET_OTHERHOST, 22, 0),
      // What follows the IPv6 header, and where: 40 + X.
      BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0),
      octet(kAt6NextHeader),
      skip_if(IPPROTO_HOPOPTS, 0, 5),
      // Or what follows the hop-by-hop header: its length counts units of 8 octets but the first.
      octet(kSize6 + 1),
      BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
      BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 3),
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      octet(kSize6),
      skip_if(IPPROTO_ICMPV6, 3, 0),
      skip_if(IPPROTO_ROUTING, 7, 0),
      skip_if(IPPROTO_FRAGMENT, 6, 0),
      skip_if(IPPROTO_DSTOPTS, 5, 10),
      // A message, by its type.
      BPF_STMT(BPF_LD | BPF_B | BPF_IND, kSize6),
      skip_if(kTypeMldQuery, 7, 0),
      skip_if(kTypeMldReport, 6, 0),
      skip_if(kTypeMldDone, 5, 0),
      skip_if(kTypeMldReportV2, 4, 5),
      // A header that ICMPv6 may hide behind, to a group of the link.
      BPF_STMT(BPF_LD | BPF_B | BPF_IND, kSize6),
      skip_if(IPPROTO_ICMPV6, 0, 3),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, kAt6Destination),
      skip_if(kLinkLocalScope, 0, 1),
      kKeep,
      kDrop,
  };
}

std::vector<sock_filter> igmp_of_own_host() {
  return {
      octet(kPacketType),
      skip_if(PACKET_LOOPBACK, 0, 4),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),  // the IP header's length
      BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
      skip_if(kTypeQuery, 1, 0),
      kKeep,
      kDrop,
  };
}

// Here the ICMPv6 message comes first.
std::vector<sock_filter> mld_of_own_host() {
  return {
      octet(kPacketType),
      skip_if(PACKET_LOOPBACK, 0, 5),
      octet(0),
      skip_if(kTypeMldReport, 2, 0),
      skip_if(kTypeMldDone, 1, 0),
      skip_if(kTypeMldReportV2, 0, 1),
      kKeep,
      kDrop,
  };
}

}  // namespace

std::vector<sock_filter> membership_from_the_wire(Family family, int interface_index) {
  const auto index = static_cast<std::uint32_t>(interface_index);
  return family == Family::kIPv4 ? igmp_from_the_wire(index) : mld_from_the_wire(index);
}

std::vector<sock_filter> membership_of_own_host(Family family) {
  return family == Family::kIPv4 ? igmp_of_own_host() : mld_of_own_host();
}

}  // namespace querent::net
