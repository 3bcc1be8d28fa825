#include "net/live_capture.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <utility>

#include "net/pcap_library.hpp"

namespace querent::net {

namespace {

// The kernel keeps a place of this size for each frame that waits: no link has longer messages
// than a jumbo frame's.
constexpr int kMaxFrame = 9234;
constexpr int kBuffer = 8 * 1024 * 1024;

struct FreeProgram {
  void operator()(bpf_program* program) const { pcap_library()->freecode(program); }
};

CaptureError activation_error(int code, const std::string& what, pcap_t* pcap) {
  const std::string detail = pcap_library()->geterr(pcap);
  switch (code) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return {what, "opening a packet socket is not permitted", CaptureError::Kind::kPermission};
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return {what, "there is no such interface"};
    case PCAP_ERROR_IFACE_NOT_UP:
      return {what, "it is down", CaptureError::Kind::kDown};
    default:
      return {what, detail.empty() ? pcap_library()->statustostr(code) : detail};
  }
}

// libpcap's `icmp6` does not look behind extension headers, and MLD is behind one: so by octets
// of the IPv6 header (RFC 8200 3). What has a hop-by-hop header is little more than MLD; without
// one ICMPv6 tells by its type (RFC 2710 3, 9777 5), behind other headers only in the next one, so
// there it must be for a group of the link.
constexpr const char* kMessages =
    "(igmp or ip6[6] = 0"
    " or (ip6[6] = 58 and (ip6[40] = 130 or ip6[40] = 131 or ip6[40] = 132 or ip6[40] = 143))"
    " or ((ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60) and ip6[40] = 58 and ip6[24:2] = 0xFF02))";

// Link types without VLANs refuse the first expression.
bool filter_messages(pcap_t* pcap) {
  const std::string plain = kMessages;
  const std::string tagged = plain + " or (vlan and (" + plain + " or (vlan and " + plain + ")))";
  for (const std::string& expression : {tagged, plain}) {
    bpf_program program{};
    const int compiled =
        pcap_library()->compile(pcap, &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN);
    if (compiled != 0) continue;
    const std::unique_ptr<bpf_program, FreeProgram> owned(&program);
    return pcap_library()->setfilter(pcap, &program) == 0;
  }
  return false;
}

}  // namespace

struct LiveCapture::Handle {
  PcapHandle pcap;
  std::string what;
};

LiveCapture::LiveCapture(std::unique_ptr<Handle> handle, os::Fd fd)
    : handle_(std::move(handle)), fd_(std::move(fd)) {}
LiveCapture::LiveCapture(LiveCapture&& other) noexcept = default;
LiveCapture& LiveCapture::operator=(LiveCapture&& other) noexcept = default;
LiveCapture::~LiveCapture() = default;

CaptureResult<LiveCapture> LiveCapture::open(const std::string& interface) {
  const std::string what = "cannot watch " + interface;
  const auto& library = pcap_library();
  if (!library) return failure(CaptureError{what, library.error()});
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapHandle pcap(pcap_library()->create(interface.c_str(), error.data()));
  if (!pcap) return failure(CaptureError{what, error.data()});
  pcap_library()->set_snaplen(pcap.get(), kMaxFrame);
  pcap_library()->set_promisc(pcap.get(), 1);
  pcap_library()->set_immediate_mode(pcap.get(), 1);
  pcap_library()->set_buffer_size(pcap.get(), kBuffer);
  pcap_library()->set_tstamp_precision(pcap.get(), PCAP_TSTAMP_PRECISION_NANO);
  if (const int code = pcap_library()->activate(pcap.get()); code < 0) {
    return failure(activation_error(code, what, pcap.get()));
  }
  if (pcap_library()->setnonblock(pcap.get(), 1, error.data()) != 0) {
    return failure(CaptureError{what, error.data()});
  }
  if (!filter_messages(pcap.get()))
    return failure(CaptureError{what, pcap_library()->geterr(pcap.get())});
  os::Fd fd(::fcntl(pcap_library()->get_selectable_fd(pcap.get()), F_DUPFD_CLOEXEC, 0));
  if (!fd) return failure(CaptureError{what, std::generic_category().message(errno)});
  return LiveCapture(std::make_unique<Handle>(Handle{std::move(pcap), what}), std::move(fd));
}

int LiveCapture::link_type() const {
  return pcap_library()->datalink(handle_->pcap.get());
}

CaptureResult<std::optional<CapturedFrame>> LiveCapture::next() {
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int got = pcap_library()->next_ex(handle_->pcap.get(), &header, &bytes);
  if (got == 0) return std::nullopt;
  if (got == 1) return captured_frame(*header, bytes);
  const std::string why = pcap_library()->geterr(handle_->pcap.get());
  const bool gone = why.find("disappeared") != std::string::npos;
  return failure(CaptureError{handle_->what, gone ? "it is gone" : why});
}

std::uint64_t LiveCapture::dropped() const {
  pcap_stat statistics{};
  if (pcap_library()->stats(handle_->pcap.get(), &statistics) != 0) return 0;
  return statistics.ps_drop;
}

}  // namespace querent::net
