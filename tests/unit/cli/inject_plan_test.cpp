#include "cli/inject_plan.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/describe.hpp"
#include "probe/observation.hpp"
#include "wire/codec.hpp"

namespace querent::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Address kOwn = Address::v4(10, 0, 0, 2);
constexpr MacAddress kBroadcast{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

std::string line_of(const config::Complaint& complaint) {
  std::string line = complaint.what + ": " + complaint.why;
  if (!complaint.attempt.empty()) line += "; " + complaint.attempt;
  return line;
}

// What one round says, line by line; or each complaint.
std::vector<std::string> said(const InjectOptions& options) {
  std::vector<std::string> lines;
  const auto injection = plan_injection(options);
  if (!injection) {
    for (const auto& complaint : injection.error())
      lines.push_back(line_of(complaint));
    return lines;
  }
  for (const Shot& shot : shots(*injection, kOwn)) {
    const auto sighting = probe::look(wire::LinkType::kRawIpv4, shot.packet, {});
    lines.push_back(sighting ? probe::describe(*sighting) : "no IGMP");
  }
  return lines;
}

TEST(InjectPlan, Queries) {
  EXPECT_THAT(said({.kind = "v1_query"}), ElementsAre("10.0.0.2 asks everybody: who wants what? "
                                                      "(IGMPv1 query, answer within 10 s)"));
  EXPECT_THAT(said({.kind = "v2_query"}), ElementsAre("10.0.0.2 asks everybody: who wants what? "
                                                      "(IGMPv2 query, answer within 10 s)"));
  EXPECT_THAT(said({.kind = "v2_query", .groups = {"239.1.2.3"}, .max_response = "500ms"}),
              ElementsAre("10.0.0.2 asks: who wants 239.1.2.3? "
                          "(IGMPv2 group query, answer within 0.5 s)"));
  EXPECT_THAT(said({.kind = "v3_query"}),
              ElementsAre("10.0.0.2 asks everybody: who wants what? "
                          "(IGMPv3 query, answer within 10 s, QRV 2, QQIC 60 s)"));
}

TEST(InjectPlan, AQueryForSources) {
  EXPECT_THAT(said({.kind = "v3_query",
                    .groups = {"232.1.1.1"},
                    .sources = {"10.0.0.5", "10.0.0.6"},
                    .max_response = "100s",
                    .query_interval = "1000",
                    .robustness = 7,
                    .suppress = true}),
              ElementsAre("10.0.0.2 asks: who wants 232.1.1.1 from 10.0.0.5, 10.0.0.6? (IGMPv3 "
                          "group-and-source query, answer within 99.2 s, S: routers keep their "
                          "timers, QRV 7, QQIC 992 s)"));
}

TEST(InjectPlan, ReportsAndLeaves) {
  EXPECT_THAT(said({.kind = "v1_report", .groups = {"239.1.2.3"}}),
              ElementsAre("10.0.0.2 wants 239.1.2.3 (v1 report)"));
  EXPECT_THAT(
      said({.kind = "v2_report", .groups = {"239.1.2.3", "239.1.2.4"}}),
      ElementsAre("10.0.0.2 wants 239.1.2.3 (v2 report)", "10.0.0.2 wants 239.1.2.4 (v2 report)"));
  EXPECT_THAT(said({.kind = "leave", .groups = {"239.1.2.3", "239.1.2.4"}}),
              ElementsAre("10.0.0.2 leaves 239.1.2.3 (v2)", "10.0.0.2 leaves 239.1.2.4 (v2)"));
}

TEST(InjectPlan, ReportsOfVersion3) {
  EXPECT_THAT(said({.kind = "v3_report", .groups = {"239.1.2.3", "239.1.2.4"}}),
              ElementsAre("10.0.0.2 wants 239.1.2.3 [IS_EX], wants 239.1.2.4 [IS_EX] (v3 report)"));
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"is_in", "wants 232.1.1.1 from 10.0.0.5 alone (v3 IS_IN)"},
      {"is_ex", "wants 232.1.1.1 from all but 10.0.0.5 (v3 IS_EX)"},
      {"to_in", "from now on wants 232.1.1.1 from 10.0.0.5 alone (v3 TO_IN)"},
      {"to_ex", "from now on wants 232.1.1.1 from all but 10.0.0.5 (v3 TO_EX)"},
      {"allow", "also wants 232.1.1.1 from 10.0.0.5 (v3 ALLOW)"},
      {"block", "no longer wants 232.1.1.1 from 10.0.0.5 (v3 BLOCK)"},
  };
  for (const auto& [record, meaning] : rows) {
    EXPECT_THAT(said({.kind = "v3_report",
                      .groups = {"232.1.1.1"},
                      .sources = {"10.0.0.5"},
                      .record = record}),
                ElementsAre("10.0.0.2 " + meaning));
  }
}

TEST(InjectPlan, TheEnvelope) {
  EXPECT_THAT(said({.kind = "v2_query",
                    .source = "192.0.2.7",
                    .destination = "10.0.0.9",
                    .ttl = 64,
                    .router_alert = false}),
              ElementsAre("192.0.2.7 asks everybody: who wants what? (IGMPv2 query, answer within "
                          "10 s, sent to 10.0.0.9, TTL 64, no Router Alert); rejected: the TTL is "
                          "not 1, so it may come from another network (hop_limit)"));
  EXPECT_THAT(said({.kind = "v2_query", .source = "0.0.0.0"}),
              ElementsAre(HasSubstr("a switch's, without an address")));
}

