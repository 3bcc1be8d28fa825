#include "cli/stream_report.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

probe::StreamView steady() {
  return {.sender = Address::v4(192, 0, 2, 1),
          .sender_port = 40000,
          .stream = 0xABC,
          .counts = {.datagrams = 100, .octets = 20000, .received = 100},
          .interval = 100ms,
          .longest_gap = 101ms,
          .jitter = 21us};
}

probe::StreamView foreign() {
  return {.sender = Address::v4(192, 0, 2, 9),
          .sender_port = 7,
          .counts = {.datagrams = 50, .octets = 600},
          .longest_gap = 1500ms};
}

GroupResult heard(const std::vector<probe::StreamView>& streams) {
  GroupResult group{.channel = {.group = Address::v4(239, 1, 2, 3), .port = 5004}};
  group.view.streams = streams;
  group.view.first_in = 50ms;
  for (const probe::StreamView& stream : streams) {
    group.view.counts += stream.counts;
    group.view.longest_gap = std::max(group.view.longest_gap, stream.longest_gap);
  }
  return group;
}

GroupResult unheard() {
  return {.channel = {.group = Address::v4(239, 1, 2, 4), .port = 5006}};
}

JoinResult result(std::vector<GroupResult> groups) {
  return {.interface = "eth0", .took = 10s, .groups = std::move(groups)};
}

std::vector<std::string> reasons(const GroupResult& group, const Expectations& expectations) {
  std::vector<std::string> all;
  for (const Shortcoming& one : shortcomings(result({group}), expectations)) {
    EXPECT_EQ(one.what, probe::to_string(group.channel));
    EXPECT_FALSE(one.attempt.empty());
    all.push_back(one.why);
  }
  return all;
}

constexpr Expectations kNoLoss{.no_loss = true};

TEST(Shortcomings, NothingIsExpectedUnlessSaid) {
  EXPECT_THAT(reasons(unheard(), {}), IsEmpty());
}

TEST(Shortcomings, ASteadyStreamHasNone) {
  EXPECT_THAT(
      reasons(heard({steady()}), {.no_loss = true, .max_gap = 200ms, .start_within = 100ms}),
      IsEmpty());
}

TEST(Shortcomings, Loss) {
  probe::StreamView stream = steady();
  stream.counts.lost = 3;
  EXPECT_THAT(reasons(heard({stream}), kNoLoss),
              testing::ElementsAre("3 of 103 datagrams were lost"));
  EXPECT_THAT(reasons(heard({stream}), {.max_gap = 1s}), IsEmpty());
}

TEST(Shortcomings, LossThatThisHostMadeItselfIsSaid) {
  probe::StreamView stream = steady();
  stream.counts.lost = 3;
  GroupResult group = heard({stream});
  group.kernel_drops = 3;
  EXPECT_THAT(shortcomings(result({group}), kNoLoss).at(0).attempt,
              HasSubstr("this host itself dropped 3"));
}

TEST(Shortcomings, DuplicatesAndReorderingAreNoLoss) {
  probe::StreamView stream = steady();
  stream.counts.duplicates = stream.counts.reordered = 7;
  EXPECT_THAT(reasons(heard({stream}), kNoLoss), IsEmpty());
}

TEST(Shortcomings, AStreamThatNeverCame) {
  EXPECT_THAT(reasons(unheard(), kNoLoss), testing::ElementsAre("no datagram arrived"));
  EXPECT_THAT(reasons(unheard(), {.max_gap = 1s}), testing::ElementsAre("no datagram arrived"));
  EXPECT_THAT(reasons(unheard(), {.no_loss = true, .max_gap = 1s, .start_within = 2s}),
              testing::ElementsAre("no datagram arrived within 2s"));
}

TEST(Shortcomings, NobodyWaitsLongerThanItTook) {
  EXPECT_THAT(reasons(unheard(), {.start_within = 60s}),
              testing::ElementsAre("no datagram arrived within 10s"));
}

TEST(Shortcomings, AStreamThatCameTooLate) {
  GroupResult group = heard({steady()});
  group.view.first_in = 2100ms;
  EXPECT_THAT(reasons(group, {.start_within = 2s}),
              testing::ElementsAre("no datagram arrived within 2s"));
  EXPECT_THAT(reasons(group, {.start_within = 2100ms}), IsEmpty());
}

TEST(Shortcomings, AStreamThatEndedInSilence) {
  probe::StreamView stream = steady();
  stream.silence = 1s;
  EXPECT_THAT(reasons(heard({stream}), kNoLoss), IsEmpty());
  stream.silence = 1001ms;
  EXPECT_THAT(reasons(heard({stream}), kNoLoss),
              testing::ElementsAre("192.0.2.1 was silent for the last 1s"));
}

