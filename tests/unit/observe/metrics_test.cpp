#include "observe/metrics.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../folders.hpp"
#include "exposition.hpp"
#include "sample.hpp"

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ProcessFacts kProcess{.cpu_seconds = 12.5,
                            .resident = 5'000'000,
                            .virtual_memory = 50'000'000,
                            .open_fds = 20,
                            .max_fds = 1024,
                            .threads = 70};

Exposition metrics_of(const Status& status) {
  auto read = Exposition::parse(metrics_text(status, {}, kProcess));
  EXPECT_THAT(read.wrong, IsEmpty());
  return read;
}

Exposition metrics_of(SegmentStatus segment) {
  return metrics_of(status_of({interface_up("eth0", {std::move(segment)})}));
}

core::GroupSummary summary(Address group, std::size_t members = 1) {
  return {.group = group, .first_seen = kNow, .members = members};
}

// Everything that there can be, in one segment of each family.
Status busy_status() {
  auto ours = querier();
  auto& view = ours.view;
  view.version = Version::k3;
  view.version_mismatch = true;
  view.groups = 3;
  auto& counters = view.counters;
  counters.queries_sent = {{{1, 0, 0}, {2, 3, 0}, {4, 5, 6}}};
  counters.queries_received = {{{7, 0, 0}, {8, 9, 0}, {10, 11, 12}}};
  counters.queries_rejected[static_cast<std::size_t>(core::Rejection::kSourceOffSubnet)] = 13;
  counters.reports_rejected[static_cast<std::size_t>(core::Rejection::kHopLimit)] = 14;
  counters.reports_received = {{{15}, {16}, {17, 18, 19, 20, 21, 22, 23}}};
  counters.leaves_received = 24;
  counters.proxy_queries = 25;
  counters.elections_won = 26;
  counters.elections_lost = 27;
  counters.competitor_queries = {{address("192.168.1.9"), 28}};
  counters.competitors_other = 29;
  counters.address_changes = 30;
  counters.address_conflicts = 31;
  counters.loops = 32;
  counters.ssm_violations = 33;
  counters.without_router_alert = 50;
  counters.version_mismatches = 51;
  counters.sleeps = 52;
  counters.untracked_records = 53;
  counters.skipped_records = 54;
  view.ledger.refused_questions = 55;
  view.ledger.refused_groups = 34;
  view.ledger.refused_sources = 35;
  view.ledger.refused_hosts = 36;
  auto& record = ours.record;
  record.malformed = {{"message_checksum", 37}};
  record.send_errors = {{"ENETUNREACH", 38}};
  record.socket_recoveries = 39;
  record.frames_dropped = 40;
  record.link_changes = 41;
  record.query_lateness.observe(50us);
  record.query_lateness.observe(2ms);
  record.query_lateness.observe(20s);
  record.report_delay.observe(300ms);
  record.last_seen.loop = kNow;
  ours.oldest_groups = {summary(address("224.0.0.251"), 5), summary(address("239.1.2.3"))};
  auto theirs = non_querier(Family::kIPv6);
  auto status = status_of({interface_up("eth0", {ours, theirs})});
  status.reloads_done = 42;
  status.reloads_failed = 43;
  status.log_dropped = 44;
  return status;
}

