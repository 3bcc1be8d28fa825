#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json_document.hpp"
#include "observe/json.hpp"
#include "sample.hpp"

namespace querent::observe::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

Json segment_json(const SegmentStatus& segment) {
  return document(
      status_json(status_of({interface_up("eth0", {segment})})))["interfaces"][0]["segments"][0];
}

TEST(StatusJson, OfAQuerierAsDocumented) {
  auto segment = querier();
  segment.view.groups = 12;
  segment.view.ledger.sources = 7;
  segment.view.ledger.hosts = 8;
  segment.record.history = {
      {.state = State::kStarting, .sent = 3},
      {.state = State::kQuerier, .sent = 1, .heard = 2, .elections = 3, .failures = 4}};
  auto json = document(status_json(status_of({interface_up("eth0", {segment})})));
  EXPECT_TRUE(json["interfaces"][0]["segments"][0].erase("counters"));
  EXPECT_EQ(json, expected(R"({
    'version': '1.2.3', 'commit': '348a48110000', 'instance': 'f3b09a12',
    'time': '2026-11-21T21:41:29.123Z', 'started': '2026-11-20T21:41:29.123Z',
    'uptime_s': 86400.0, 'healthy': true, 'ready': true, 'reasons': [],
    'state_words': {'missing': 'missing', 'down': 'down', 'no_address': 'no address',
                    'starting': 'starting', 'querier': 'querier', 'non_querier': 'standby',
                    'passive': 'listening only', 'failed': 'failed'},
    'interfaces': [{'name': 'eth0', 'state': 'up', 'reason': '', 'segments': [{
      'family': 'ipv4', 'state': 'querier', 'reason': '', 'in_state_s': 3600.0,
      'source': '192.168.1.5', 'version': 2,
      'querier': {'address': '192.168.1.5', 'mac': null, 'version': 2, 'ours': true,
                  'since_s': 3600.0, 'last_heard_ago_s': null, 'timeout_s': null},
      'last_competitor': null, 'query_interval_s': 60.0, 'max_response_s': 10.0,
      'last_member_interval_s': 1.0, 'robustness': 2, 'last_query_ago_s': 12.0,
      'next_query_in_s': 48.0, 'takeover_in_s': null, 'version_mismatch': false,
      'groups': 12, 'sources': 7, 'hosts': 8, 'alarms': [],
      'history': {'slot_s': 30.0, 'slots': [
        {'state': 'starting', 'sent': 3, 'heard': 0, 'elections': 0, 'failures': 0},
        {'state': 'querier', 'sent': 1, 'heard': 2, 'elections': 3, 'failures': 4}]}}]}]})"));
}

TEST(StatusJson, OfANonQuerier) {
  auto segment = non_querier(Family::kIPv6);
  segment.view.last_competitor =
      core::LastCompetitor{address("fe80::9"), kMac, kNow - 31s, kNow - 31s};
  const auto json = segment_json(segment);
  EXPECT_EQ(json["state"], "non_querier");
  EXPECT_EQ(json["version"], 1) << "MLDv1";
  EXPECT_EQ(json["querier"],
            expected("{'address': 'fe80::2', 'mac': '52:54:00:12:34:56', 'version': 2,"
                     "'ours': false, 'since_s': 3600.0, 'last_heard_ago_s': 12.0,"
                     "'timeout_s': 125.0}"));
  EXPECT_EQ(json["last_competitor"],
            expected("{'address': 'fe80::9', 'mac': '52:54:00:12:34:56', 'heard_ago_s': 31.0}"));
  EXPECT_EQ(json["next_query_in_s"], nullptr);
  EXPECT_EQ(json["takeover_in_s"], 113.0);
}

TEST(StatusJson, WhatThereIsNoneOfIsNull) {
  const auto json =
      document(status_json(status_of({interface_in(InterfaceStatus::State::kMissing, "missing")})));
  EXPECT_EQ(json["interfaces"][0]["state"], "missing");
  EXPECT_EQ(json["interfaces"][0]["reason"], "missing");
  const auto& segment = json["interfaces"][0]["segments"][0];
  for (const char* const member : {"source", "querier", "last_competitor", "last_query_ago_s",
                                   "next_query_in_s", "takeover_in_s"}) {
    ASSERT_TRUE(segment.contains(member)) << member;
    EXPECT_EQ(segment[member], nullptr) << member;
  }
}

TEST(StatusJson, TimesAreNeverBelowZero) {
  auto segment = querier();
  segment.record.state_since = kNow + 1s;
  segment.record.last_query = kNow + 1s;
  segment.view.role_since = kNow + 1s;
  segment.view.next_query = kNow - 1s;
  segment.view.takeover = kNow - 1s;
  const auto json = segment_json(segment);
  EXPECT_EQ(json["in_state_s"], 0.0);
  EXPECT_EQ(json["last_query_ago_s"], 0.0);
  EXPECT_EQ(json["querier"]["since_s"], 0.0);
  EXPECT_EQ(json["next_query_in_s"], 0.0);
  EXPECT_EQ(json["takeover_in_s"], 0.0);
}

