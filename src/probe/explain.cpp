#include "probe/describe.hpp"

namespace querent::probe {

std::string_view explain(wire::DropReason reason, Family family) {
  using wire::DropReason;
  const bool igmp = family == Family::kIPv4;
  switch (reason) {
    case DropReason::kFrameTruncated:
      return "the frame ends within its own header";
    case DropReason::kFrameVlanTags:
      return "more than two VLAN tags";
    case DropReason::kFrameNotIp:
      return "not an IP packet";
    case DropReason::kIpTruncated:
      return "the packet is cut off, on its way or by the capture";
    case DropReason::kIpVersion:
      return "not the IP version that the frame announces";
    case DropReason::kIpHeaderLength:
      return "an IP header length that cannot be";
    case DropReason::kIpProtocol:
      return igmp ? "not IGMP" : "not MLD";
    case DropReason::kIpChecksum:
      return "the IP header checksum is wrong";
    case DropReason::kIpTotalLength:
      return "an IP length shorter than the header";
    case DropReason::kIpFragment:
      return igmp ? "a fragment, and IGMP is never fragmented"
                  : "a fragment, and MLD is never fragmented";
    case DropReason::kIpOption:
      return "an IP option of impossible length";
    case DropReason::kIpOptionUnknown:
      return "an IP option that we do not know and must not skip";
    case DropReason::kIpExtension:
      return "behind an IPv6 extension header where no message belongs";
    case DropReason::kIpMapped:
      return "an IPv4 address in an IPv6 header";
    case DropReason::kMessageTooShort:
      return "shorter than any message of its type";
    case DropReason::kMessageChecksum:
      return igmp ? "the IGMP checksum is wrong" : "the ICMPv6 checksum is wrong";
    case DropReason::kMessageType:
      return igmp ? "not a message of IGMPv1, v2 or v3" : "not a message of MLDv1 or v2";
    case DropReason::kQueryLength:
      return "a length that no version's query has";
    case DropReason::kQuerySources:
      return "the query announces more sources than it holds";
    case DropReason::kReportRecord:
      return "a record reaches beyond the end of the report";
    case DropReason::kGroupNotMulticast:
      return "its group is not a multicast address";
  }
  return "unknown";
}

std::string_view explain(core::Rejection rejection, Family family) {
  using core::Rejection;
  switch (rejection) {
    case Rejection::kHopLimit:
      return family == Family::kIPv4
                 ? "the TTL is not 1, so it may come from another network"
                 : "the hop limit is not 1, so it may come from another network";
    case Rejection::kNoRouterAlert:
      return "no Router Alert option";
    case Rejection::kSourceUnspecified:
      return "it comes from no address";
    case Rejection::kSourceMulticast:
      return "it claims to come from a multicast address";
    case Rejection::kSourceLoopback:
      return "it claims to come from a loopback address";
    case Rejection::kSourceBroadcast:
      return "it claims to come from a broadcast address";
    case Rejection::kSourceSubnet:
      return "it claims to come from the subnet's own address";
    case Rejection::kSourceNotLinkLocal:
      return "its source is not a link-local address";
    case Rejection::kSourceOffSubnet:
      return "its source is in no subnet of this interface";
    case Rejection::kDestinationUnicast:
      return "a general query to one host alone elects nobody";
    case Rejection::kDestination:
      return "sent to an address where this query does not belong";
    case Rejection::kSourcesWithoutGroup:
      return "it names sources but no group, and hosts do not answer that";
  }
  return "unknown";
}

}  // namespace querent::probe