TEST(Shortcomings, ASlowSenderMayBeSilentForThreeIntervals) {
  probe::StreamView stream = steady();
  stream.interval = 10s;
  stream.silence = 30s;
  EXPECT_THAT(reasons(heard({stream}), kNoLoss), IsEmpty());
  stream.silence += 1ns;
  EXPECT_EQ(reasons(heard({stream}), kNoLoss).size(), 1U);
}

TEST(Shortcomings, LossOfAForeignStreamCannotBeTold) {
  EXPECT_THAT(reasons(heard({foreign()}), kNoLoss),
              testing::ElementsAre(HasSubstr("not numbered")));
  EXPECT_THAT(reasons(heard({foreign(), steady()}), kNoLoss), IsEmpty());
  EXPECT_THAT(reasons(heard({foreign()}), {.max_gap = 1s}),
              testing::ElementsAre("silent for 1.5s, which is longer than 1s"));
}

TEST(Table, ALineForEachSenderAndNotesBelow) {
  probe::StreamView lossy = steady();
  lossy.counts.lost = 12;
  lossy.counts.duplicates = 3;
  lossy.counts.reordered = 4;
  lossy.silence = 5s;
  lossy.longest_gap = 5s;
  GroupResult group = heard({lossy, foreign()});
  group.view.restarts = 2;
  group.kernel_drops = 12;
  EXPECT_EQ(
      to_table(result({group, unheard()})),
      "GROUP           SENDER       RECEIVED  LOST  LONGEST GAP  DUPLICATES  REORDERED  JITTER\n"
      "239.1.2.3:5004  192.0.2.1         100    12           5s           3          4    21us\n"
      "239.1.2.3:5004  192.0.2.9:7        50     -         1.5s           -          -       -\n"
      "239.1.2.4:5006  nobody              0     -            -           -          -       -\n"
      "239.1.2.3:5004: not numbered where - stands: sent by another program than `querent send`\n"
      "239.1.2.3:5004: 192.0.2.1 was silent for the last 5s\n"
      "239.1.2.3:5004: 2 restarts of a sender\n"
      "239.1.2.3:5004: 12 datagrams dropped by this host, which was too slow\n");
}

TEST(Json, OneObjectOnOneLine) {
  probe::StreamView lossy = steady();
  lossy.counts.lost = 12;
  const JoinResult all = result({heard({lossy, foreign()}), unheard()});
  const std::string text = to_json(all, shortcomings(all, kNoLoss));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["interface"], "eth0");
  EXPECT_EQ(json["duration_seconds"], 10.0);
  EXPECT_EQ(json["ok"], false);
  ASSERT_EQ(json["failures"].size(), 2U);
  EXPECT_EQ(json["failures"][0]["group"], "239.1.2.3:5004");
  EXPECT_EQ(json["failures"][0]["reason"], "12 of 112 datagrams were lost");
  const auto& group = json["groups"][0];
  EXPECT_EQ(group["group"], "239.1.2.3");
  EXPECT_EQ(group["port"], 5004);
  EXPECT_TRUE(group["source"].is_null());
  EXPECT_EQ(group["datagrams"], 150);
  EXPECT_EQ(group["received"], 100);
  EXPECT_EQ(group["lost"], 12);
  EXPECT_EQ(group["longest_gap_seconds"], 1.5);
  EXPECT_EQ(group["senders"][0]["stream"], "0000000000000abc");
  EXPECT_TRUE(group["senders"][1]["stream"].is_null());
  EXPECT_TRUE(json["groups"][1]["first_after_seconds"].is_null());
  EXPECT_TRUE(json["groups"][1]["senders"].empty());
}

TEST(LiveLine, SaysHowItGoes) {
  EXPECT_EQ(to_live_line(result({heard({steady()})})),
            "239.1.2.3:5004 10s: 100 received, 0 lost, longest gap 101ms");
  EXPECT_EQ(to_live_line(result({unheard()})),
            "239.1.2.4:5006 10s: 0 received, 0 lost, longest gap 0s, nothing yet");
  GroupResult silent = heard({steady()});
  silent.view.silence = silent.view.longest_gap = 4s;
  EXPECT_EQ(to_live_line(result({silent, unheard()})),
            "2 groups 10s: 100 received, 0 lost, longest gap 4s, nothing yet to 1, silent "
            "for 4s");
}

}  // namespace
}  // namespace querent::cli
