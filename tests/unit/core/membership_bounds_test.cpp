#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "core/membership.hpp"
#include "lan.hpp"

// docs/design/protocol.md 4.7: past a bound the newcomer is refused and counted, what is
// known stays.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

Settings bounded(const Bounds& bounds) {
  Settings settings = unjittered(Version::k3);
  settings.bounds = bounds;
  return settings;
}

Addresses first_hosts(unsigned count, unsigned from = 1) {
  Addresses all;
  for (unsigned i = 0; i < count; ++i)
    all.push_back(host(from + i));
  return all;
}

TEST(Bounds, AreTheDocumentedOnes) {
  const querent::core::Bounds bounds;
  EXPECT_EQ(bounds.groups, 65536U);
  EXPECT_EQ(bounds.sources, 262144U);
  EXPECT_EQ(bounds.hosts, 262144U);
  EXPECT_EQ(bounds.sources_per_group, 1024U);
  EXPECT_EQ(bounds.hosts_per_group, 4096U);
}

TEST(Bounds, OfGroupsRefuseNewOnesAndRenewKnownOnes) {
  Lan lan(bounded({.groups = 3}));
  lan.up();
  for (unsigned number = 1; number <= 5; ++number)
    lan.join(5, group(number));
  EXPECT_EQ(lan.view().groups, 3U);
  EXPECT_EQ(lan.view().ledger.refused_groups, 2U);
  lan.advance(100s);
  lan.join(5, group(1));
  EXPECT_EQ(lan.view().ledger.refused_groups, 2U);
  lan.advance(40s);  // 2 and 3 are gone
  EXPECT_EQ(lan.view().groups, 1U);
  lan.join(5, group(4));
  EXPECT_TRUE(lan.knows(group(4)));
  EXPECT_EQ(lan.view().ledger.refused_groups, 2U);
}

TEST(Bounds, OfSourcesOfAGroupRefuseNewOnes) {
  Lan lan(bounded({.sources_per_group = 3}));
  lan.up();
  lan.report(5, RecordType::kIsInclude, group(1), hosts({4, 5}));
  lan.report(5, RecordType::kIsInclude, group(1), hosts({1, 2, 3, 4}));
  EXPECT_EQ(lan.find(group(1))->sources.size(), 3U);
  EXPECT_EQ(lan.find(group(1))->sources[1].address, host(4)) << "what is known stays";
  EXPECT_EQ(lan.view().ledger.refused_sources, 2U);
  EXPECT_EQ(lan.view().ledger.sources, 3U);
  lan.report(5, RecordType::kIsInclude, group(2), hosts({7, 8, 9}));
  EXPECT_EQ(lan.view().ledger.refused_sources, 2U) << "it is each group's own bound";
}

TEST(Bounds, OfSourcesHoldForBlockedOnesToo) {
  Lan lan(bounded({.sources_per_group = 3}));
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1), hosts({1, 2, 3, 4}));
  EXPECT_EQ(lan.find(group(1))->sources.size(), 3U);
  lan.report(5, RecordType::kBlock, group(1), hosts({5, 6}));
  EXPECT_EQ(lan.find(group(1))->sources.size(), 3U);
  EXPECT_EQ(lan.view().ledger.refused_sources, 3U);
  // Exchanged for others: those that go make room first.
  lan.report(5, RecordType::kIsExclude, group(1), hosts({3, 7, 8}));
  EXPECT_EQ(lan.find(group(1))->sources.size(), 3U);
  EXPECT_EQ(lan.view().ledger.refused_sources, 3U);
}

