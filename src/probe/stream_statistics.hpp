#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "probe/stream.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

// What became of the datagrams of one group, told by their numbers. No clock in here.

namespace querent::probe {

// Which numbers of a stream have come. Exact for whatever is less than kSize behind the highest.
class NumberWindow {
 public:
  static constexpr std::uint64_t kSize = 4096;
  // A number further ahead is a mistake or an attack, not a loss of so many.
  static constexpr std::uint64_t kFurthest = std::uint64_t{1} << 32U;

  enum class Verdict : std::uint8_t {
    kNext,       // higher than all before
    kReordered,  // fills a hole, or comes before the first
    kDuplicate,
    kStray,  // too far behind or ahead for telling what it is; changes nothing
  };
  Verdict take(std::uint64_t number);

  // Different numbers that came.
  std::uint64_t received() const { return received_; }
  // Holes between the lowest and the highest.
  std::uint64_t lost() const { return span_ - received_; }

 private:
  std::bitset<kSize> seen_;  // at number % kSize, of the last kSize up to the highest
  std::uint64_t highest_ = 0;
  std::uint64_t span_ = 0;  // from the lowest to the highest; 0: none yet
  std::uint64_t received_ = 0;
};

struct StreamCounts {
  std::uint64_t datagrams = 0;  // all that arrived
  std::uint64_t octets = 0;     // of their payloads
  // Of numbered datagrams.
  std::uint64_t received = 0;  // different ones
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t reordered = 0;
  std::uint64_t stray = 0;

  StreamCounts& operator+=(const StreamCounts& other);
  bool operator==(const StreamCounts&) const = default;
};

// One run of a sender, or all that a foreign program sent from one port.
struct StreamView {
  Address sender;
  std::uint16_t sender_port = 0;
  std::optional<std::uint64_t> stream;  // nothing: not numbered, sent by something else
  StreamCounts counts;
  Instant first;           // when its first datagram arrived
  Instant last;            // and its latest
  Duration interval{};     // as its sender intends; 0: not numbered
  Duration longest_gap{};  // without a datagram of it, up to now while it should still come
  Duration jitter{};       // RFC 3550, section 6.4.1
  bool ended = false;      // its sender said so
  bool replaced = false;   // its sender started anew
  Duration silence{};      // since the last one; 0 when it ended or was replaced
};

struct StreamGroupView {
  StreamCounts counts;               // the sum over all streams, also those not listed
  std::vector<StreamView> streams;   // in order of their first datagram
  std::optional<Duration> first_in;  // from the begin to the first datagram; nothing: none came
  Duration longest_gap{};            // without any datagram, since the first one, up to now
  Duration silence{};                // since the last datagram; 0 when all streams have ended
  Duration jitter{};                 // the worst of the streams
  std::uint64_t restarts = 0;        // streams that replaced another of the same sender
  std::uint64_t unlisted = 0;        // datagrams of more senders than there is room for
};

// Told each datagram that arrives for one group, in the order of arrival.
class StreamStatistics {
 public:
  // Streams that are listed at the same time; those that were replaced make room.
  static constexpr std::size_t kMostStreams = 64;

  explicit StreamStatistics(Instant begin) : begin_(begin) {}

  void take(const net::ReceivedDatagram& datagram);

  StreamGroupView view(Instant now) const;
  // Datagrams so far, whatever they were.
  std::uint64_t datagrams() const { return totals_; }

 private:
  struct Stream {
    Address sender;
    std::uint16_t sender_port = 0;
    std::optional<std::uint64_t> id;
    StreamCounts counts;
    NumberWindow numbers;
    Instant first;
    Instant last;
    Duration longest_gap{};
    Duration interval{};
    std::uint64_t transit = 0;  // arrival less sending, on two clocks: only changes mean something
    double jitter = 0;          // nanoseconds
    bool ended = false;
    bool replaced = false;
  };

  Stream* find(const net::ReceivedDatagram& datagram, const std::optional<StreamDatagram>& numbered,
               Instant at);
  bool make_room();
  static void count(Stream& stream, const StreamDatagram& numbered, Instant at);
  static StreamView view(const Stream& stream, Instant now);

  Instant begin_;
  Instant last_ = kLongAgo;  // of any datagram
  std::optional<Instant> first_;
  Duration longest_gap_{};
  std::uint64_t totals_ = 0;
  std::uint64_t unlisted_ = 0;
  std::uint64_t unlisted_octets_ = 0;
  std::uint64_t retired_streams_ = 0;
  StreamCounts retired_;
  std::vector<Stream> streams_;
};

}  // namespace querent::probe
