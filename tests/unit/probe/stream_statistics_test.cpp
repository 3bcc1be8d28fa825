#include "probe/stream_statistics.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::probe {
namespace {

using namespace std::chrono_literals;

constexpr Instant kBegin{1000s};
constexpr Duration kInterval = 100ms;
constexpr Address kSender = Address::v4(192, 0, 2, 1);

// A receiver, and senders whose network does what the test says.
class Network {
 public:
  struct Arrival {
    std::uint64_t number = 0;
    Duration at{};    // since the begin
    Duration sent{};  // on the sender's clock
    std::uint64_t stream = 1;
    Address sender = kSender;
    bool last = false;
  };

  void arrives(const Arrival& arrival) {
    const Bytes octets = encode_stream({.stream = arrival.stream,
                                        .number = arrival.number,
                                        .sent = arrival.sent,
                                        .interval = kInterval,
                                        .last = arrival.last},
                                       100);
    statistics_.take({.sender = arrival.sender,
                      .sender_port = 40000,
                      .arrived = kBegin + arrival.at,
                      .payload = octets,
                      .octets = octets.size()});
  }
  // In a steady rhythm.
  void arrive(const std::vector<std::uint64_t>& numbers, std::uint64_t stream = 1) {
    for (const std::uint64_t number : numbers) {
      arrives({.number = number, .at = at_, .sent = at_, .stream = stream});
      at_ += kInterval;
    }
  }
  void foreign(Duration at, std::size_t octets, std::uint16_t port = 7) {
    const Bytes rtp{0x80, 0x60, 0x00, 0x01};
    statistics_.take({.sender = kSender,
                      .sender_port = port,
                      .arrived = kBegin + at,
                      .payload = rtp,
                      .octets = octets});
  }

  StreamGroupView view(Duration at) const { return statistics_.view(kBegin + at); }
  StreamCounts counts() const { return view(at_).counts; }

