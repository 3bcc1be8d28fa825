#include "observe/json.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json_document.hpp"
#include "sample.hpp"

// The documents but for the status, which has a file of its own.

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

GroupRow row_of(const char* group) {
  GroupRow row{.interface = "eth0", .family = address(group).family()};
  row.view.group = address(group);
  row.view.last_reporter = row.view.group.is_v4() ? address("192.168.1.20") : address("fe80::20");
  return row;
}

GroupPage page_of(std::vector<GroupRow> rows) {
  GroupPage page;
  page.total = rows.size();
  page.rows = std::move(rows);
  page.names = std::make_shared<GroupNames>();
  return page;
}

TEST(HealthJson, HasEverySegment) {
  auto late = non_querier(Family::kIPv6);
  late.record.state = State::kFailed;
  late.record.reason = "cannot open";
  late.record.socket_recoveries = 3;
  late.view.counters.elections_won = 1;
  late.view.counters.elections_lost = 2;
  late.view.counters.queries_sent = {{{1, 100, 1000}, {2, 100, 1000}, {3, 100, 1000}}};
  late.view.last_competitor = core::LastCompetitor{address("fe80::9"), {}, kNow - 60s, kNow - 31s};
  const auto json = document(health_json(status_of({interface_up("eth0", {querier(), late})})));
  EXPECT_EQ(json, expected(R"({
    'healthy': false,
    'reasons': ['eth0 ipv6: cannot open'],
    'segments': [
      {'interface': 'eth0', 'family': 'ipv4', 'state': 'querier',
       'querier': {'address': '192.168.1.5', 'mac': null, 'version': 2, 'ours': true,
                   'since_s': 3600.0, 'last_heard_ago_s': null, 'timeout_s': null},
       'last_competitor': null, 'queries_sent': 0, 'elections_won': 0, 'elections_lost': 0,
       'socket_recoveries': 0, 'next_query_in_s': 48.0, 'reason': ''},
      {'interface': 'eth0', 'family': 'ipv6', 'state': 'failed',
       'querier': {'address': 'fe80::2', 'mac': '52:54:00:12:34:56', 'version': 2, 'ours': false,
                   'since_s': 3600.0, 'last_heard_ago_s': 12.0, 'timeout_s': 125.0},
       'last_competitor': {'address': 'fe80::9', 'mac': null, 'heard_ago_s': 31.0},
       'queries_sent': 6, 'elections_won': 1, 'elections_lost': 2,
       'socket_recoveries': 3, 'next_query_in_s': null, 'reason': 'cannot open'}]})"));
}

TEST(HealthJson, OfAnInterfaceOfNoUseHasItsReason) {
  const auto json = document(health_json(
      status_of({interface_in(InterfaceStatus::State::kFailed, "is a loopback interface")})));
  EXPECT_EQ(json["healthy"], false);
  EXPECT_EQ(json["segments"][0]["reason"], "is a loopback interface");
  EXPECT_EQ(json["segments"][0]["querier"], nullptr);
  const auto missing =
      document(health_json(status_of({interface_in(InterfaceStatus::State::kMissing, "missing")})));
  EXPECT_EQ(missing["healthy"], true);
  EXPECT_EQ(missing["segments"][0]["reason"], "");
}

TEST(HealthJson, WhenNobodyAnswered) {
  EXPECT_EQ(unhealthy_json("late"), "{\"healthy\":false,\"reasons\":[\"late\"],\"segments\":[]}\n");
}

TEST(ReadinessJson, HasTheReasons) {
  EXPECT_EQ(readiness_json(good_status()), "{\"ready\":true,\"reasons\":[]}\n");
  EXPECT_EQ(readiness_json(status_of({})),
            "{\"ready\":false,\"reasons\":[\"no interface is up\"]}\n");
  EXPECT_EQ(unready_json("late"), "{\"ready\":false,\"reasons\":[\"late\"]}\n");
}

