#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/inject_plan.hpp"
#include "probe/describe.hpp"
#include "probe/observation.hpp"
#include "wire/ipv6.hpp"

// MLD, and only what is different there: the rest is inject_plan_test.cpp's.

namespace querent::cli {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Address kOwn = Address::v6(0xFE80000000000000, 2);

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
  EXPECT_EQ(injection->family, Family::kIPv6);
  for (const Shot& shot : shots(*injection, kOwn)) {
    const auto sighting = probe::look(wire::LinkType::kRawIpv6, shot.packet, {});
    lines.push_back(sighting ? probe::describe(*sighting) : "no MLD");
  }
  return lines;
}

TEST(InjectMld, Queries) {
  EXPECT_THAT(said({.kind = "mldv1_query"}),
              ElementsAre("fe80::2 asks everybody: who wants what? (MLDv1 query, answer within "
                          "10 s)"));
  EXPECT_THAT(said({.kind = "mldv1_query", .groups = {"ff15::1:2:3"}, .max_response = "65.535"}),
              ElementsAre("fe80::2 asks: who wants ff15::1:2:3? "
                          "(MLDv1 group query, answer within 65.535 s)"));
  EXPECT_THAT(said({.kind = "mldv1_query", .max_response = "0"}),
              ElementsAre(HasSubstr("answer within 0 s)")));
  EXPECT_THAT(said({.kind = "mldv2_query"}),
              ElementsAre("fe80::2 asks everybody: who wants what? "
                          "(MLDv2 query, answer within 10 s, QRV 2, QQIC 60 s)"));
  EXPECT_THAT(said({.kind = "mldv2_query",
                    .groups = {"ff3e::8001"},
                    .sources = {"2001:db8::5", "fe80::6"},
                    .max_response = "32.770",
                    .query_interval = "1000",
                    .robustness = 7,
                    .suppress = true}),
              ElementsAre("fe80::2 asks: who wants ff3e::8001 from 2001:db8::5, fe80::6? (MLDv2 "
                          "group-and-source query, answer within 32.768 s, S: routers keep their "
                          "timers, QRV 7, QQIC 992 s)"));
  EXPECT_THAT(said({.kind = "mldv2_query", .max_response = "8387.584"}),
              ElementsAre(HasSubstr("answer within 8387.584 s")));
}

TEST(InjectMld, ReportsAndDone) {
  EXPECT_THAT(said({.kind = "mldv1_report", .groups = {"ff15::1:2:3", "ff15::4"}}),
              ElementsAre("fe80::2 wants ff15::1:2:3 (MLDv1 report)",
                          "fe80::2 wants ff15::4 (MLDv1 report)"));
  EXPECT_THAT(said({.kind = "mldv1_done", .groups = {"ff15::1:2:3"}}),
              ElementsAre("fe80::2 leaves ff15::1:2:3 (MLDv1 done)"));
  EXPECT_THAT(said({.kind = "mldv2_report", .groups = {"ff15::1:2:3", "ff15::4"}}),
              ElementsAre("fe80::2 wants ff15::1:2:3 [IS_EX], wants ff15::4 [IS_EX] "
                          "(MLDv2 report)"));
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"is_in", "wants ff3e::8001 from fe80::5 alone (MLDv2 IS_IN)"},
      {"is_ex", "wants ff3e::8001 from all but fe80::5 (MLDv2 IS_EX)"},
      {"to_in", "from now on wants ff3e::8001 from fe80::5 alone (MLDv2 TO_IN)"},
      {"to_ex", "from now on wants ff3e::8001 from all but fe80::5 (MLDv2 TO_EX)"},
      {"allow", "also wants ff3e::8001 from fe80::5 (MLDv2 ALLOW)"},
      {"block", "no longer wants ff3e::8001 from fe80::5 (MLDv2 BLOCK)"},
  };
  for (const auto& [record, meaning] : rows) {
    EXPECT_THAT(said({.kind = "mldv2_report",
                      .groups = {"ff3e::8001"},
                      .sources = {"fe80::5"},
                      .record = record}),
                ElementsAre("fe80::2 " + meaning));
  }
}

TEST(InjectMld, TheEnvelope) {
  EXPECT_THAT(said({.kind = "mldv1_query",
                    .source = "2001:db8::7",
                    .destination = "fe80::9",
                    .ttl = 64,
                    .router_alert = false}),
              ElementsAre("2001:db8::7 asks everybody: who wants what? (MLDv1 query, answer within "
                          "10 s, sent to fe80::9, hop limit 64, no Router Alert); rejected: the "
                          "hop limit is not 1, so it may come from another network (hop_limit)"));
  EXPECT_THAT(said({.kind = "mldv1_query", .source = "::"}),
              ElementsAre(EndsWith("rejected: it comes from no address (source_unspecified)")));
}

TEST(InjectMld, ABadChecksumIsAlwaysBad) {
  for (const bool router_alert : {true, false}) {
    for (int i = 0; i < 256; ++i) {
      const std::string group = "ff15::" + std::to_string(i);
      EXPECT_THAT(said({.kind = "mldv1_report",
                        .groups = {group},
                        .router_alert = router_alert,
                        .bad_checksum = true}),
                  ElementsAre(HasSubstr("the ICMPv6 checksum is wrong (message_checksum)")));
    }
  }
}