TEST(Bounds, OfSourcesOfTheSegmentAreSharedAndFreed) {
  Lan lan(bounded({.sources = 4}));
  lan.up();
  lan.report(5, RecordType::kIsInclude, group(1), hosts({1, 2, 3}));
  lan.advance(70s);
  lan.report(5, RecordType::kIsExclude, group(2), hosts({1, 2, 3}));
  EXPECT_EQ(lan.find(group(2))->sources.size(), 1U);
  EXPECT_EQ(lan.view().ledger.sources, 4U);
  EXPECT_EQ(lan.view().ledger.refused_sources, 2U);
  lan.report(5, RecordType::kIsInclude, group(3), hosts({1}));
  EXPECT_FALSE(lan.knows(group(3))) << "of which nothing could be remembered";
  EXPECT_EQ(lan.changed(HowChanged::kAdded).size(), 2U);
  EXPECT_TRUE(lan.changed(HowChanged::kRemoved).empty());
  EXPECT_EQ(lan.view().ledger.hosts, 2U);
  lan.advance(70s);
  EXPECT_EQ(lan.view().ledger.sources, 1U);
  lan.report(5, RecordType::kIsInclude, group(3), hosts({1, 2, 3}));
  EXPECT_EQ(lan.find(group(3))->sources.size(), 3U);
}

TEST(Bounds, OfHostsOfAGroupRefuseNewOnes) {
  Lan lan(bounded({.hosts_per_group = 2}));
  lan.up();
  for (const unsigned number : {7U, 6U, 5U})
    lan.report(number, RecordType::kIsExclude, group(1));
  EXPECT_EQ(lan.find(group(1))->hosts.size(), 2U);
  EXPECT_EQ(lan.view().ledger.refused_hosts, 1U);
  lan.report(7, RecordType::kIsExclude, group(1));
  EXPECT_EQ(lan.view().ledger.refused_hosts, 1U);
  EXPECT_EQ(lan.find(group(1))->last_reporter, host(7));
}

TEST(Bounds, OfHostsOfTheSegmentAreSharedAndFreed) {
  Lan lan(bounded({.hosts = 3}));
  lan.up();
  for (unsigned number = 1; number <= 4; ++number) {
    lan.report(5, RecordType::kIsExclude, group(number));
  }
  EXPECT_EQ(lan.view().ledger.hosts, 3U);
  EXPECT_EQ(lan.view().ledger.refused_hosts, 1U);
  EXPECT_TRUE(lan.find(group(4))->hosts.empty());
  lan.advance(140s);
  EXPECT_EQ(lan.view().ledger.hosts, 0U);
}

TEST(Bounds, SpoofedHostsDoNotMultiply) {
  Lan lan(bounded({.hosts = 500, .hosts_per_group = 100}));
  lan.up();
  for (unsigned number = 0; number < 20000; ++number) {
    lan.report(1000 + number, RecordType::kIsExclude, group(number % 10));
  }
  EXPECT_EQ(lan.view().ledger.hosts, 500U);
  EXPECT_EQ(lan.view().ledger.refused_hosts, 19500U);
  lan.advance(141s);
  EXPECT_EQ(lan.view().ledger.hosts, 0U);
  EXPECT_EQ(lan.view().ledger.sources, 0U);
  EXPECT_EQ(lan.view().groups, 0U);
}

TEST(Bounds, ManySourcesInOneReportAreTakenUpToTheBound) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsInclude, group(1), first_hosts(2000));
  EXPECT_EQ(lan.view().ledger.sources, 1024U);
  EXPECT_EQ(lan.view().ledger.refused_sources, 976U);
}

TEST(Bounds, TheLedgerAgreesWithTheTableUnderChurn) {
  Random random(11);
  Lan lan(bounded(
      {.groups = 20, .sources = 60, .hosts = 50, .sources_per_group = 10, .hosts_per_group = 6}));
  lan.up();
  for (int i = 0; i < 5000; ++i) {
    lan.advance(random.between(0ns, 5s));
    const auto number = static_cast<unsigned>(random.below(15));
    const auto type = static_cast<RecordType>(1 + random.below(6));
    const auto count = static_cast<unsigned>(random.below(4));
    lan.report(number, type, group(static_cast<unsigned>(random.below(30))),
               first_hosts(count, number));
    std::size_t sources = 0;
    std::size_t tracked = 0;
    for (const auto& view : lan.segment().groups(std::nullopt, 100, lan.now())) {
      EXPECT_LE(view.sources.size(), 10U);
      EXPECT_LE(view.hosts.size(), 6U);
      EXPECT_TRUE(view.mode == FilterMode::kExclude || !view.sources.empty());
      sources += view.sources.size();
      tracked += view.hosts.size();
    }
    ASSERT_EQ(lan.view().ledger.sources, sources);
    ASSERT_EQ(lan.view().ledger.hosts, tracked);
    ASSERT_LE(sources, 60U);
    ASSERT_LE(tracked, 50U);
    ASSERT_LE(lan.view().groups, 20U);
  }
}