 private:
  StreamStatistics statistics_{kBegin};
  Duration at_{};
};

TEST(StreamStatistics, NothingCame) {
  const StreamGroupView view = Network().view(10s);
  EXPECT_EQ(view.counts, StreamCounts{});
  EXPECT_TRUE(view.streams.empty());
  EXPECT_FALSE(view.first_in);
  EXPECT_EQ(view.longest_gap, 0s);
}

TEST(StreamStatistics, CountsWhatCame) {
  Network network;
  network.arrive({5, 6, 7});
  EXPECT_EQ(network.counts(), (StreamCounts{.datagrams = 3, .octets = 300, .received = 3}));
}

TEST(StreamStatistics, HolesAreLost) {
  Network network;
  network.arrive({0, 1, 4, 5, 9});
  EXPECT_EQ(network.counts().lost, 5U);
  EXPECT_EQ(network.counts().received, 5U);
}

// Before the first one it cannot be known whether anything was sent.
TEST(StreamStatistics, AJoinInTheMiddleIsNoLoss) {
  Network network;
  network.arrive({1'000'000, 1'000'001});
  EXPECT_EQ(network.counts().lost, 0U);
}

TEST(StreamStatistics, AHoleThatIsFilledWasReordered) {
  Network network;
  network.arrive({0, 2, 3});
  EXPECT_EQ(network.counts().lost, 1U);
  network.arrive({1});
  EXPECT_EQ(network.counts().lost, 0U);
  EXPECT_EQ(network.counts().reordered, 1U);
  EXPECT_EQ(network.counts().duplicates, 0U);
}

TEST(StreamStatistics, OneFromBeforeTheFirstMovesTheFirst) {
  Network network;
  network.arrive({5, 2});
  EXPECT_EQ(network.counts().lost, 2U);
  EXPECT_EQ(network.counts().reordered, 1U);
  network.arrive({2});
  EXPECT_EQ(network.counts().duplicates, 1U);
}

TEST(StreamStatistics, DuplicatesAreCountedEachTime) {
  Network network;
  network.arrive({0, 0, 1, 0, 1, 1});
  EXPECT_EQ(network.counts(),
            (StreamCounts{.datagrams = 6, .octets = 600, .received = 2, .duplicates = 4}));
}

TEST(StreamStatistics, TheWindowHasAnEdge) {
  const std::uint64_t size = NumberWindow::kSize;
  Network network;
  network.arrive({1000, 1000 + size});
  // As far back as can be told, then one further.
  network.arrive({1001});
  EXPECT_EQ(network.counts().reordered, 1U);
  network.arrive({1001});
  EXPECT_EQ(network.counts().duplicates, 1U);
  network.arrive({1000});
  EXPECT_EQ(network.counts().stray, 1U);
  EXPECT_EQ(network.counts().received, 3U);
  EXPECT_EQ(network.counts().lost, size - 2);
}

TEST(StreamStatistics, AJumpOfMoreThanTheWindowForgetsAllOfIt) {
  const std::uint64_t size = NumberWindow::kSize;
  Network network;
  network.arrive({0, 1, 2, 2 + 3 * size});
  EXPECT_EQ(network.counts().lost, 3 * size - 1);
  // Where 0, 1 and 2 stood.
  network.arrive({2 * size + 3, 3 * size, 3 * size + 1});
  EXPECT_EQ(network.counts().reordered, 3U);
  EXPECT_EQ(network.counts().duplicates, 0U);
}

TEST(StreamStatistics, NumbersWrap) {
  const std::uint64_t highest = ~std::uint64_t{0};
  Network network;
  network.arrive({highest - 1, highest, 1, 0, 0, highest});
  EXPECT_EQ(network.counts(),
            (StreamCounts{
                .datagrams = 6, .octets = 600, .received = 4, .duplicates = 2, .reordered = 1}));
}

TEST(StreamStatistics, AnAbsurdJumpIsNotALossOfSoMany) {
  Network network;
  network.arrive({0, 1});
  network.arrive({2 + NumberWindow::kFurthest, std::uint64_t{1} << 63U, ~std::uint64_t{0} - 5000});
  network.arrive({2});
  EXPECT_EQ(network.counts().stray, 3U);
  EXPECT_EQ(network.counts().lost, 0U);
  network.arrive({2 + NumberWindow::kFurthest});
  EXPECT_EQ(network.counts().lost, NumberWindow::kFurthest - 1);
}

// Any order and any repetition of a part of a sequence, within the window.
RC_GTEST_PROP(StreamStatistics, CountsAreExactInAnyOrder, (std::uint64_t first)) {
  const auto offsets = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint64_t>>(
      rc::gen::inRange(std::uint64_t{0}, NumberWindow::kSize)));
  Network network;
  std::set<std::uint64_t> seen;
  StreamCounts expected;
  for (const std::uint64_t offset : offsets) {
    network.arrive({first + offset});
    if (!seen.empty() && !seen.contains(offset) && offset < *seen.rbegin()) ++expected.reordered;
    expected.duplicates += seen.contains(offset) ? 1U : 0U;
    seen.insert(offset);
  }
  expected.datagrams = offsets.size();
  expected.octets = 100 * offsets.size();
  expected.received = seen.size();
  expected.lost = *seen.rbegin() - *seen.begin() + 1 - seen.size();
  RC_ASSERT(network.counts() == expected);
}

// A long stream, shuffled within less than the window, loses nothing but what is left out.
RC_GTEST_PROP(StreamStatistics, ALongStreamIsCountedExactly, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(5000, 7000);
  const auto stride = *rc::gen::inRange<std::size_t>(1, 2000);
  const auto every = *rc::gen::inRange<std::uint64_t>(2, 500);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < length; ++i) {
    if (i % every != 1 || i + 1 == length) numbers.push_back(i);
  }
  const std::size_t received = numbers.size();
  for (auto at = numbers.begin(); at != numbers.end();) {
    const auto end = at + std::min(static_cast<std::ptrdiff_t>(stride), numbers.end() - at);
    std::reverse(at, end);
    at = end;
  }
  Network network;
  network.arrive(numbers);
  RC_ASSERT(network.counts().received == received);
  RC_ASSERT(network.counts().lost == length - received);
  RC_ASSERT(network.counts().stray == 0U);
}