TEST(GroupsJson, OfAGroupTellsAll) {
  auto row = row_of("239.1.2.3");
  auto& view = row.view;
  view.mode = core::FilterMode::kExclude;
  view.compatibility = Version::k2;
  view.known_for = 86000s;
  view.last_report_ago = 12'345'678us;
  view.expires_in = 130s;
  view.last_reporter_mac = kMac;
  view.sources = {{address("10.0.0.1"), 120s}, {address("10.0.0.2"), std::nullopt}};
  view.hosts = {{address("192.168.1.20"), kMac, 12s}, {address("192.168.1.21"), {}, 0s}};
  row.sources = 70;
  row.hosts = 2;
  EXPECT_EQ(document(groups_json(page_of({row}))), expected(R"({'groups': [{
    'interface': 'eth0', 'family': 'ipv4', 'group': '239.1.2.3', 'name': null,
    'link_local': false, 'mode': 'exclude', 'version': 2,
    'known_for_s': 86000.0, 'last_report_ago_s': 12.346, 'expires_in_s': 130.0,
    'last_reporter': {'address': '192.168.1.20', 'mac': '52:54:00:12:34:56'},
    'sources': [{'address': '10.0.0.1', 'expires_in_s': 120.0},
                {'address': '10.0.0.2', 'expires_in_s': null}], 'sources_total': 70,
    'hosts': [{'address': '192.168.1.20', 'mac': '52:54:00:12:34:56', 'last_report_ago_s': 12.0},
              {'address': '192.168.1.21', 'mac': null, 'last_report_ago_s': 0.0}],
    'hosts_total': 2}], 'total': 1, 'after': null})"));
}

TEST(GroupsJson, OfIpv6CountsVersionsAsMldDoes) {
  auto row = row_of("ff02::fb");
  row.view.link_local = true;
  row.view.compatibility = Version::k3;
  const auto json = document(groups_json(page_of({row})));
  const auto& group = json["groups"][0];
  EXPECT_EQ(group["family"], "ipv6");
  EXPECT_EQ(group["version"], 2);
  EXPECT_EQ(group["name"], "mDNS");
  EXPECT_EQ(group["link_local"], true);
  EXPECT_EQ(group["mode"], "include");
  EXPECT_TRUE(group["sources"].is_array());
  EXPECT_TRUE(group["hosts"].is_array());
}

TEST(GroupsJson, APageThatIsNotTheLastTellsWhereTheNextBegins) {
  auto page = page_of({row_of("239.1.2.3"), row_of("ff15::1")});
  page.total = 5000;
  EXPECT_EQ(document(groups_json(page))["after"], nullptr);
  page.more = true;
  const auto json = document(groups_json(page));
  EXPECT_EQ(json["after"], "eth0/ipv6/ff15::1");
  EXPECT_EQ(json["total"], 5000);
  EXPECT_THAT(parse_cursor(json["after"].get<std::string>()),
              Optional(GroupCursor{"eth0", Family::kIPv6, address("ff15::1")}));
}

TEST(GroupsJson, OfNoneIsEmpty) {
  EXPECT_EQ(groups_json(page_of({})), "{\"groups\":[],\"total\":0,\"after\":null}\n");
}

// Whatever an administrator calls a group, or a link: it is a string of UTF-8 on one line.
TEST(GroupsJson, NamesMayBeHostile) {
  for (const std::string& name :
       {std::string("\x01\x1b[31m\n\r\t"), std::string(R"("quoted\")"), std::string("nul\0nul", 7),
        std::string("</script>"), std::string("\xe2\x80\xa8")}) {
    config::NameConfig config;
    config.by_address[address("239.1.2.3")] = name;
    auto page = page_of({row_of("239.1.2.3")});
    page.rows[0].interface = name;
    page.names = std::make_shared<GroupNames>(config);
    const auto json = document(groups_json(page));
    EXPECT_EQ(json["groups"][0]["name"], name);
    EXPECT_EQ(json["groups"][0]["interface"], name);
  }
}

