#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "lan.hpp"
#include "sim/host.hpp"
#include "sim/querier_node.hpp"
#include "sim/snooping_switch.hpp"

// What querent is for: behind a switch that forgets a receiver after 260 seconds, a stream flows
// without a gap whatever fewer than RV rounds of questions in a row are lost.

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;

// What becomes of a round: a general query and the answers to it.
enum class Fate : std::uint8_t { kHeard, kLostBeforeTheSwitch, kLostBehindTheSwitch, kAnswerLost };
using Fates = std::vector<Fate>;

// The datagrams of the stream, each made once.
const FramePtr& datagram(Family family, std::uint64_t number) {
  static std::map<Family, std::vector<FramePtr>> all;
  auto& made = all[family];
  while (made.size() <= number)
    made.push_back(data_frame(group(1, family), made.size()));
  return made[number];
}

// A querier, a receiver that has joined, a sender of one datagram a second, and the switch.
class Lan {
 public:
  // No settings: no querier.
  Lan(const std::optional<core::Settings>& settings, Fates fates, Family family = Family::kIPv4)
      : family_(family),
        fates_(std::move(fates)),
        host_({.address = machine(50, family), .mac = mac(50)}, Random(fates_.size())) {
    host_.wish(group(1, family), {.excludes = true, .sources = {}}, now_, out_);
    host_speaks();
    if (!settings) return;
    startup_queries_ = static_cast<std::size_t>(settings->startup_count);
    const QuerierNode::Identity identity{.mac = mac(10),
                                         .address = machine(10, family),
                                         .subnet = Prefix(machine(0, family), 24),
                                         .settings = *settings};
    querier_.emplace(identity, Random(1), [](const auto&, const auto&, const auto&, auto) {});
    querier_->plug_in(now_, out_);
    querier_speaks();
  }

  void play(Duration span) {
    for (const Instant end = now_ + span;;) {
      const Instant asks = querier_ ? querier_->deadline() : kNever;
      const Instant next = std::min({asks, host_.deadline(), next_datagram_});
      if (next > end) return;
      now_ = next;
      if (now_ == next_datagram_) send_datagram();
      if (now_ == host_.deadline()) {
        host_.wake(now_, out_);
        host_speaks();
      }
      if (now_ == asks) {
        querier_->wake(now_, out_);
        querier_speaks();
      }
    }
  }

  std::uint64_t sent() const { return sent_; }
  std::uint64_t arrived() const { return arrived_; }
  std::size_t rounds() const { return queries_ - startup_queries_; }
  Instant last_report() const { return last_report_; }
  Instant last_arrival() const { return host_.stream().last_at.value_or(kLongAgo); }

 private:
  static constexpr SnoopingSwitch::Port kQuerierPort = 0;
  static constexpr SnoopingSwitch::Port kHostPort = 1;
  static constexpr SnoopingSwitch::Port kSenderPort = 2;

  static bool leads_to(const std::vector<SnoopingSwitch::Port>& ports, SnoopingSwitch::Port port) {
    return std::find(ports.begin(), ports.end(), port) != ports.end();
  }

  void querier_speaks() {
    for (const auto& frame : std::exchange(out_, {})) {
      if (frame->is_general_query()) begin_round();
      if (fate_ == Fate::kLostBeforeTheSwitch) continue;
      const bool arrives = leads_to(switch_.forward(*frame, kQuerierPort, now_), kHostPort);
      if (arrives && fate_ != Fate::kLostBehindTheSwitch) host_.receive(frame, now_, out_);
    }
  }

  void begin_round() {
    ++queries_;
    const bool is_counted = queries_ > startup_queries_ && rounds() <= fates_.size();
    fate_ = is_counted ? fates_[rounds() - 1] : Fate::kHeard;
  }

  void host_speaks() {
    for (const auto& frame : std::exchange(out_, {})) {
      if (fate_ == Fate::kAnswerLost) continue;
      last_report_ = now_;
      const bool arrives = leads_to(switch_.forward(*frame, kHostPort, now_), kQuerierPort);
      if (arrives && querier_) querier_->receive(frame, now_, out_);
    }
  }

  void send_datagram() {
    const auto& frame = datagram(family_, ++sent_);
    next_datagram_ += 1s;
    if (!leads_to(switch_.forward(*frame, kSenderPort, now_), kHostPort)) return;
    ++arrived_;
    host_.receive(frame, now_, out_);
  }

  Family family_;
  Fates fates_;
  SnoopingSwitch switch_{3, true};
  Host host_;
  std::optional<QuerierNode> querier_;
  Instant now_ = kStart;
  Instant next_datagram_ = kStart + 1s;
  Instant last_report_ = kLongAgo;
  std::size_t startup_queries_ = 0;
  std::size_t queries_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t arrived_ = 0;
  Fate fate_ = Fate::kHeard;
  Node::Out out_;
};

// How often is asked, so that `robustness - 1` losses in a row leave 260 seconds intact. `deadly`
// losses in a row do not.
struct Pace {
  int robustness;
  Duration interval;
  double jitter;
  int deadly;
};

