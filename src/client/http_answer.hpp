#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace querent::client {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Puts an answer of HTTP/1.0 or 1.1 together as it arrives, however it is cut into pieces: with a
// length, in chunks, or until the other side closes. What it holds is bounded. Its faults are
// words for people: "the answer was cut off".
class HttpReader {
 public:
  static constexpr std::size_t kMostHead = 65536;  // status line and headers, also trailers
  static constexpr std::size_t kMostBody = std::size_t{64} << 20U;

  // Takes what arrived. True when the answer is complete; what follows is ignored. A fault stays.
  Result<bool, std::string> feed(std::string_view arrived);

  // The other side has closed: the answer, or why there is none. To be called once.
  Result<HttpAnswer, std::string> finish();

 private:
  enum class Expects : std::uint8_t {
    kStatus,
    kField,
    kLength,  // `missing_` octets
    kClose,   // all that comes
    kChunkSize,
    kChunk,  // `missing_` octets of it
    kChunkEnd,
    kTrailer,
    kNothing,
  };

  bool complete() const { return expects_ == Expects::kNothing; }
  // Takes one thing from what is unread. False: more has to arrive, or there is a fault.
  bool step();
  bool read_line();
  bool read_body();
  // A line, without its end.
  void understand(std::string_view line);
  void understand_status(std::string_view line);
  void understand_field(std::string_view line);
  void understand_length(std::string_view value);
  void understand_chunk_size(std::string_view line);
  void end_head();
  void fail(std::string why) { fault_ = std::move(why); }

  std::string unread_;
  std::size_t at_ = 0;  // what is before it in unread_ was read
  HttpAnswer answer_;
  std::optional<std::size_t> length_;
  bool chunked_ = false;
  std::size_t missing_ = 0;
  std::size_t head_ = 0;  // octets of lines so far, but for those of chunks
  Expects expects_ = Expects::kStatus;
  std::string fault_;
};

}  // namespace querent::client