// Each answered leave leaves behind an entry for the time when the group would have ended.
TEST(Agenda, StaysBoundedUnderChurnAndForgetsNobody) {
  core::Membership membership(family_rules(Family::kIPv4), {}, 1);
  core::Membership::Changes changes;
  Terms terms{.now = Instant{} + 1h, .version = Version::k3, .asks = true};
  const auto everybody = [&](RecordType type) {
    for (unsigned number = 0; number < 50; ++number) {
      membership.report(
          {.version = Version::k3, .records = {{.type = type, .group = group(number)}}},
          {.address = host(5), .mac = mac(5)}, terms, changes);
    }
  };
  std::size_t largest = 0;
  for (int round = 0; round < 300; ++round) {
    everybody(RecordType::kToInclude);
    everybody(RecordType::kIsExclude);
    largest = std::max(largest, membership.agenda_size());
    for (int i = 0; i < 3; ++i) {
      terms.now += 1s;
      membership.advance(terms, changes);
    }
    changes.clear();
  }
  EXPECT_GT(largest, 1000U) << "or nothing was shown";
  EXPECT_LE(largest, 4 * 50U + 1024U + 1U);
  EXPECT_EQ(membership.size(), 50U);
  terms.now += 137s - 1ns;  // 140 s after their last report
  membership.advance(terms, changes);
  EXPECT_EQ(membership.size(), 50U);
  terms.now += 1ns;
  membership.advance(terms, changes);
  EXPECT_EQ(membership.size(), 0U);
  EXPECT_EQ(membership.deadline(), kNever);
}

TEST(Bounds, AreOfMemoryToo) {
  Membership membership(family_rules(Family::kIPv4), Bounds{}, 1);
  Membership::Changes changes;
  Terms terms{.now = Instant{} + 1h, .version = Version::k3, .answered_in = Version::k3};
  const auto hear = [&](unsigned from, RecordType type, Addresses sources) {
    const Record record{.type = type, .group = group(1), .sources = std::move(sources)};
    membership.report({.version = Version::k3, .records = {record}},
                      {.address = host(from), .mac = mac(from)}, terms, changes);
  };
  hear(1, RecordType::kAllow, first_hosts(1000));
  for (unsigned from = 2; from < 1000; ++from)
    hear(from, RecordType::kAllow, {host(1)});
  hear(1, RecordType::kIsExclude, {});
  for (unsigned from = 2; from < 1000; ++from)
    hear(from, RecordType::kToInclude, {});

  const Group* left = membership.find(group(1));
  ASSERT_NE(left, nullptr);
  EXPECT_EQ(left->hosts().size(), 1U);
  EXPECT_LT(left->hosts().capacity(), 20U);
  EXPECT_EQ(left->sources().size(), 0U);
  EXPECT_LT(left->sources().capacity(), 20U);
}

TEST(Ledger, AllowsABurstOf1024QueriesAndThen256ASecond) {
  Ledger ledger;
  Instant now = Instant{} + 1h;
  const auto allowed = [&](int asked) {
    int count = 0;
    for (int i = 0; i < asked; ++i)
      count += ledger.allow_question(1, now) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(allowed(3000), 1024);
  EXPECT_EQ(ledger.refused_questions, 1976U);
  now += 1s;
  EXPECT_EQ(allowed(3000), 256);
  now += 1h;
  EXPECT_EQ(allowed(3000), 1024);
}

TEST(Ledger, ChargesAQuestionForEachOfItsQueries) {
  Ledger ledger;
  const Instant now = Instant{} + 1h;
  EXPECT_TRUE(ledger.allow_question(1024, now));
  EXPECT_FALSE(ledger.allow_question(1, now));
  EXPECT_TRUE(ledger.allow_question(1, now + 1s));
}

}  // namespace
}  // namespace querent::core::test
