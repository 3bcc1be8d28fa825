#pragma once

#include <memory>
#include <pcap/pcap.h>
#include <string>

#include "base/result.hpp"
#include "net/capture_file.hpp"

// What capture_file.cpp and live_capture.cpp share of libpcap; for nobody else.

namespace querent::net {

// libpcap's functions by their names, without the prefix. The library is loaded when the first
// capture is opened, not linked: Debian's brings D-Bus, systemd and gcrypt along, which make up
// half of a querier's memory and start, and which a querier has no use for.
struct PcapLibrary {
  decltype(&pcap_activate) activate;
  decltype(&pcap_close) close;
  decltype(&pcap_compile) compile;
  decltype(&pcap_create) create;
  decltype(&pcap_datalink) datalink;
  decltype(&pcap_dump) dump;
  decltype(&pcap_dump_close) dump_close;
  decltype(&pcap_dump_file) dump_file;
  decltype(&pcap_dump_flush) dump_flush;
  decltype(&pcap_dump_fopen) dump_fopen;
  decltype(&pcap_fopen_offline_with_tstamp_precision) fopen_offline_with_tstamp_precision;
  decltype(&pcap_freecode) freecode;
  decltype(&pcap_get_selectable_fd) get_selectable_fd;
  decltype(&pcap_geterr) geterr;
  decltype(&pcap_next_ex) next_ex;
  decltype(&pcap_open_dead_with_tstamp_precision) open_dead_with_tstamp_precision;
  decltype(&pcap_set_buffer_size) set_buffer_size;
  decltype(&pcap_set_immediate_mode) set_immediate_mode;
  decltype(&pcap_set_promisc) set_promisc;
  decltype(&pcap_set_snaplen) set_snaplen;
  decltype(&pcap_set_tstamp_precision) set_tstamp_precision;
  decltype(&pcap_setfilter) setfilter;
  decltype(&pcap_setnonblock) setnonblock;
  decltype(&pcap_stats) stats;
  decltype(&pcap_statustostr) statustostr;
};

// Loaded once, for as long as the process lives; or the loader's words.
const Result<PcapLibrary, std::string>& pcap_library();

// Whoever has one of these has the library.
struct ClosePcap {
  void operator()(pcap_t* pcap) const { pcap_library()->close(pcap); }
};
using PcapHandle = std::unique_ptr<pcap_t, ClosePcap>;

// Of a handle with nanosecond timestamps.
CapturedFrame captured_frame(const pcap_pkthdr& header, const u_char* bytes);

}  // namespace querent::net
