#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/udp_socket.hpp"
#include "querent/time.hpp"

// The test stream: numbered datagrams that say by themselves what is missing. No clock in here.

namespace querent::probe {

inline constexpr std::uint16_t kStreamPort = 5004;
inline constexpr std::size_t kSmallestDatagram = 44;    // octets: all header
inline constexpr std::size_t kLargestDatagram = 65507;  // that IPv4 and UDP can carry

// In network byte order:
//    0  "querent", and the format's version: 1
//    8  stream: a number drawn anew whenever a sender starts
//   16  number: 0, 1, 2, ... of this stream to this group; wraps
//   24  sent: nanoseconds on a clock of the sender's, of which only differences mean something
//   32  interval: nanoseconds between two datagrams, as intended
//   40  flags: bit 0 is set in the last one
//   44  zeros up to the size that was asked for
struct StreamDatagram {
  std::uint64_t stream = 0;
  std::uint64_t number = 0;
  Duration sent{};
  Duration interval{};
  bool last = false;

  bool operator==(const StreamDatagram&) const = default;
};

// `size` octets, at least kSmallestDatagram.
Bytes encode_stream(const StreamDatagram& datagram, std::size_t size);
// Nothing when it is no datagram of a test stream. What follows the header is not looked at.
std::optional<StreamDatagram> decode_stream(ByteView payload);

// "GROUP[:PORT][@SOURCE]", an IPv6 group with a port in brackets: "[ff3e::1]:5004". Or why not.
Result<net::UdpChannel, std::string> parse_channel(std::string_view text);
// As parse_channel reads it, always with the port.
std::string to_string(const net::UdpChannel& channel);

// When datagrams are due: the first at once, then one every interval, counted from the first, so
// that lateness never adds up.
class Pace {
 public:
  static constexpr std::uint64_t kMostAtOnce = 64;
  static constexpr Duration kTooLate = std::chrono::seconds{1};

  Pace(Instant begin, Duration interval) : next_(begin), interval_(interval) {}

  Instant next() const { return next_; }
  // How many are due, and are now thought of as sent: at most `most`, more the next time. What
  // is missing for longer than kTooLate (the machine slept) is forgotten: one is due, and the pace
  // goes on from `now`.
  std::uint64_t take_due(Instant now, std::uint64_t most = kMostAtOnce);
  // Forgets what is due before `end` and was not taken, and goes on from there.
  void leave_out(Instant end);
  // How many were forgotten.
  std::uint64_t left_out() const { return left_out_; }

 private:
  Instant next_;
  Duration interval_;
  std::uint64_t left_out_ = 0;
};

}  // namespace querent::probe
