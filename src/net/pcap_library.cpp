#include "net/pcap_library.hpp"

#include <algorithm>
#include <bit>
#include <dlfcn.h>

namespace querent::net {

namespace {

// By the name of the interface that pcap/pcap.h describes, which is what we were compiled for.
constexpr const char* kName = "libpcap.so.0.8";

std::string loader_error() {
  const char* const words = dlerror();
  return words == nullptr ? std::string(kName) + " cannot be loaded" : words;
}

// A function that is missing makes all() false.
class Functions {
 public:
  explicit Functions(void* library) : library_(library) {}

  template <class Function>
  void find(const char* name, Function*& function) {
    function = std::bit_cast<Function*>(dlsym(library_, name));
    all_ = all_ && function != nullptr;
  }

  bool all() const { return all_; }

 private:
  void* library_;
  bool all_ = true;
};

Result<PcapLibrary, std::string> load() {
  void* const library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return failure(loader_error());
  PcapLibrary pcap{};
  Functions functions(library);
  functions.find("pcap_activate", pcap.activate);
  functions.find("pcap_close", pcap.close);
  functions.find("pcap_compile", pcap.compile);
  functions.find("pcap_create", pcap.create);
  functions.find("pcap_datalink", pcap.datalink);
  functions.find("pcap_dump", pcap.dump);
  functions.find("pcap_dump_close", pcap.dump_close);
  functions.find("pcap_dump_file", pcap.dump_file);
  functions.find("pcap_dump_flush", pcap.dump_flush);
  functions.find("pcap_dump_fopen", pcap.dump_fopen);
  functions.find("pcap_fopen_offline_with_tstamp_precision",
                 pcap.fopen_offline_with_tstamp_precision);
  functions.find("pcap_freecode", pcap.freecode);
  functions.find("pcap_get_selectable_fd", pcap.get_selectable_fd);
  functions.find("pcap_geterr", pcap.geterr);
  functions.find("pcap_next_ex", pcap.next_ex);
  functions.find("pcap_open_dead_with_tstamp_precision", pcap.open_dead_with_tstamp_precision);
  functions.find("pcap_set_buffer_size", pcap.set_buffer_size);
  functions.find("pcap_set_immediate_mode", pcap.set_immediate_mode);
  functions.find("pcap_set_promisc", pcap.set_promisc);
  functions.find("pcap_set_snaplen", pcap.set_snaplen);
  functions.find("pcap_set_tstamp_precision", pcap.set_tstamp_precision);
  functions.find("pcap_setfilter", pcap.setfilter);
  functions.find("pcap_setnonblock", pcap.setnonblock);
  functions.find("pcap_stats", pcap.stats);
  functions.find("pcap_statustostr", pcap.statustostr);
  if (!functions.all()) return failure(loader_error());
  return pcap;
}

}  // namespace

const Result<PcapLibrary, std::string>& pcap_library() {
  static const auto kLibrary = load();
  return kLibrary;
}

CapturedFrame captured_frame(const pcap_pkthdr& header, const u_char* bytes) {
  // A file can claim any time; that of every real frame is within the range.
  constexpr std::int64_t kLastSecond = std::int64_t{1} << 33U;
  const std::int64_t second = std::clamp<std::int64_t>(header.ts.tv_sec, 0, kLastSecond);
  const std::int64_t fraction = std::clamp<std::int64_t>(header.ts.tv_usec, 0, 999'999'999);
  return {.time = std::chrono::seconds(second) + std::chrono::nanoseconds(fraction),
          .full_size = header.len,
          .bytes = ByteView(bytes, header.caplen)};
}

}  // namespace querent::net