TEST(StatusJson, SecondsHaveMilliseconds) {
  auto segment = querier();
  segment.record.last_query = kNow - 1234567us;
  EXPECT_EQ(segment_json(segment)["last_query_ago_s"].dump(), "1.235");
  segment.record.last_query = kNow - 1ns;
  EXPECT_EQ(segment_json(segment)["last_query_ago_s"].dump(), "0.0");
}

TEST(StatusJson, CountersAsDocumented) {
  auto segment = querier();
  auto& core = segment.view.counters;
  core.queries_sent = {{{1, 0, 0}, {20, 2, 0}, {300, 40, 5}}};
  core.queries_received = {{{0, 0, 0}, {7, 8, 0}, {0, 0, 9}}};
  core.queries_rejected[static_cast<std::size_t>(core::Rejection::kSourceOffSubnet)] = 3;
  core.reports_received[0][0] = 1;
  core.reports_received[2][6] = 2;
  core.reports_rejected[static_cast<std::size_t>(core::Rejection::kHopLimit)] = 4;
  core.leaves_received = 5;
  core.proxy_queries = 6;
  core.elections_won = 7;
  core.elections_lost = 8;
  core.address_changes = 9;
  core.address_conflicts = 10;
  core.loops = 11;
  core.ssm_violations = 12;
  segment.record.malformed = {{"message_checksum", 13}};
  segment.record.send_errors = {{"ENETUNREACH", 14}};
  segment.record.socket_recoveries = 15;
  segment.record.frames_dropped = 16;
  segment.record.link_changes = 17;
  segment.view.ledger.refused_groups = 18;
  segment.view.ledger.refused_sources = 19;
  segment.view.ledger.refused_hosts = 20;
  EXPECT_EQ(segment_json(segment)["counters"], expected(R"({
    'queries_sent': {'general': 321, 'group': 42, 'group_source': 5},
    'queries_received': {'general': 7, 'group': 8, 'group_source': 9},
    'queries_rejected': {'source_off_subnet': 3}, 'reports_received': 3,
    'reports_rejected': {'hop_limit': 4}, 'leaves_received': 5,
    'malformed': {'message_checksum': 13}, 'send_errors': {'ENETUNREACH': 14},
    'refused': {'group': 18, 'source': 19, 'host': 20},
    'proxy_queries': 6, 'without_router_alert': 0, 'version_mismatches': 0,
    'elections_won': 7, 'elections_lost': 8, 'address_changes': 9, 'address_conflicts': 10,
    'loops': 11, 'sleeps': 0, 'ssm_violations': 12, 'untracked_records': 0, 'skipped_records': 0,
    'refused_questions': 0, 'socket_recoveries': 15, 'frames_dropped': 16,
    'link_changes': 17})"));
  const auto none = segment_json(querier())["counters"];
  for (const char* const member :
       {"queries_rejected", "reports_rejected", "malformed", "send_errors"})
    EXPECT_EQ(none[member], Json::object()) << member;
}

TEST(StatusJson, AlarmsHaveASeverity) {
  auto segment = querier();
  segment.record.last_seen.loop = kNow;
  segment.view.version_mismatch = true;
  const auto alarms = segment_json(segment)["alarms"];
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[0]["id"], "loop");
  EXPECT_EQ(alarms[0]["severity"], "error");
  EXPECT_TRUE(alarms[0]["text"].is_string());
  EXPECT_TRUE(alarms[0]["advice"].is_string());
  EXPECT_EQ(alarms[1]["severity"], "warning");
}

TEST(StatusJson, ReasonsOfBothVerdictsAreToldOnce) {
  auto late = querier();
  late.view.next_query = kNow - 20s;
  const auto json =
      document(status_json(status_of({interface_in(InterfaceStatus::State::kFailed, "is of no use"),
                                      interface_up("eth1", {late})})));
  EXPECT_EQ(json["healthy"], false);
  EXPECT_EQ(json["ready"], false);
  EXPECT_EQ(json["reasons"],
            expected("['eth0: is of no use',"
                     "'eth1 ipv4: the query that was due 20s ago has not been sent']"));
}

TEST(StatusJson, WithoutInterfacesThereAreNone) {
  const auto json = document(status_json(status_of({})));
  EXPECT_EQ(json["interfaces"], Json::array());
  EXPECT_EQ(json["healthy"], true);
  EXPECT_EQ(json["ready"], false);
}

TEST(StatusJson, NamesAndReasonsMayBeHostile) {
  auto segment = querier();
  segment.record.reason = "\"\x1b[2J\xff\n";
  const auto json = document(status_json(status_of({interface_up("e\"\x7f\xff", {segment})})));
  EXPECT_EQ(json["interfaces"][0]["name"], "e\"\x7f\xef\xbf\xbd");
  EXPECT_EQ(json["interfaces"][0]["segments"][0]["reason"], "\"\x1b[2J\xef\xbf\xbd\n");
}

}  // namespace
}  // namespace querent::observe::test
