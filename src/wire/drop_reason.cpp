#include "wire/drop_reason.hpp"

namespace querent::wire {

std::string_view name(DropReason reason) {
  switch (reason) {
    case DropReason::kFrameTruncated:
      return "frame_truncated";
    case DropReason::kFrameVlanTags:
      return "frame_vlan_tags";
    case DropReason::kFrameNotIp:
      return "frame_not_ip";
    case DropReason::kIpTruncated:
      return "ip_truncated";
    case DropReason::kIpVersion:
      return "ip_version";
    case DropReason::kIpHeaderLength:
      return "ip_header_length";
    case DropReason::kIpProtocol:
      return "ip_protocol";
    case DropReason::kIpChecksum:
      return "ip_checksum";
    case DropReason::kIpTotalLength:
      return "ip_total_length";
    case DropReason::kIpFragment:
      return "ip_fragment";
    case DropReason::kIpOption:
      return "ip_option";
    case DropReason::kIpOptionUnknown:
      return "ip_option_unknown";
    case DropReason::kIpExtension:
      return "ip_extension";
    case DropReason::kIpMapped:
      return "ip_mapped";
    case DropReason::kMessageTooShort:
      return "message_too_short";
    case DropReason::kMessageChecksum:
      return "message_checksum";
    case DropReason::kMessageType:
      return "message_type";
    case DropReason::kQueryLength:
      return "query_length";
    case DropReason::kQuerySources:
      return "query_sources";
    case DropReason::kReportRecord:
      return "report_record";
    case DropReason::kGroupNotMulticast:
      return "group_not_multicast";
  }
  return "unknown";
}

}  // namespace querent::wire