TEST(StreamStatistics, TheLongestGapIsBetweenTwoArrivals) {
  Network network;
  network.arrives({.number = 0, .at = 1s});
  network.arrives({.number = 1, .at = 1100ms});
  network.arrives({.number = 2, .at = 4s});
  network.arrives({.number = 3, .at = 4100ms});
  const StreamGroupView view = network.view(4200ms);
  EXPECT_EQ(view.longest_gap, 2900ms);
  EXPECT_EQ(view.streams.at(0).longest_gap, 2900ms);
  EXPECT_EQ(view.first_in, 1s);
  EXPECT_EQ(view.silence, 100ms);
}

TEST(StreamStatistics, SilenceAtTheEndIsAGap) {
  Network network;
  network.arrive({0, 1, 2});
  EXPECT_EQ(network.view(5200ms).longest_gap, 5s);
  EXPECT_EQ(network.view(5200ms).streams.at(0).silence, 5s);
}

TEST(StreamStatistics, UnlessItsSenderSaidThatItEnds) {
  Network network;
  network.arrive({0, 1});
  network.arrives({.number = 3, .at = 300ms, .last = true});
  network.arrives({.number = 2, .at = 310ms});
  EXPECT_TRUE(network.view(10s).streams.at(0).ended);
  EXPECT_EQ(network.view(10s).longest_gap, 200ms);
  EXPECT_EQ(network.view(10s).silence, 0s);
  EXPECT_EQ(network.view(10s).streams.at(0).silence, 0s);
}

TEST(StreamStatistics, ARestartOfTheSenderIsNoLoss) {
  Network network;
  network.arrive({100, 101, 102}, 1);
  network.arrive({0, 1}, 2);
  const StreamGroupView view = network.view(500ms);
  EXPECT_EQ(view.counts.lost, 0U);
  EXPECT_EQ(view.counts.received, 5U);
  EXPECT_EQ(view.restarts, 1U);
  ASSERT_EQ(view.streams.size(), 2U);
  EXPECT_TRUE(view.streams[0].replaced);
  EXPECT_FALSE(view.streams[1].replaced);
}

TEST(StreamStatistics, AfterARestartTheOldStreamIsNotMissed) {
  Network network;
  network.arrive({0, 1}, 1);
  network.arrives({.number = 0, .at = 3s, .stream = 2, .last = true});
  EXPECT_EQ(network.view(10s).longest_gap, 2900ms);
  EXPECT_EQ(network.view(10s).streams.at(0).longest_gap, 100ms);
  EXPECT_EQ(network.view(10s).silence, 0s);
}

TEST(StreamStatistics, TwoSendersOnOneHostAreNoRestarts) {
  Network network;
  network.arrive({0, 1}, 1);
  network.arrive({0}, 2);
  network.arrive({2}, 1);
  network.arrive({1}, 2);
  EXPECT_EQ(network.view(1s).restarts, 0U);
  EXPECT_EQ(network.counts().lost, 0U);
}

// The group hears something all the time; its sender does not send all the time.
TEST(StreamStatistics, EachSenderHasItsOwnGap) {
  Network network;
  const Address other = Address::v4(192, 0, 2, 2);
  network.arrives({.number = 0, .at = 0s});
  for (std::uint64_t i = 0; i <= 20; ++i) {
    network.arrives({.number = i, .at = i * 100ms, .stream = 9, .sender = other});
  }
  const StreamGroupView view = network.view(2s);
  EXPECT_EQ(view.longest_gap, 100ms);
  ASSERT_EQ(view.streams.size(), 2U);
  EXPECT_EQ(view.streams[0].silence, 2s);
  EXPECT_EQ(view.streams[0].longest_gap, 2s);
  EXPECT_EQ(view.streams[1].longest_gap, 100ms);
}

