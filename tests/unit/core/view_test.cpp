#include "core/view.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// What a segment shows of itself.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

TEST(View, OfAQuerier) {
  Lan lan;
  lan.up();
  lan.advance(1s);
  const auto view = lan.view();
  EXPECT_EQ(view.family, Family::kIPv4);
  EXPECT_EQ(view.role, Role::kQuerier);
  EXPECT_EQ(view.role_since, lan.now() - 1s);
  EXPECT_EQ(view.source, host(kOurs));
  EXPECT_FALSE(view.elected.has_value());
  EXPECT_FALSE(view.takeover.has_value());
  EXPECT_FALSE(view.last_competitor.has_value());
  EXPECT_EQ(view.next_query, lan.now() + 4s);
  EXPECT_EQ(view.version, Version::k2);
  EXPECT_EQ(view.values, own_values(unjittered(), Version::k2));
  EXPECT_TRUE(view.querier_present());
  EXPECT_EQ(lan.segment().deadline(), view.next_query);
}

TEST(View, OfANonQuerier) {
  Lan lan(unjittered(), Family::kIPv6);
  lan.up();
  lan.hear(1, Version::k3);
  lan.advance(1s);
  const auto view = lan.view();
  EXPECT_EQ(view.family, Family::kIPv6);
  ASSERT_TRUE(view.elected.has_value());
  EXPECT_EQ(view.elected->address, host(1, Family::kIPv6));
  EXPECT_EQ(view.elected->mac, mac(1));
  EXPECT_EQ(view.elected->version, Version::k3);
  EXPECT_EQ(view.elected->since, lan.now() - 1s);
  EXPECT_EQ(view.elected->timeout, 125s);
  EXPECT_EQ(view.takeover, lan.now() + 124s);
  EXPECT_FALSE(view.next_query.has_value());
  EXPECT_TRUE(view.querier_present());
}

TEST(View, OfADownLinkHasNoQuerier) {
  const Lan lan;
  EXPECT_EQ(lan.view().role, Role::kDown);
  EXPECT_FALSE(lan.view().querier_present());
  EXPECT_EQ(lan.view().source, std::nullopt);
}

TEST(View, OfAGroupTellsItsHistory) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1), hosts({7}));
  lan.advance(20s);
  lan.report(6, RecordType::kAllow, group(1), hosts({8}));
  lan.advance(10s);
  const auto view = lan.find(group(1));
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->group, group(1));
  EXPECT_FALSE(view->link_local);
  EXPECT_EQ(view->mode, FilterMode::kExclude);
  EXPECT_EQ(view->compatibility, Version::k3);
  EXPECT_EQ(view->known_for, 30s);
  EXPECT_EQ(view->last_report_ago, 10s);
  EXPECT_EQ(view->expires_in, 110s);
  EXPECT_EQ(view->last_reporter, host(6));
  EXPECT_EQ(view->last_reporter_mac, mac(6));
  ASSERT_EQ(view->sources.size(), 2U);
  EXPECT_EQ(view->sources[0].address, host(7));
  EXPECT_EQ(view->sources[0].expires_in, std::nullopt);
  EXPECT_EQ(view->sources[1].address, host(8));
  EXPECT_EQ(view->sources[1].expires_in, 130s);
}

TEST(Hosts, OfVersion3AreTrackedByAddressWithTheirMac) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  for (const unsigned number : {9U, 5U, 7U})
    lan.report(number, RecordType::kIsExclude, group(1));
  lan.advance(4s);
  lan.report(5, RecordType::kIsExclude, group(1));
  const auto view = lan.find(group(1));
  ASSERT_EQ(view->hosts.size(), 3U);
  EXPECT_EQ(view->hosts[0].address, host(5));
  EXPECT_EQ(view->hosts[0].mac, mac(5));
  EXPECT_EQ(view->hosts[0].last_report_ago, 0s);
  EXPECT_EQ(view->hosts[1].address, host(7));
  EXPECT_EQ(view->hosts[2].last_report_ago, 4s);
}

TEST(Hosts, OfOlderVersionsSuppressReportsSoTheyAreNotTracked) {
  Lan lan;
  lan.up();
  lan.join(5, group(1), Version::k2);
  lan.join(6, group(1), Version::k1);
  EXPECT_TRUE(lan.find(group(1))->hosts.empty());
  EXPECT_EQ(lan.find(group(1))->last_reporter, host(6));
}