TEST(InjectPlan, ABadChecksumIsAlwaysBad) {
  for (int i = 0; i < 256; ++i) {
    const std::string group = "239.1.2." + std::to_string(i);
    EXPECT_THAT(said({.kind = "v2_report", .groups = {group}, .bad_checksum = true}),
                ElementsAre(HasSubstr("the IGMP checksum is wrong (message_checksum)")));
  }
}

TEST(InjectPlan, FramesGoWhereTheGroupIs) {
  const auto destination = [](const InjectOptions& options) {
    const auto injection = plan_injection(options);
    return injection ? shots(*injection, kOwn).at(0).destination.to_string() : "refused";
  };
  EXPECT_EQ(destination({.kind = "v2_query"}), "01:00:5e:00:00:01");
  EXPECT_EQ(destination({.kind = "v2_report", .groups = {"239.129.2.3"}}), "01:00:5e:01:02:03");
  EXPECT_EQ(destination({.kind = "leave", .groups = {"239.1.2.3"}}), "01:00:5e:00:00:02");
  EXPECT_EQ(destination({.kind = "v3_report", .groups = {"239.1.2.3"}}), "01:00:5e:00:00:16");
  EXPECT_EQ(destination({.kind = "v2_query", .destination = "10.0.0.9"}), kBroadcast.to_string());
}

TEST(InjectPlan, RoundsAndIntervals) {
  const auto once = plan_injection({.kind = "v2_query"});
  ASSERT_TRUE(once);
  EXPECT_EQ(once->rounds, 1U);
  EXPECT_EQ(once->interval, 1s);
  const auto often = plan_injection({.kind = "v2_query", .count = 0, .interval = "250ms"});
  ASSERT_TRUE(often);
  EXPECT_EQ(often->rounds, 0U);
  EXPECT_EQ(often->interval, 250ms);
}

TEST(InjectPlan, WhatIsMissing) {
  EXPECT_THAT(said({.kind = "v4_query"}),
              ElementsAre("--type: \"v4_query\" is none of v1_query, v2_query, v3_query, "
                          "v1_report, v2_report, v3_report, leave, mldv1_query, mldv2_query, "
                          "mldv1_report, mldv2_report, mldv1_done"));
  for (const std::string kind : {"v1_report", "v2_report", "v3_report", "leave"}) {
    EXPECT_THAT(said({.kind = kind}),
                ElementsAre("--group: is missing: which group is the " + kind + " about?"));
  }
}

TEST(InjectPlan, ValuesThatCannotBe) {
  EXPECT_THAT(
      said({.kind = "v3_query",
            .groups = {"10.0.0.1", "ff02::1"},
            .sources = {"somebody"},
            .source = "fe80::1",
            .destination = "",
            .max_response = "soon",
            .query_interval = "31745",
            .robustness = 8,
            .ttl = 256,
            .count = -1,
            .interval = "0"}),
      ElementsAre(
          "--source: \"fe80::1\" is not an IPv4 address; the kinds for IPv6 begin with mld",
          "--destination: \"\" is not an IPv4 address",
          "--group: \"10.0.0.1\" is not a group, 224.0.0.0 to 239.255.255.255",
          "--group: \"ff02::1\" is not a group, 224.0.0.0 to 239.255.255.255; the kinds for "
          "IPv6 begin with mld",
          "--group-source: \"somebody\" is not an IPv4 address",
          "--max-response: \"soon\" is not a duration of 0 s to 3174.4 s", "--qrv: 8 is not 0 to 7",
          "--qqic: \"31745\" is not a duration of 0 s to 31744 s", "--ttl: 256 is not 0 to 255",
          "--count: -1 is not 0 to 9007199254740992",
          "--interval: \"0\" is not a duration of 0.001 s to 31536000 s"));
  EXPECT_THAT(said({.kind = "v2_query", .max_response = "50ms"}),
              ElementsAre("--max-response: \"50ms\" is not a duration of 0.1 s to 25.5 s"));
  EXPECT_THAT(said({.kind = "v3_report", .groups = {"239.1.2.3"}, .record = "join"}),
              ElementsAre("--record: \"join\" is none of is_in, is_ex, to_in, to_ex, allow, "
                          "block"));
}

TEST(InjectPlan, WhatAKindHasNoPlaceForIsRefused) {
  EXPECT_THAT(said({.kind = "v1_query",
                    .groups = {"239.1.2.3"},
                    .sources = {"10.0.0.5"},
                    .record = "allow",
                    .max_response = "1s",
                    .query_interval = "60",
                    .robustness = 2,
                    .suppress = true}),
              ElementsAre("--max-response: means nothing in a v1_query, only in v2_query and "
                          "v3_query",
                          "--qrv: means nothing in a v1_query, only in v3_query",
                          "--qqic: means nothing in a v1_query, only in v3_query",
                          "--suppress: means nothing in a v1_query, only in v3_query",
                          "--record: means nothing in a v1_query, only in v3_report",
                          "--group-source: means nothing in a v1_query, only in v3_query and "
                          "v3_report",
                          "--group: means nothing in a v1_query, only in the others: it asks "
                          "about all groups"));
}

TEST(InjectPlan, WhatDoesNotFitIsRefused) {
  const std::vector<std::string> groups(128, "239.1.2.3");
  const std::vector<std::string> sources(126, "10.0.0.5");
  EXPECT_THAT(said({.kind = "v3_report", .groups = groups, .sources = sources}), SizeIs(1));
  const std::vector<std::string> more(127, "10.0.0.5");
  EXPECT_THAT(said({.kind = "v3_report", .groups = groups, .sources = more}),
              ElementsAre("--group: 128 groups of 127 sources do not fit into a packet"));
}

}  // namespace
}  // namespace querent::cli
