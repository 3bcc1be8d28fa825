#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace querent::wire {

// Why octets are no message: what can be said from the octets alone. Whether a message may be
// believed (TTL, Router Alert, source, destination) is the business of core.
//
// A reader works from the outside inwards and names the first thing that is wrong: octets that
// have a reason about the message came in a sound packet.
enum class DropReason : std::uint8_t {
  // The frame (frame.hpp).
  kFrameTruncated,  // ends within the link layer's header
  kFrameVlanTags,   // more than two VLAN tags
  kFrameNotIp,      // carries neither IPv4 nor IPv6
  // The IP packet (ipv4.hpp, ipv6.hpp).
  kIpTruncated,      // fewer octets than the header, or the total length in it, announces
  kIpVersion,        // another version than the family says
  kIpHeaderLength,   // a header length below the fixed part's
  kIpProtocol,       // another protocol's payload
  kIpChecksum,       // the header's own checksum
  kIpTotalLength,    // a length below the header's, or in IPv6 of none, as a jumbogram has
  kIpFragment,       // part of a datagram; no message of ours needs fragments
  kIpOption,         // an option of impossible length
  kIpOptionUnknown,  // an option that nobody may skip, and that we do not know
  kIpExtension,      // an extension header that is not MLD's, or a second one
  kIpMapped,         // an IPv4 address in the place of an IPv6 address
  // The message (igmp.hpp, mld.hpp).
  kMessageTooShort,    // shorter than a message of its type
  kMessageChecksum,    // the message's checksum
  kMessageType,        // of no type we know
  kQueryLength,        // of a length that no version of a query has
  kQuerySources,       // a query announces more sources than there are octets
  kReportRecord,       // a record reaches beyond the end of its report
  kGroupNotMulticast,  // a message about one group names an address that is none
};

inline constexpr std::array kDropReasons = {
    DropReason::kFrameTruncated,  DropReason::kFrameVlanTags, DropReason::kFrameNotIp,
    DropReason::kIpTruncated,     DropReason::kIpVersion,     DropReason::kIpHeaderLength,
    DropReason::kIpProtocol,      DropReason::kIpChecksum,    DropReason::kIpTotalLength,
    DropReason::kIpFragment,      DropReason::kIpOption,      DropReason::kIpOptionUnknown,
    DropReason::kIpExtension,     DropReason::kIpMapped,      DropReason::kMessageTooShort,
    DropReason::kMessageChecksum, DropReason::kMessageType,   DropReason::kQueryLength,
    DropReason::kQuerySources,    DropReason::kReportRecord,  DropReason::kGroupNotMulticast,
};

// For tables of counters, indexed by the reason's number.
inline constexpr std::size_t kDropReasonCount = kDropReasons.size();

// The label of the metric, such as "ip_checksum". Stable: dashboards know it.
std::string_view name(DropReason reason);

}  // namespace querent::wire
