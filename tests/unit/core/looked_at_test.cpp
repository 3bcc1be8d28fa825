#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "core/membership.hpp"
#include "lan.hpp"

// What is kept for those who look, and for nothing else: the oldest groups, whether the startup
// queries are sent, since when a competitor asks.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

Addresses oldest(Lan& lan, std::size_t limit) {
  Addresses groups;
  for (const auto& summary : lan.segment().oldest_groups(limit))
    groups.push_back(summary.group);
  std::sort(groups.begin(), groups.end());
  return groups;
}

TEST(OldestGroups, AreAllOfThemWhereThereAreFew) {
  Lan lan;
  lan.up();
  EXPECT_TRUE(oldest(lan, 10).empty());
  lan.join(5, group(2));
  lan.join(5, group(1));
  EXPECT_EQ(oldest(lan, 10), (Addresses{group(1), group(2)}));
  EXPECT_EQ(oldest(lan, 2), (Addresses{group(1), group(2)}));
  EXPECT_TRUE(oldest(lan, 0).empty());
}

TEST(OldestGroups, AreThoseThatWereSeenFirstWhateverTheirAddress) {
  Lan lan;
  lan.up();
  for (const unsigned number : {7U, 3U, 9U, 1U, 5U}) {
    lan.join(5, group(number));
    lan.advance(1s);
  }
  EXPECT_EQ(oldest(lan, 3), (Addresses{group(3), group(7), group(9)}));
  lan.join(6, group(5));
  EXPECT_EQ(oldest(lan, 3), (Addresses{group(3), group(7), group(9)}))
      << "a report changes nothing";
}

TEST(OldestGroups, OfThoseSeenTogetherTheLowestComesFirst) {
  Lan lan;
  lan.up();
  for (const unsigned number : {7U, 3U, 9U, 1U, 5U})
    lan.join(5, group(number));
  EXPECT_EQ(oldest(lan, 2), (Addresses{group(1), group(3)}));
}

TEST(OldestGroups, MakeRoomWhenTheyEnd) {
  Lan lan;
  lan.up();
  lan.join(5, group(1));
  lan.advance(100s);
  lan.join(5, group(2));
  lan.advance(1s);
  lan.join(5, group(3));
  EXPECT_EQ(oldest(lan, 1), (Addresses{group(1)}));
  lan.advance(60s);
  EXPECT_EQ(oldest(lan, 1), (Addresses{group(2)}));
  lan.join(5, group(1));
  EXPECT_EQ(oldest(lan, 2), (Addresses{group(2), group(3)})) << "it is a new one now";
}

TEST(OldestGroups, CountMembersThatCanBeToldApart) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  const Instant first = lan.now();
  lan.join(5, group(1), Version::k2);
  lan.advance(1s);
  for (const unsigned number : {5U, 6U, 7U})
    lan.report(number, RecordType::kIsExclude, group(2));
  auto groups = lan.segment().oldest_groups(10);
  std::sort(groups.begin(), groups.end(),
            [](const auto& a, const auto& b) { return a.group < b.group; });
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].members, 1U) << "hosts of version 2 are silent for each other";
  EXPECT_EQ(groups[0].first_seen, first);
  EXPECT_EQ(groups[1].members, 3U);
  EXPECT_EQ(groups[1].first_seen, first + 1s);
}

TEST(OldestGroups, OfATableAreFoundInIt) {
  Membership membership(family_rules(Family::kIPv4), Bounds{}, 4711);
  Membership::Changes changes;
  for (unsigned number = 0; number < 200; ++number) {
    const Terms terms{.now = Instant{} + std::chrono::seconds(200 - number)};
    membership.report({.version = Version::k2,
                       .records = {{.type = RecordType::kIsExclude, .group = group(number)}}},
                      {.address = host(5), .mac = mac(5), .version = Version::k2}, terms, changes);
  }
  const auto oldest = membership.oldest(10);
  ASSERT_EQ(oldest.size(), 10U);
  for (const Group* each : oldest)
    EXPECT_GE(each->address(), group(190)) << each->address().to_string();
  EXPECT_EQ(membership.oldest(1000).size(), 200U);
}