std::string golden() {
  std::ifstream file(querent::test::golden_folder() + "/metrics.txt");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What is here, dashboards and rules rely on. Look at a change well; then take the new text over.
TEST(Metrics, AreWhatTheyAlwaysWere) {
  const HttpCounts http{.requests = {{{"/metrics", 200}, 45}, {{"other", 404}, 46}}};
  const std::string text = metrics_text(busy_status(), http, kProcess);
  EXPECT_THAT(Exposition::parse(text).wrong, IsEmpty());
  std::istringstream is(text);
  std::istringstream should(golden());
  std::string line;
  std::string wanted;
  for (int number = 1; std::getline(is, line) || !line.empty(); ++number) {
    wanted.clear();
    std::getline(should, wanted);
    ASSERT_EQ(line, wanted) << "line " << number << "; all of it:\n" << text;
    line.clear();
  }
  EXPECT_FALSE(std::getline(should, wanted)) << wanted << " is missing";
}

TEST(Metrics, OfNoInterfaceAreThoseOfTheProcess) {
  const auto metrics = metrics_of(status_of({}));
  EXPECT_EQ(metrics.value("querent_build_info", {{"version", "1.2.3"}, {"commit", "348a48110000"}}),
            1);
  EXPECT_EQ(metrics.value("querent_config_reloads_total", {{"result", "ok"}}), 0);
  EXPECT_EQ(metrics.value("querent_log_dropped_total", {}), 0);
  EXPECT_EQ(metrics.value("process_cpu_seconds_total", {}), 12.5);
  EXPECT_EQ(metrics.value("process_open_fds", {}), 20);
  EXPECT_THAT(metrics.of("querent_is_querier"), IsEmpty());
}

TEST(Metrics, TimesAreThoseOnTheWall) {
  const auto metrics = metrics_of(non_querier());
  const double now = std::chrono::duration<double>(wall().time_since_epoch()).count();
  EXPECT_NEAR(metrics.value("querent_start_time_seconds", {}), now - 86400, 0.01);
  EXPECT_NEAR(metrics.value("querent_last_query_timestamp_seconds", {}), now - 12, 0.01);
  EXPECT_NEAR(metrics.value("querent_elected_querier_last_heard_timestamp_seconds", {}), now - 12,
              0.01);
}

TEST(Metrics, OneStateIsOne) {
  for (const auto& [state, label, words] : kStates) {
    auto segment = querier();
    segment.record.state = state;
    const auto metrics = metrics_of(segment);
    const auto series = metrics.of("querent_link_state");
    ASSERT_EQ(series.size(), kStates.size());
    double sum = 0;
    for (const auto& sample : series)
      sum += sample.value;
    EXPECT_EQ(sum, 1);
    EXPECT_EQ(metrics.value("querent_link_state", {{"state", std::string(label)}}), 1);
    EXPECT_EQ(metrics.value("querent_is_querier", {}), is_querier(state) ? 1 : 0);
  }
}

TEST(Metrics, NameTheElectedQuerierIfThereIsOne) {
  using Labels = std::map<std::string, std::string>;
  const auto ours = metrics_of(querier()).of("querent_elected_querier_info");
  ASSERT_EQ(ours.size(), 1U);
  EXPECT_EQ(ours[0].labels, (Labels{{"interface", "eth0"},
                                    {"family", "ipv4"},
                                    {"address", "192.168.1.5"},
                                    {"mac", ""},
                                    {"version", "2"}}));
  const auto theirs = metrics_of(non_querier(Family::kIPv6)).of("querent_elected_querier_info");
  ASSERT_EQ(theirs.size(), 1U);
  EXPECT_EQ(theirs[0].labels, (Labels{{"interface", "eth0"},
                                      {"family", "ipv6"},
                                      {"address", "fe80::2"},
                                      {"mac", "52:54:00:12:34:56"},
                                      {"version", "2"}}));
  EXPECT_EQ(metrics_of(non_querier()).value("querent_other_querier_timeout_seconds", {}), 125);
}

TEST(Metrics, WhatThereIsNoneOfHasNoSeries) {
  const auto metrics =
      metrics_of(status_of({interface_in(InterfaceStatus::State::kMissing, "missing")}));
  for (const char* const name :
       {"querent_elected_querier_info", "querent_elected_querier_last_heard_timestamp_seconds",
        "querent_other_querier_timeout_seconds", "querent_last_query_timestamp_seconds",
        "querent_query_send_errors_total", "querent_queries_rejected_total",
        "querent_reports_rejected_total", "querent_malformed_total",
        "querent_competitor_queries_total", "querent_group_members",
        "querent_http_requests_total"}) {
    EXPECT_THAT(metrics.of(name), IsEmpty()) << name;
    EXPECT_FALSE(metrics.types.contains(name)) << name;
  }
  EXPECT_EQ(metrics.value("querent_alarm", {{"alarm", "interface_missing"}}), 1);
  EXPECT_THAT(metrics_of(querier()).of("querent_alarm"), IsEmpty());
}

TEST(Metrics, VersionsAreThoseOfTheFamily) {
  const auto igmp = metrics_of(querier());
  EXPECT_EQ(igmp.of("querent_queries_sent_total").size(), 1U + 3U + 3U);
  EXPECT_EQ(igmp.value("querent_leaves_received_total", {{"version", "2"}}), 0);
  const auto mld = metrics_of(querier(Family::kIPv6));
  EXPECT_EQ(mld.of("querent_queries_sent_total").size(), 3U + 3U);
  EXPECT_EQ(mld.value("querent_leaves_received_total", {{"version", "1"}}), 0);
  for (const auto& sample : mld.samples) {
    const auto version = sample.labels.find("version");
    if (sample.name == "querent_build_info" || version == sample.labels.end()) continue;
    EXPECT_TRUE(version->second == "1" || version->second == "2") << sample.name;
  }
}

TEST(Metrics, BucketsAreCumulativeAndEndWithAll) {
  const auto metrics = metrics_of(busy_status());
  const auto buckets = metrics.of("querent_query_lateness_seconds_bucket");
  ASSERT_EQ(buckets.size(), 2 * (kHistogramBounds + 1));
  EXPECT_EQ(metrics.value("querent_query_lateness_seconds_bucket",
                          {{"family", "ipv4"}, {"le", "0.0001"}}),
            1);
  EXPECT_EQ(
      metrics.value("querent_query_lateness_seconds_bucket", {{"family", "ipv4"}, {"le", "10"}}),
      2);
  EXPECT_EQ(
      metrics.value("querent_query_lateness_seconds_bucket", {{"family", "ipv4"}, {"le", "+Inf"}}),
      3);
  EXPECT_EQ(metrics.value("querent_query_lateness_seconds_count", {{"family", "ipv4"}}), 3);
  EXPECT_NEAR(metrics.value("querent_query_lateness_seconds_sum", {{"family", "ipv4"}}), 20.00205,
              1e-9);
  EXPECT_EQ(metrics.types.at("querent_query_lateness_seconds"), "histogram");
}

TEST(Metrics, ListAThousandGroupsAndCountTheOthers) {
  auto segment = querier();
  segment.view.groups = 65536;
  for (std::size_t i = 0; i < kListedGroups; ++i)
    segment.oldest_groups.push_back(
        summary(Address::v4(0xEF010000U + static_cast<std::uint32_t>(i)), i));
  const auto metrics = metrics_of(segment);
  EXPECT_EQ(metrics.of("querent_group_members").size(), 1000U);
  EXPECT_EQ(metrics.value("querent_group_members", {{"group", "239.1.0.7"}}), 7);
  EXPECT_EQ(metrics.value("querent_groups_unlisted", {}), 64536);
  EXPECT_EQ(metrics.value("querent_groups", {}), 65536);
  auto none = querier();
  EXPECT_EQ(metrics_of(none).value("querent_groups_unlisted", {}), 0);
  none.oldest_groups = {summary(address("239.1.2.3"))};
  EXPECT_EQ(metrics_of(none).value("querent_groups_unlisted", {}), 0);
}

TEST(Metrics, GroupsHaveTheirNames) {
  auto segment = querier();
  segment.view.groups = 2;
  segment.oldest_groups = {summary(address("224.0.0.251")), summary(address("239.1.2.3"))};
  const auto metrics = metrics_of(segment);
  EXPECT_EQ(metrics.value("querent_group_members", {{"group", "224.0.0.251"}, {"name", "mDNS"}}),
            1);
  EXPECT_EQ(metrics.value("querent_group_members", {{"group", "239.1.2.3"}, {"name", ""}}), 1);
}

TEST(Metrics, HostileNamesStayWithinTheirQuotes) {
  for (const std::string& hostile :
       {std::string("\"} 1\nquerent_is_querier 0\n#"), std::string("back\\slash\\"),
        std::string("\r\n\t\x01\x7f"), std::string("a\\nb"), std::string("\"")}) {
    config::NameConfig config;
    config.by_address[address("239.1.2.3")] = hostile;
    auto segment = querier();
    segment.view.groups = 1;
    segment.oldest_groups = {summary(address("239.1.2.3"))};
    auto status = status_of({interface_up(hostile, {segment})});
    status.names = std::make_shared<GroupNames>(config);
    const auto metrics = metrics_of(status);
    EXPECT_EQ(metrics.value("querent_group_members", {{"name", hostile}}), 1) << hostile;
    EXPECT_EQ(metrics.value("querent_is_querier", {{"interface", hostile}}), 1) << hostile;
  }
}

// A scraper refuses all of a text that is not UTF-8.
TEST(Metrics, WhatIsNotUtf8IsReplaced) {
  const auto status = status_of({interface_up("eth\xff\xc3", {querier()})});
  EXPECT_EQ(metrics_of(status).value("querent_is_querier",
                                     {{"interface", "eth\xef\xbf\xbd\xef\xbf\xbd"}}),
            1);
}

TEST(Metrics, CompetitorsBeyondTheFirstAreOne) {
  auto segment = querier();
  for (std::uint8_t i = 0; i < 100; ++i)
    segment.view.counters.count_competitor(Address::v4(192, 168, 2, i));
  const auto metrics = metrics_of(segment);
  EXPECT_EQ(metrics.of("querent_competitor_queries_total").size(), 17U);
  EXPECT_EQ(metrics.value("querent_competitor_queries_total", {{"address", "other"}}), 84);
}

TEST(Metrics, AlarmsAreThoseOfTheStatus) {
  const auto metrics = metrics_of(busy_status());
  EXPECT_EQ(metrics.value("querent_alarm", {{"alarm", "loop"}, {"family", "ipv4"}}), 1);
  EXPECT_EQ(metrics.of("querent_alarm").size(), 2U) << "and version_mismatch";
}

TEST(Metrics, OfThisProcessAreRead) {
  const auto facts = process_facts();
  EXPECT_GT(facts.resident, 1'000'000U);
  EXPECT_GT(facts.virtual_memory, facts.resident);
  EXPECT_GE(facts.open_fds, 3U);
  EXPECT_GT(facts.max_fds, facts.open_fds);
  EXPECT_GE(facts.threads, 1U);
  EXPECT_GE(facts.cpu_seconds, 0);
}

// The checker itself must see what is wrong.
TEST(Exposition, SeesWhatIsWrong) {
  const std::string head = "# HELP a Words\n# TYPE a gauge\n";
  EXPECT_THAT(Exposition::parse(head + "a{b=\"c\"} 1\na 2\n").wrong, IsEmpty());
  EXPECT_THAT(Exposition::parse(head + "a 1\na 2\n").wrong,
              ElementsAre(HasSubstr("a series twice")));
  EXPECT_THAT(Exposition::parse(head + head + "a 1\n").wrong.size(), 3U);
  EXPECT_THAT(Exposition::parse(head + "b 1\n").wrong, ElementsAre(HasSubstr("outside")));
  EXPECT_THAT(Exposition::parse("# TYPE a gauge\na 1\n").wrong, ElementsAre("no HELP: a"));
  EXPECT_THAT(Exposition::parse(head + "a{b=\"c} 1\n").wrong, ElementsAre(HasSubstr("no sample")));
  EXPECT_THAT(Exposition::parse(head + "a{b=\"\\c\"} 1\n").wrong,
              ElementsAre(HasSubstr("no sample")));
  EXPECT_THAT(Exposition::parse(head + "a one\n").wrong, ElementsAre(HasSubstr("no sample")));
  EXPECT_THAT(Exposition::parse("# HELP a W\n# TYPE a counter\na 1\n").wrong,
              ElementsAre(HasSubstr("_total")));
  EXPECT_THAT(Exposition::parse(head + "a 1").wrong, ElementsAre(HasSubstr("no end")));
}

}  // namespace
}  // namespace querent::observe::test