TEST(GroupsJson, WhatIsNotUtf8IsReplaced) {
  config::NameConfig config;
  config.by_address[address("239.1.2.3")] = "a\xff\xc3(\xed\xa0\x80z";
  auto page = page_of({row_of("239.1.2.3")});
  page.names = std::make_shared<GroupNames>(config);
  const auto name = document(groups_json(page))["groups"][0]["name"].get<std::string>();
  EXPECT_EQ(name.front(), 'a');
  EXPECT_EQ(name.back(), 'z');
  EXPECT_NE(name.find("\xef\xbf\xbd"), std::string::npos);
}

TEST(EventsJson, HasEventsAndTheirNumbers) {
  const EventPage page{.instance = "f3b09a12",
                       .events = {{.id = 16,
                                   .time = wall(),
                                   .level = "info",
                                   .event = "started",
                                   .text = "says \"hello\"\n"},
                                  {.id = 17,
                                   .time = wall() + 1ms,
                                   .level = "warn",
                                   .event = "election_lost",
                                   .interface = "eth0",
                                   .family = Family::kIPv6,
                                   .text = "lost"}},
                       .first = 1,
                       .last = 17};
  EXPECT_EQ(document(events_json(page)), expected(R"({'instance': 'f3b09a12', 'events': [
    {'id': 16, 'time': '2026-11-21T21:41:29.123Z', 'level': 'info', 'event': 'started',
     'interface': null, 'family': null, 'text': 'says \"hello\"\n'},
    {'id': 17, 'time': '2026-11-21T21:41:29.124Z', 'level': 'warn', 'event': 'election_lost',
     'interface': 'eth0', 'family': 'ipv6', 'text': 'lost'}], 'last': 17, 'first': 1})"));
}

TEST(EventsJson, OfNoneIsEmpty) {
  EXPECT_EQ(document(events_json({.instance = "x"})),
            expected("{'instance': 'x', 'events': [], 'last': 0, 'first': 0}"));
}

TEST(Cursor, GoesToTextAndBack) {
  for (const GroupCursor& cursor : {GroupCursor{"eth0", Family::kIPv4, address("239.1.2.3")},
                                    GroupCursor{"br-lan.20", Family::kIPv6, address("ff15::1")},
                                    GroupCursor{"a b&%?", Family::kIPv4, address("224.0.0.1")}}) {
    EXPECT_THAT(parse_cursor(to_text(cursor)), Optional(cursor)) << to_text(cursor);
  }
  EXPECT_EQ(to_text({"eth0", Family::kIPv4, address("239.1.2.3")}), "eth0/ipv4/239.1.2.3");
}

TEST(Cursor, IsNothingElse) {
  for (const char* const text :
       {"", "/", "//", "eth0", "eth0/ipv4", "eth0/ipv4/", "eth0/ipv4/x", "eth0/ipv6/239.1.2.3",
        "eth0/ipv4/ff15::1", "eth0/ipv5/239.1.2.3", "eth0/IPv4/239.1.2.3", "eth0/ipv4/239.1.2.3/",
        "eth0/ipv4/239.1.2.3 ", "eth0//239.1.2.3", "x/eth0/ipv4/239.1.2.3"}) {
    EXPECT_FALSE(parse_cursor(text)) << text;
  }
}

TEST(FamilyName, IsOneOfTwo) {
  EXPECT_THAT(parse_family("ipv4"), Optional(Family::kIPv4));
  EXPECT_THAT(parse_family("ipv6"), Optional(Family::kIPv6));
  for (const char* const text : {"", "ipv", "IPv4", "ipv46", " ipv4", "4"})
    EXPECT_FALSE(parse_family(text)) << text;
}

}  // namespace
}  // namespace querent::observe::test