TEST(Starting, IsAQuerierUntilItsStartupQueriesAreSent) {
  Lan lan;
  EXPECT_FALSE(lan.segment().is_starting());
  lan.up();
  EXPECT_TRUE(lan.segment().is_starting()) << "1 of 3";
  lan.advance(9999ms);
  EXPECT_TRUE(lan.segment().is_starting()) << "2 of 3";
  EXPECT_TRUE(lan.view().starting);
  lan.advance(1ms);
  EXPECT_FALSE(lan.segment().is_starting()) << "3 of 3";
  EXPECT_FALSE(lan.view().starting);
}

TEST(Starting, EndsWithTheRole) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  EXPECT_FALSE(lan.segment().is_starting());
  Lan down;
  down.up();
  down.step(LinkDown{});
  EXPECT_FALSE(down.segment().is_starting());
}

TEST(Starting, ComesAgainWithATakeover) {
  Lan lan;
  lan.up();
  lan.hear(1, Version::k2);
  lan.advance(lan.timeout());
  ASSERT_EQ(lan.role(), Role::kQuerier);
  EXPECT_TRUE(lan.segment().is_starting());
}

TEST(Starting, IsNoStateOfWhoListens) {
  Settings settings = unjittered();
  settings.passive = true;
  Lan lan(settings);
  lan.up();
  EXPECT_FALSE(lan.segment().is_starting());
}

class Competitor : public BothFamilies {
 protected:
  Competitor() : lan_(unjittered(), GetParam()) { lan_.up(); }

  // Since when, in seconds since the start.
  std::int64_t since() const {
    return ms(lan_.view().last_competitor->since - (lan_.now() - lan_.time())) / 1000;
  }
  std::int64_t heard() const {
    return ms(lan_.view().last_competitor->heard - (lan_.now() - lan_.time())) / 1000;
  }

  Lan lan_;
};

INSTANTIATE_TEST_SUITE_P(Of, Competitor, testing::Values(Family::kIPv4, Family::kIPv6),
                         family_name);

TEST_P(Competitor, GoesOnFromItsFirstQuery) {
  lan_.advance(10s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 10);
  EXPECT_EQ(heard(), 10);
  lan_.advance(60s);
  lan_.hear(11, Version::k2);
  lan_.advance(60s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 10);
  EXPECT_EQ(heard(), 130);
}

TEST_P(Competitor, IsTheLatestAndBeginsWithIt) {
  lan_.hear(11, Version::k2);
  lan_.advance(10s);
  lan_.hear(12, Version::k2);
  EXPECT_EQ(lan_.view().last_competitor->address, host(12));
  EXPECT_EQ(since(), 10);
  lan_.advance(10s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 20);
}

TEST_P(Competitor, BeginsAnewWithOurRole) {
  lan_.hear(11, Version::k2);
  lan_.advance(10s);
  lan_.hear(1, Version::k2);
  ASSERT_EQ(lan_.role(), Role::kNonQuerier);
  lan_.advance(10s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 20);
  lan_.advance(10s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 20);
}

// It was started twice, and asked until it heard us: that is no dispute.
TEST_P(Competitor, BeginsAnewAfterFiveMinutesOfSilence) {
  lan_.hear(11, Version::k2);
  lan_.advance(5min - 1s);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 0);
  lan_.advance(5min);
  lan_.hear(11, Version::k2);
  EXPECT_EQ(since(), 599);
}

TEST_P(Competitor, OfALinkThatWentIsForgotten) {
  lan_.hear(11, Version::k2);
  lan_.step(LinkDown{});
  lan_.up();
  EXPECT_FALSE(lan_.view().last_competitor.has_value());
}

}  // namespace
}  // namespace querent::core::test