TEST(StreamStatistics, ForeignDatagramsAreCountedAndTimed) {
  Network network;
  network.foreign(0s, 1452);
  network.foreign(20ms, 1452);
  network.foreign(520ms, 12);
  network.foreign(520ms, 1, 8);
  const StreamGroupView view = network.view(600ms);
  EXPECT_EQ(view.counts, (StreamCounts{.datagrams = 4, .octets = 2917}));
  EXPECT_EQ(view.longest_gap, 500ms);
  ASSERT_EQ(view.streams.size(), 2U);
  EXPECT_FALSE(view.streams[0].stream);
  EXPECT_EQ(view.streams[0].counts.datagrams, 3U);
  EXPECT_EQ(view.streams[1].sender_port, 8);
}

// Nobody can say that a foreign stream has ended.
TEST(StreamStatistics, AForeignStreamNeverEnds) {
  Network network;
  network.arrives({.number = 0, .at = 0s, .last = true});
  EXPECT_EQ(network.view(5s).silence, 0s);
  network.foreign(1s, 12);
  EXPECT_EQ(network.view(5s).silence, 4s);
}

// RFC 3550, section 6.4.1: J += (|D| - J) / 16.
TEST(StreamStatistics, JitterIsSmoothedAsInRtp) {
  Network network;
  network.arrives({.number = 0, .at = 0s, .sent = 70s});
  network.arrives({.number = 1, .at = 116ms, .sent = 70s + 100ms});  // D = 16 ms: J = 1 ms
  EXPECT_EQ(network.view(1s).jitter, 1ms);
  network.arrives({.number = 2, .at = 200ms, .sent = 70s + 200ms});  // D = -16 ms: J = 31/16 ms
  EXPECT_EQ(network.view(1s).jitter, 1937500ns);
  network.arrives({.number = 3, .at = 300ms, .sent = 70s + 300ms});  // D = 0: J = 465/256 ms
  EXPECT_EQ(network.view(1s).jitter, 1816406ns);
}

TEST(StreamStatistics, ASteadyStreamDoesNotJitter) {
  Network network;
  network.arrive({0, 1, 2, 4, 5});
  EXPECT_EQ(network.view(1s).jitter, 0s);
}

TEST(StreamStatistics, ForgedTimesDoNoHarm) {
  Network network;
  for (std::uint64_t i = 0; i < 100; ++i) {
    network.arrives({.number = i,
                     .at = 1s,
                     .sent = i % 2 == 0 ? Duration::max() : Duration::min() + Duration{7}});
  }
  EXPECT_LE(network.view(2s).jitter, 24h);
}

TEST(StreamStatistics, ArrivalsNeverGoBackInTime) {
  Network network;
  network.arrives({.number = 0, .at = 1s});
  network.arrives({.number = 1, .at = 500ms});
  network.arrives({.number = 2, .at = 1100ms});
  EXPECT_EQ(network.view(1100ms).longest_gap, 100ms);
  EXPECT_EQ(network.view(0s).silence, 0s);
}

TEST(StreamStatistics, ManySendersAreCountedNotListed) {
  Network network;
  for (std::uint32_t i = 0; i < 100; ++i) {
    network.arrives({.number = i, .at = 1s, .stream = i, .sender = Address::v4(0x0A000000U + i)});
  }
  const StreamGroupView view = network.view(1s);
  EXPECT_EQ(view.streams.size(), StreamStatistics::kMostStreams);
  EXPECT_EQ(view.unlisted, 100 - StreamStatistics::kMostStreams);
  EXPECT_EQ(view.counts.datagrams, 100U);
  EXPECT_EQ(view.counts.octets, 10'000U);
}

TEST(StreamStatistics, AThousandRestartsAreAllCounted) {
  Network network;
  for (std::uint64_t i = 0; i < 1000; ++i)
    network.arrive({0, 1, 3}, i);
  const StreamGroupView view = network.view(1h);
  EXPECT_EQ(view.streams.size(), StreamStatistics::kMostStreams);
  EXPECT_EQ(view.unlisted, 0U);
  EXPECT_EQ(view.restarts, 999U);
  EXPECT_EQ(view.counts.received, 3000U);
  EXPECT_EQ(view.counts.lost, 1000U);
}

}  // namespace
}  // namespace querent::probe
