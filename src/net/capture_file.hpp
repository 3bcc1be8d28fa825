#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "querent/time.hpp"

// Files of captured frames, as tcpdump and Wireshark read and write them.

namespace querent::net {

// A frame, and when it was seen.
struct CapturedFrame {
  Duration time{};            // since 1970-01-01 00:00 UTC
  std::size_t full_size = 0;  // on the wire; more than there are bytes: the capture cut it off
  ByteView bytes{};           // of a read frame: valid until the next one is asked for
};

// Why a capture cannot be opened, read or written.
struct CaptureError {
  enum class Kind : std::uint8_t {
    kOther,
    kPermission,  // CAP_NET_RAW is missing
    kDown,        // the interface is down
    kClosed,      // whoever read what is written has gone (EPIPE)
  };
  std::string what;  // "cannot read day.pcap"
  std::string why;   // "truncated dump file; tried to read 60 captured bytes, only got 12"
  Kind kind = Kind::kOther;
};

template <class T>
using CaptureResult = Result<T, CaptureError>;

// Reads pcap and pcapng of either byte order, microseconds or nanoseconds.
class CaptureReader {
 public:
  // "-" is stdin.
  static CaptureResult<CaptureReader> open(const std::string& path);

  CaptureReader(CaptureReader&& other) noexcept;
  CaptureReader& operator=(CaptureReader&& other) noexcept;
  ~CaptureReader();

  // A number of https://www.tcpdump.org/linktypes.html, or 12 for raw IP; one for the whole file.
  int link_type() const;

  // The next frame; nothing at the file's end. A file that is cut off or broken somewhere gives
  // all frames before that place, then the error, for ever.
  CaptureResult<std::optional<CapturedFrame>> next();

 private:
  struct Handle;
  explicit CaptureReader(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

// Writes pcap.
class CaptureWriter {
 public:
  enum class Precision : std::uint8_t { kMicroseconds, kNanoseconds };
  struct Format {
    int link_type = 1;  // as a reader answers it
    Precision precision = Precision::kNanoseconds;
  };

  // "-" is stdout; a file that exists is overwritten.
  static CaptureResult<CaptureWriter> open(const std::string& path, const Format& format);

  CaptureWriter(CaptureWriter&& other) noexcept;
  CaptureWriter& operator=(CaptureWriter&& other) noexcept;
  ~CaptureWriter();

  // Into a buffer, as far as there is room in it.
  CaptureResult<void> write(const CapturedFrame& frame);
  // What was written until now can be read by others.
  CaptureResult<void> flush();

 private:
  struct Handle;
  explicit CaptureWriter(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

}  // namespace querent::net
