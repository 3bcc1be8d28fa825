#include "net/capture_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "net/pcap_library.hpp"

namespace querent::net {

namespace {

constexpr int kMaxFrame = 262144;  // what tcpdump announces; loopback frames reach 65,549 octets

struct CloseFile {
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): the unique_ptr owns it
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

std::string reason(int number) {
  return std::generic_category().message(number);
}

// Of "-", a copy of the descriptor: to close the file is not to close stdin or stdout.
FileHandle open_file(const std::string& path, int standard, const char* mode) {
  if (path != "-") return FileHandle(std::fopen(path.c_str(), mode));
  const int copy = ::fcntl(standard, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return nullptr;
  FileHandle file(::fdopen(copy, mode));
  if (!file) ::close(copy);
  return file;
}

}  // namespace

struct CaptureReader::Handle {
  PcapHandle pcap;
  std::string what;
  std::optional<CaptureError> error{};
};

CaptureReader::CaptureReader(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
CaptureReader::CaptureReader(CaptureReader&& other) noexcept = default;
CaptureReader& CaptureReader::operator=(CaptureReader&& other) noexcept = default;
CaptureReader::~CaptureReader() = default;

CaptureResult<CaptureReader> CaptureReader::open(const std::string& path) {
  const std::string what = "cannot read " + (path == "-" ? "stdin" : path);
  const auto& library = pcap_library();
  if (!library) return failure(CaptureError{what, library.error()});
  FileHandle file = open_file(path, STDIN_FILENO, "rb");
  if (!file) return failure(CaptureError{what, reason(errno)});
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapHandle pcap(pcap_library()->fopen_offline_with_tstamp_precision(
      file.get(), PCAP_TSTAMP_PRECISION_NANO, error.data()));
  if (!pcap) return failure(CaptureError{what, error.data()});
  // From here on the file is closed with the handle.
  static_cast<void>(file.release());
  return CaptureReader(std::make_unique<Handle>(Handle{std::move(pcap), what}));
}

int CaptureReader::link_type() const {
  return pcap_library()->datalink(handle_->pcap.get());
}

CaptureResult<std::optional<CapturedFrame>> CaptureReader::next() {
  // Behind a broken place libpcap would take anything for a frame.
  if (handle_->error) return failure(*handle_->error);
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int got = pcap_library()->next_ex(handle_->pcap.get(), &header, &bytes);
  if (got == PCAP_ERROR_BREAK) return std::nullopt;
  if (got != 1) {
    handle_->error = {handle_->what, pcap_library()->geterr(handle_->pcap.get())};
    return failure(*handle_->error);
  }
  return captured_frame(*header, bytes);
}

struct CaptureWriter::Handle {
  struct CloseDump {
    void operator()(pcap_dumper_t* dump) const { pcap_library()->dump_close(dump); }
  };
  CaptureError error() const {
    const bool closed = errno == EPIPE;
    return {what, reason(errno), closed ? CaptureError::Kind::kClosed : CaptureError::Kind::kOther};
  }

  PcapHandle pcap;
  std::unique_ptr<pcap_dumper_t, CloseDump> dump;
  Precision precision = Precision::kNanoseconds;
  std::string what;
};

CaptureWriter::CaptureWriter(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
CaptureWriter::CaptureWriter(CaptureWriter&& other) noexcept = default;
CaptureWriter& CaptureWriter::operator=(CaptureWriter&& other) noexcept = default;
CaptureWriter::~CaptureWriter() = default;

CaptureResult<CaptureWriter> CaptureWriter::open(const std::string& path, const Format& format) {
  auto handle = std::make_unique<Handle>();
  handle->what = "cannot write " + (path == "-" ? "stdout" : path);
  handle->precision = format.precision;
  const auto& library = pcap_library();
  if (!library) return failure(CaptureError{handle->what, library.error()});
  FileHandle file = open_file(path, STDOUT_FILENO, "wb");
  if (!file) return failure(handle->error());
  const bool nano = format.precision == Precision::kNanoseconds;
  handle->pcap.reset(pcap_library()->open_dead_with_tstamp_precision(
      format.link_type, kMaxFrame,
      nano ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO));
  if (!handle->pcap) return failure(CaptureError{handle->what, "out of memory"});
  handle->dump.reset(pcap_library()->dump_fopen(handle->pcap.get(), file.get()));
  if (!handle->dump) {
    return failure(CaptureError{handle->what, pcap_library()->geterr(handle->pcap.get())});
  }
  static_cast<void>(file.release());
  CaptureWriter writer(std::move(handle));
  if (auto flushed = writer.flush(); !flushed) return failure(std::move(flushed.error()));
  return writer;
}

CaptureResult<void> CaptureWriter::write(const CapturedFrame& frame) {
  const auto second = std::chrono::floor<std::chrono::seconds>(frame.time);
  const auto fraction = frame.time - second;
  pcap_pkthdr header{};
  header.ts.tv_sec = second.count();
  header.ts.tv_usec =
      handle_->precision == Precision::kNanoseconds ? fraction.count() : fraction.count() / 1000;
  header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
  header.len = static_cast<bpf_u_int32>(std::max(frame.full_size, frame.bytes.size()));
  std::FILE* const file = pcap_library()->dump_file(handle_->dump.get());
  // libpcap's door for callbacks: the handle goes in as what it points to.
  pcap_library()->dump(static_cast<u_char*>(static_cast<void*>(handle_->dump.get())), &header,
                       frame.bytes.data());
  if (std::ferror(file) != 0) return failure(handle_->error());
  return {};
}

CaptureResult<void> CaptureWriter::flush() {
  if (pcap_library()->dump_flush(handle_->dump.get()) != 0) return failure(handle_->error());
  return {};
}

}  // namespace querent::net