// Nothing else is: so a reader that does not look at checksums finds nothing wrong.
TEST(InjectMld, OnlyTheChecksumIsBad) {
  for (const bool router_alert : {true, false}) {
    InjectOptions options{
        .kind = "mldv2_report", .groups = {"ff15::1:2:3"}, .router_alert = router_alert};
    Bytes good = shots(plan_injection(options).value(), kOwn).at(0).packet;
    options.bad_checksum = true;
    const Bytes bad = shots(plan_injection(options).value(), kOwn).at(0).packet;
    good.at(router_alert ? 50 : 42) ^= 1U;
    EXPECT_EQ(good, bad);
  }
}

TEST(InjectMld, FramesGoWhereTheGroupIs) {
  const auto destination = [](const InjectOptions& options) {
    const auto injection = plan_injection(options);
    return injection ? shots(*injection, kOwn).at(0).destination.to_string() : "refused";
  };
  EXPECT_EQ(destination({.kind = "mldv1_query"}), "33:33:00:00:00:01");
  EXPECT_EQ(destination({.kind = "mldv2_query", .groups = {"ff15::1:2:3"}}), "33:33:00:02:00:03");
  EXPECT_EQ(destination({.kind = "mldv1_report", .groups = {"ff15::1:2:3"}}), "33:33:00:02:00:03");
  EXPECT_EQ(destination({.kind = "mldv1_done", .groups = {"ff15::1"}}), "33:33:00:00:00:02");
  EXPECT_EQ(destination({.kind = "mldv2_report", .groups = {"ff15::1"}}), "33:33:00:00:00:16");
  EXPECT_EQ(destination({.kind = "mldv1_query", .destination = "fe80::9"}), "ff:ff:ff:ff:ff:ff");
}

TEST(InjectMld, FamiliesAreNotMixed) {
  EXPECT_THAT(said({.kind = "mldv2_query",
                    .groups = {"239.1.2.3", "2001:db8::1"},
                    .sources = {"10.0.0.5"},
                    .source = "10.0.0.1",
                    .destination = "224.0.0.1"}),
              ElementsAre("--source: \"10.0.0.1\" is not an IPv6 address; the kinds for IPv4 are "
                          "those without mld",
                          "--destination: \"224.0.0.1\" is not an IPv6 address; the kinds for IPv4 "
                          "are those without mld",
                          "--group: \"239.1.2.3\" is not a group, one of ff00::/8; the kinds for "
                          "IPv4 are those without mld",
                          "--group: \"2001:db8::1\" is not a group, one of ff00::/8",
                          "--group-source: \"10.0.0.5\" is not an IPv6 address; the kinds for IPv4 "
                          "are those without mld"));
  EXPECT_THAT(said({.kind = "mldv1_report", .groups = {"ff15::4", "239.1.2.3"}}), SizeIs(1));
  EXPECT_THAT(said({.kind = "mldv1_report", .groups = {"::ffff:239.1.2.3"}}),
              ElementsAre(HasSubstr("is not a group")));
}

TEST(InjectMld, ValuesThatCannotBe) {
  EXPECT_THAT(said({.kind = "mldv1_query", .max_response = "65536ms"}),
              ElementsAre("--max-response: \"65536ms\" is not a duration of 0 s to 65.535 s"));
  EXPECT_THAT(said({.kind = "mldv2_query", .max_response = "8387585ms"}),
              ElementsAre("--max-response: \"8387585ms\" is not a duration of 0 s to 8387.584 s"));
  for (const std::string kind : {"mldv1_report", "mldv2_report", "mldv1_done"}) {
    EXPECT_THAT(said({.kind = kind}),
                ElementsAre("--group: is missing: which group is the " + kind + " about?"));
  }
}

TEST(InjectMld, WhatAKindHasNoPlaceForIsRefused) {
  EXPECT_THAT(
      said({.kind = "mldv1_query", .sources = {"fe80::5"}, .record = "allow", .robustness = 2}),
      ElementsAre("--qrv: means nothing in a mldv1_query, only in mldv2_query",
                  "--record: means nothing in a mldv1_query, only in mldv2_report",
                  "--group-source: means nothing in a mldv1_query, only in mldv2_query and "
                  "mldv2_report"));
  EXPECT_THAT(said({.kind = "mldv1_done", .groups = {"ff15::4"}, .max_response = "1s"}),
              ElementsAre("--max-response: means nothing in a mldv1_done, only in mldv1_query and "
                          "mldv2_query"));
}

TEST(InjectMld, WhatDoesNotFitIsRefused) {
  // 56 octets, and 64 records of 20 and 62 sources of 16.
  const std::vector<std::string> groups(64, "ff15::4");
  const std::vector<std::string> sources(62, "fe80::5");
  const auto most = plan_injection({.kind = "mldv2_report", .groups = groups, .sources = sources});
  ASSERT_TRUE(most);
  const std::size_t size = shots(*most, kOwn).at(0).packet.size();
  EXPECT_EQ(size, 56U + 64U * (20U + 62U * 16U));
  EXPECT_LE(size, wire::kMaxIpv6Packet);
  EXPECT_GT(size + std::size_t{64} * 16, wire::kMaxIpv6Packet);
  const std::vector<std::string> more(63, "fe80::5");
  EXPECT_THAT(said({.kind = "mldv2_report", .groups = groups, .sources = more}),
              ElementsAre("--group: 64 groups of 63 sources do not fit into a packet"));
}

}  // namespace
}  // namespace querent::cli
