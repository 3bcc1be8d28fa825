#pragma once

#include <memory>
#include <pcap/pcap.h>

#include "net/capture_file.hpp"

// What capture_file.cpp and live_capture.cpp share of libpcap; for nobody else.

namespace querent::net {

struct ClosePcap {
  void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using PcapHandle = std::unique_ptr<pcap_t, ClosePcap>;

// Of a handle with nanosecond timestamps.
CapturedFrame captured_frame(const pcap_pkthdr& header, const u_char* bytes);

}  // namespace querent::net
