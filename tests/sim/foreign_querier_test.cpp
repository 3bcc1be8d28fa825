#include "sim/foreign_querier.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

class AForeignQuerier : public testing::Test {
 protected:
  explicit AForeignQuerier(const ForeignQuerier::Habits& habits = habits_of(20))
      : querier_(habits, Random(1), kStart) {}

  static ForeignQuerier::Habits habits_of(unsigned number) {
    return {.address = machine(number), .mac = mac(number), .version = Version::k2};
  }

  ForeignQuerier querier_;
  Alone lan_{querier_};
};

TEST_F(AForeignQuerier, AsksAtOnceAndThenAtItsInterval) {
  lan_.advance(250s);
  std::vector<Duration> times;
  for (const auto& said : lan_.said())
    times.push_back(said.at);
  EXPECT_EQ(times, (std::vector<Duration>{0s, 125s, 250s}));
  EXPECT_THAT(lan_.messages<Query>(), Each(query(Version::k2)));
  const auto& frame = *lan_.said().front().frame;
  EXPECT_EQ(frame.from, mac(20));
  EXPECT_EQ(frame.message->source, machine(20));
  EXPECT_TRUE(frame.message->router_alert);
}

TEST_F(AForeignQuerier, Version3AnnouncesItsValues) {
  auto habits = habits_of(20);
  habits.version = Version::k3;
  habits.interval = 60s;
  habits.router_alert = false;
  ForeignQuerier querier(habits, Random(1), kStart);
  Alone lan(querier);
  lan.advance(1s);
  EXPECT_THAT(lan.messages<Query>(), Each(query(Version::k3)));
  EXPECT_FALSE(lan.said().front().frame->message->router_alert);
}

TEST_F(AForeignQuerier, SwingsAroundItsInterval) {
  auto habits = habits_of(20);
  habits.jitter = 0.2;
  ForeignQuerier querier(habits, Random(1), kStart);
  Alone lan(querier);
  lan.advance(125s * 200);
  Duration shortest = 1h;
  Duration longest{0};
  for (std::size_t i = 1; i < lan.said().size(); ++i) {
    const Duration gap = lan.said()[i].at - lan.said()[i - 1].at;
    shortest = std::min(shortest, gap);
    longest = std::max(longest, gap);
  }
  EXPECT_GE(shortest, 100s);
  EXPECT_LT(shortest, 105s);
  EXPECT_LE(longest, 150s);
  EXPECT_GT(longest, 145s);
}

TEST_F(AForeignQuerier, DefersToALowerOneFor255Seconds) {
  lan_.advance(1s);
  lan_.forget();
  lan_.hear(query_frame(10, Version::k2));
  EXPECT_FALSE(querier_.is_asking(lan_.now()));
  lan_.advance(255s - 1ns);
  EXPECT_THAT(lan_.said(), IsEmpty());
  lan_.advance(1ns);
  EXPECT_TRUE(querier_.is_asking(lan_.now()));
  EXPECT_THAT(lan_.said(), SizeIs(1));
}

TEST_F(AForeignQuerier, IsNotMovedByHigherProxyGroupOrForgedQueries) {
  lan_.advance(1s);
  lan_.hear(query_frame(30, Version::k2));
  lan_.hear(proxy_query_frame(Version::k2));
  lan_.hear(on_cable(10, query(Version::k2, group(1))));
  Frame forged = *query_frame(10, Version::k2);
  forged.forged = true;
  lan_.hear(std::make_shared<const Frame>(forged));
  EXPECT_TRUE(querier_.is_asking(lan_.now()));
  EXPECT_EQ(querier_.deadline(), kStart + 125s);
}

TEST_F(AForeignQuerier, MayGoOnAskingWhoeverElseDoes) {
  auto habits = habits_of(20);
  habits.defers = false;
  ForeignQuerier querier(habits, Random(1), kStart);
  Alone lan(querier);
  lan.hear(query_frame(10, Version::k2));
  lan.advance(125s);
  EXPECT_THAT(lan.said(), SizeIs(2));
}

}  // namespace
}  // namespace querent::sim::test
