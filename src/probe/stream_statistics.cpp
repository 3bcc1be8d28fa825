#include "probe/stream_statistics.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace querent::probe {
namespace {

using namespace std::chrono_literals;

// What a sender may claim its interval to be.
constexpr Duration kLongestInterval = 1h;
// A day: more is what two clocks never do, but a forged datagram can say.
constexpr double kMostJitter = 86400e9;

}  // namespace

NumberWindow::Verdict NumberWindow::take(std::uint64_t number) {
  if (span_ == 0) {
    highest_ = number;
    span_ = received_ = 1;
    seen_.set(number % kSize);
    return Verdict::kNext;
  }
  const std::uint64_t ahead = number - highest_;
  const std::uint64_t behind = highest_ - number;
  if (ahead != 0 && ahead <= kFurthest) {
    for (std::uint64_t i = 1; i <= std::min(ahead, kSize); ++i) {
      seen_.reset((highest_ + i) % kSize);
    }
    highest_ = number;
    span_ += ahead;
    ++received_;
    seen_.set(number % kSize);
    return Verdict::kNext;
  }
  if (behind >= kSize) return Verdict::kStray;
  if (seen_.test(number % kSize)) return Verdict::kDuplicate;
  seen_.set(number % kSize);
  span_ = std::max(span_, behind + 1);
  ++received_;
  return Verdict::kReordered;
}

StreamCounts& StreamCounts::operator+=(const StreamCounts& other) {
  datagrams += other.datagrams;
  octets += other.octets;
  received += other.received;
  lost += other.lost;
  duplicates += other.duplicates;
  reordered += other.reordered;
  stray += other.stray;
  return *this;
}

void StreamStatistics::take(const net::ReceivedDatagram& datagram) {
  const Instant at = std::max({datagram.arrived, last_, begin_});
  if (first_) longest_gap_ = std::max(longest_gap_, at - last_);
  if (!first_) first_ = at;
  last_ = at;
  ++totals_;

  const auto numbered = decode_stream(datagram.payload);
  Stream* stream = find(datagram, numbered, at);
  if (stream == nullptr) {
    ++unlisted_;
    unlisted_octets_ += datagram.octets;
    return;
  }
  ++stream->counts.datagrams;
  stream->counts.octets += datagram.octets;
  stream->longest_gap = std::max(stream->longest_gap, at - stream->last);
  if (numbered) count(*stream, *numbered, at);
  stream->last = at;
}

StreamStatistics::Stream* StreamStatistics::find(const net::ReceivedDatagram& datagram,
                                                 const std::optional<StreamDatagram>& numbered,
                                                 Instant at) {
  const std::optional<std::uint64_t> id = numbered ? std::optional(numbered->stream) : std::nullopt;
  const auto found = std::find_if(streams_.begin(), streams_.end(), [&](const Stream& stream) {
    return stream.sender == datagram.sender && stream.id == id &&
           (id || stream.sender_port == datagram.sender_port);
  });
  if (found != streams_.end()) return &*found;
  if (streams_.size() >= kMostStreams && !make_room()) return nullptr;
  if (id) {
    for (Stream& other : streams_) {
      if (other.id && other.sender == datagram.sender) other.replaced = true;
    }
  }
  streams_.push_back({.sender = datagram.sender,
                      .sender_port = datagram.sender_port,
                      .id = id,
                      .first = at,
                      .last = at});
  return &streams_.back();
}

bool StreamStatistics::make_room() {
  const auto oldest = std::find_if(streams_.begin(), streams_.end(),
                                   [](const Stream& stream) { return stream.replaced; });
  if (oldest == streams_.end()) return false;
  retired_ += view(*oldest, oldest->last).counts;
  ++retired_streams_;
  streams_.erase(oldest);
  return true;
}

void StreamStatistics::count(Stream& stream, const StreamDatagram& numbered, Instant at) {
  const bool is_first = stream.numbers.received() == 0;
  switch (stream.numbers.take(numbered.number)) {
    case NumberWindow::Verdict::kNext:
      // Still sending: its sender did not start anew, there are two on that host.
      stream.replaced = false;
      stream.ended = numbered.last;
      break;
    case NumberWindow::Verdict::kReordered:
      ++stream.counts.reordered;
      stream.ended = stream.ended || numbered.last;
      break;
    case NumberWindow::Verdict::kDuplicate:
      ++stream.counts.duplicates;
      return;
    case NumberWindow::Verdict::kStray:
      ++stream.counts.stray;
      return;
  }
  stream.interval = std::clamp(numbered.interval, Duration{0}, kLongestInterval);
  // Unsigned: a forged time of sending may be anything.
  const auto transit = static_cast<std::uint64_t>(at.time_since_epoch().count()) -
                       static_cast<std::uint64_t>(numbered.sent.count());
  if (!is_first) {
    const auto change = static_cast<std::int64_t>(transit - stream.transit);
    const double size = std::min(std::abs(static_cast<double>(change)), kMostJitter);
    stream.jitter += (size - stream.jitter) / 16;
  }
  stream.transit = transit;
}

StreamView StreamStatistics::view(const Stream& stream, Instant now) {
  const bool over = stream.ended || stream.replaced;
  const Duration silence = over ? Duration{0} : std::max(Duration{0}, now - stream.last);
  StreamView view{.sender = stream.sender,
                  .sender_port = stream.sender_port,
                  .stream = stream.id,
                  .counts = stream.counts,
                  .first = stream.first,
                  .last = stream.last,
                  .interval = stream.interval,
                  .longest_gap = std::max(stream.longest_gap, silence),
                  .jitter = Duration{static_cast<Duration::rep>(stream.jitter)},
                  .ended = stream.ended,
                  .replaced = stream.replaced,
                  .silence = silence};
  view.counts.received = stream.numbers.received();
  view.counts.lost = stream.numbers.lost();
  return view;
}

StreamGroupView StreamStatistics::view(Instant now) const {
  StreamGroupView group{.counts = retired_,
                        .longest_gap = longest_gap_,
                        .restarts = retired_streams_,
                        .unlisted = unlisted_};
  group.counts.datagrams += unlisted_;
  group.counts.octets += unlisted_octets_;
  bool over = unlisted_ == 0;
  for (const Stream& stream : streams_) {
    group.streams.push_back(view(stream, now));
    const StreamView& last = group.streams.back();
    group.counts += last.counts;
    group.jitter = std::max(group.jitter, last.jitter);
    if (last.replaced) ++group.restarts;
    over = over && (last.ended || last.replaced);
  }
  if (first_) group.first_in = *first_ - begin_;
  if (first_ && !over) group.silence = std::max(Duration{0}, now - last_);
  group.longest_gap = std::max(group.longest_gap, group.silence);
  return group;
}

}  // namespace querent::probe