constexpr Pace kByDefault{.robustness = 2, .interval = 60s, .jitter = 0.25, .deadly = 6};
// As slow as 260 seconds and 10 seconds for the answer allow: one loss more is deadly.
constexpr Pace kSlow{.robustness = 2, .interval = 124s, .jitter = 0, .deadly = 2};
constexpr Pace kRobust{.robustness = 3, .interval = 83s, .jitter = 0, .deadly = 3};

constexpr unsigned kRounds = 12;

struct Protocol {
  Family family;
  Version version;
};

constexpr Protocol kIgmp1{Family::kIPv4, Version::k1};
constexpr Protocol kIgmp2{Family::kIPv4, Version::k2};
constexpr Protocol kIgmp3{Family::kIPv4, Version::k3};
constexpr Protocol kMld1{Family::kIPv6, Version::k2};
constexpr Protocol kMld2{Family::kIPv6, Version::k3};

class AStream : public testing::TestWithParam<std::tuple<Protocol, Pace>> {
 protected:
  static core::Settings settings() {
    const auto& [protocol, pace] = GetParam();
    core::Settings settings;
    settings.version = protocol.version;
    settings.robustness = pace.robustness;
    settings.query_interval = pace.interval;
    settings.jitter = pace.jitter;
    return settings;
  }

  static Family family() { return std::get<Protocol>(GetParam()).family; }

  // The rounds that `pattern` has a bit for are lost; where on the way is drawn.
  static Fates fates_of(unsigned pattern) {
    Random random(pattern);
    Fates fates;
    for (unsigned round = 0; round < kRounds; ++round) {
      const auto where = static_cast<Fate>(1 + random.below(3));
      fates.push_back((pattern >> round & 1U) != 0 ? where : Fate::kHeard);
    }
    return fates;
  }

  // Long enough for the last round's loss to be felt.
  static Duration whole_story() { return (kRounds + 2) * settings().query_interval + 30s; }
};

bool has_in_a_row(unsigned pattern, int losses) {
  unsigned left = pattern;
  for (int i = 1; i < losses; ++i)
    left &= left >> 1U;
  return left != 0;
}

TEST_P(AStream, HasNoGapWhateverFewerThanRobustnessRoundsInARowAreLost) {
  const auto robustness = settings().robustness;
  unsigned patterns = 0;
  for (unsigned pattern = 0; pattern < 1U << kRounds; ++pattern) {
    if (has_in_a_row(pattern, robustness)) continue;
    ++patterns;
    Lan lan(settings(), fates_of(pattern), family());
    lan.play(whole_story());
    ASSERT_GT(lan.rounds(), kRounds);
    ASSERT_EQ(lan.arrived(), lan.sent()) << "rounds lost: bits of " << pattern;
  }
  EXPECT_EQ(patterns, robustness == 2 ? 377U : 1705U);
}

// What the test above would say if the losses were too many: it can fail.
TEST_P(AStream, DiesWhenTooManyRoundsInARowAreLost) {
  const auto deadly = static_cast<std::size_t>(std::get<Pace>(GetParam()).deadly);
  for (const auto fate :
       {Fate::kLostBeforeTheSwitch, Fate::kLostBehindTheSwitch, Fate::kAnswerLost}) {
    Fates fates(kRounds, Fate::kHeard);
    std::fill_n(fates.begin() + 3, deadly, fate);
    Lan lan(settings(), fates, family());
    lan.play(whole_story());
    EXPECT_LT(lan.arrived(), lan.sent()) << static_cast<int>(fate);
    EXPECT_GT(lan.last_arrival(), kStart + whole_story() - 2s) << "the next round brings it back";
  }
}

std::string name_of(const testing::TestParamInfo<AStream::ParamType>& info) {
  const auto& [protocol, pace] = info.param;
  return "V" + std::to_string(number(protocol.version, protocol.family)) + "Robustness" +
         std::to_string(pace.robustness) + "Interval" +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(pace.interval).count());
}

INSTANTIATE_TEST_SUITE_P(Igmp, AStream,
                         testing::Combine(testing::Values(kIgmp1, kIgmp2, kIgmp3),
                                          testing::Values(kByDefault, kSlow, kRobust)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Mld, AStream,
                         testing::Combine(testing::Values(kMld1, kMld2), testing::Values(kSlow)),
                         name_of);

TEST(AStreamWithoutAQuerier, Dies260SecondsAfterTheLastReport) {
  Lan lan(std::nullopt, {});
  lan.play(20min);
  EXPECT_LT(lan.last_report(), kStart + 10s);
  EXPECT_LT(lan.last_arrival(), lan.last_report() + SnoopingSwitch::kMembershipExpiry);
  EXPECT_GE(lan.last_arrival(), lan.last_report() + SnoopingSwitch::kMembershipExpiry - 1s);
  EXPECT_EQ(lan.sent(), 1200U);
  EXPECT_LT(lan.arrived(), 272U);
}

}  // namespace
}  // namespace querent::sim::test