TEST(Hosts, AreDroppedWhenTheySayThatTheyLeaveAndKeptWhenTheyBlock) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.report(6, RecordType::kIsExclude, group(1));
  lan.report(6, RecordType::kBlock, group(1), hosts({7}));
  EXPECT_EQ(lan.find(group(1))->hosts.size(), 2U);
  lan.report(5, RecordType::kToInclude, group(1));
  ASSERT_EQ(lan.find(group(1))->hosts.size(), 1U);
  EXPECT_EQ(lan.find(group(1))->hosts[0].address, host(6));
  EXPECT_EQ(lan.view().ledger.hosts, 1U);
  lan.report(6, RecordType::kToInclude, group(1), hosts({7}));
  EXPECT_EQ(lan.find(group(1))->hosts.size(), 1U) << "it listens to one source now";
}

TEST(Hosts, ThatFallSilentAreForgottenAfterTheMembershipInterval) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.advance(60s);
  lan.report(6, RecordType::kIsExclude, group(1));
  lan.advance(79s);
  EXPECT_EQ(lan.find(group(1))->hosts.size(), 2U);
  lan.advance(2s);
  EXPECT_EQ(lan.find(group(1))->hosts.size(), 1U);
}

TEST(Page, IsInAddressOrderBehindTheLastAndLimited) {
  Lan lan;
  lan.up();
  for (const unsigned number : {30U, 4U, 200U, 1U, 17U})
    lan.join(5, group(number));
  const auto page = [&lan](std::optional<Address> after, std::size_t limit) {
    std::vector<Address> groups;
    for (const auto& view : lan.segment().groups(after, limit, lan.now())) {
      groups.push_back(view.group);
    }
    return groups;
  };
  const std::vector<Address> all{group(1), group(4), group(17), group(30), group(200)};
  EXPECT_EQ(page(std::nullopt, 100), all);
  EXPECT_EQ(page(std::nullopt, 2), (std::vector<Address>{group(1), group(4)}));
  EXPECT_EQ(page(group(4), 2), (std::vector<Address>{group(17), group(30)}));
  EXPECT_EQ(page(group(5), 2), (std::vector<Address>{group(17), group(30)}));
  EXPECT_EQ(page(group(30), 2), (std::vector<Address>{group(200)}));
  EXPECT_TRUE(page(group(200), 2).empty());
  EXPECT_TRUE(page(std::nullopt, 0).empty());
}

TEST(Counters, OfReportsAreByVersionAndRecordType) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.join(5, group(1), Version::k1);
  lan.join(5, group(1), Version::k2);
  lan.join(5, group(1), Version::k2);
  lan.report(5, {});
  lan.report(5, {{.type = RecordType::kAllow, .group = group(1), .sources = {host(7)}},
                 {.type = RecordType::kAllow, .group = group(2), .sources = {host(7)}},
                 {.type = RecordType::kBlock, .group = group(2), .sources = {host(7)}}});
  const auto counters = lan.counters();
  const auto& received = counters.reports_received;
  EXPECT_EQ(by_version(received, Version::k1, Counters::kPlainReport), 1U);
  EXPECT_EQ(by_version(received, Version::k2, Counters::kPlainReport), 2U);
  EXPECT_EQ(by_version(received, Version::k3, Counters::kPlainReport), 1U);
  EXPECT_EQ(by_version(received, Version::k3, RecordType::kAllow), 2U);
  EXPECT_EQ(by_version(received, Version::k3, RecordType::kBlock), 1U);
}

TEST(Role, HasALabelOfItsOwn) {
  std::set<std::string_view> labels;
  for (int role = 0; role < 5; ++role)
    labels.insert(name(static_cast<core::Role>(role)));
  EXPECT_EQ(labels, (std::set<std::string_view>{"down", "no_address", "passive", "querier",
                                                "non_querier"}));
  EXPECT_EQ(name(static_cast<core::Role>(5)), "unknown");
}

TEST(Reports, OfSeveralRecordsAreTakenRecordByRecord) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, {{.type = RecordType::kToExclude, .group = group(1)},
                 {.type = RecordType::kIsInclude, .group = group(2), .sources = {host(7)}},
                 {.type = RecordType::kToInclude, .group = group(3)},
                 {.type = RecordType::kToInclude, .group = group(1)}});
  EXPECT_EQ(lan.view().groups, 2U);
  EXPECT_EQ(lan.sent_to(group(1)).size(), 1U);
  EXPECT_EQ(lan.changed(HowChanged::kAdded).size(), 2U);
}

}  // namespace
}  // namespace querent::core::test
