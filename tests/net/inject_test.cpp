#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "kit/watch_fixture.hpp"

namespace querent::cli::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kFromThere = "10.0.0.2 (02:00:00:00:00:02) ";

struct Row {
  std::vector<std::string> arguments;
  std::string heard;
};

std::vector<Row> rows() {
  const std::string from = kFromThere;
  return {
      {{"-t", "v1_query"},
       from + "asks everybody: who wants what? (IGMPv1 query, answer within 10 s)"},
      {{"-t", "v2_query"},
       from + "asks everybody: who wants what? (IGMPv2 query, answer within 10 s)"},
      {{"-t", "v2_query", "-g", "239.1.2.3"},
       from + "asks: who wants 239.1.2.3? (IGMPv2 group query, answer within 1 s)"},
      {{"-t", "v3_query", "-g", "232.1.1.1", "-s", "10.0.0.5", "--suppress"},
       from + "asks: who wants 232.1.1.1 from 10.0.0.5? (IGMPv3 group-and-source query, answer "
              "within 1 s, S: routers keep their timers, QRV 2, QQIC 60 s)"},
      {{"-t", "v1_report", "-g", "239.1.2.3"}, "10.0.0.2 wants 239.1.2.3 (v1 report)"},
      {{"-t", "v2_report", "-g", "239.1.2.3"}, "10.0.0.2 wants 239.1.2.3 (v2 report)"},
      {{"-t", "v3_report", "-g", "232.1.1.1", "-s", "10.0.0.5", "--record", "allow"},
       "10.0.0.2 also wants 232.1.1.1 from 10.0.0.5 (v3 ALLOW)"},
      {{"-t", "leave", "-g", "239.1.2.3"}, "10.0.0.2 leaves 239.1.2.3 (v2)"},
      {{"-t", "v2_query", "--ttl", "64"},
       from + "asks everybody: who wants what? (IGMPv2 query, answer within 10 s, TTL 64); "
              "rejected: the TTL is not 1, so it may come from another network (hop_limit)"},
      {{"-t", "v2_query", "--source", "192.0.2.1", "--no-router-alert"},
       "192.0.2.1 (02:00:00:00:00:02) asks everybody: who wants what? (IGMPv2 query, answer "
       "within 10 s, no Router Alert); rejected: its source is in no subnet of this interface "
       "(source_off_subnet)"},
      {{"-t", "v2_report", "-g", "239.1.2.3", "--bad-checksum"},
       from + "sends a broken v2 report (to 239.1.2.3); rejected: the IGMP checksum is wrong "
              "(message_checksum)"},
      {{"-t", "v2_query", "--destination", "10.0.0.1"},
       from + "asks everybody: who wants what? (IGMPv2 query, answer within 10 s, sent to "
              "10.0.0.1); rejected: a general query to one host alone elects nobody "
              "(destination_unicast)"},
  };
}

std::vector<Row> mld_rows() {
  const std::string from = "fe80::2 (02:00:00:00:00:02) ";
  const std::string everybody = from + "asks everybody: who wants what? ";
  return {
      {{"-t", "mldv1_query"}, everybody + "(MLDv1 query, answer within 10 s)"},
      {{"-t", "mldv1_query", "-g", "ff15::1:2:3", "--max-response", "1234ms"},
       from + "asks: who wants ff15::1:2:3? (MLDv1 group query, answer within 1.234 s)"},
      {{"-t", "mldv2_query", "--max-response", "100001ms"},
       everybody + "(MLDv2 query, answer within 100 s, QRV 2, QQIC 60 s)"},
      {{"-t", "mldv2_query", "-g", "ff3e::8001", "-s", "2001:db8::5", "--suppress"},
       from + "asks: who wants ff3e::8001 from 2001:db8::5? (MLDv2 group-and-source query, answer "
              "within 1 s, S: routers keep their timers, QRV 2, QQIC 60 s)"},
      {{"-t", "mldv1_report", "-g", "ff15::1:2:3"}, "fe80::2 wants ff15::1:2:3 (MLDv1 report)"},
      {{"-t", "mldv1_done", "-g", "ff15::1:2:3"}, "fe80::2 leaves ff15::1:2:3 (MLDv1 done)"},
      {{"-t", "mldv2_report", "-g", "ff3e::8001", "-s", "fe80::5", "--record", "allow"},
       "fe80::2 also wants ff3e::8001 from fe80::5 (MLDv2 ALLOW)"},
      {{"-t", "mldv1_query", "--ttl", "64"},
       everybody + "(MLDv1 query, answer within 10 s, hop limit 64); rejected: the hop limit is "
                   "not 1, so it may come from another network (hop_limit)"},
      {{"-t", "mldv1_report", "-g", "ff15::1:2:3", "--no-router-alert"},
       from + "wants ff15::1:2:3 (MLDv1 report, no Router Alert); rejected: no Router Alert option "
              "(no_router_alert)"},
      {{"-t", "mldv2_query", "--bad-checksum", "--no-router-alert"},
       from + "sends a broken MLD query (to ff02::1); rejected: the ICMPv6 checksum is wrong "
              "(message_checksum)"},
      {{"-t", "mldv1_query", "--destination", "ff02::2"},
       everybody + "(MLDv1 query, answer within 10 s, sent to ff02::2); rejected: sent to an "
                   "address where this query does not belong (destination)"},
  };
}

class Inject : public Cable {
 protected:
  // `more` is said to each.
  void expect_heard(const std::vector<Row>& rows, const std::vector<std::string>& more) {
    auto watching = watch({"-n", std::to_string(rows.size())});
    std::vector<std::string> expected;
    for (Row row : rows) {
      expected.push_back(row.heard);
      row.arguments.insert(row.arguments.end(), more.begin(), more.end());
      const Ran ran = inject(row.arguments);
      EXPECT_EQ(ran.code, kDone) << ran.err;
      EXPECT_THAT(without_times(ran.out), ElementsAre(HasSubstr("(this host)"))) << row.heard;
    }
    EXPECT_THAT(without_times(finish(watching).out), testing::ElementsAreArray(expected));
  }
};

TEST_F(Inject, EachKindIsHeardAsItIsMeant) {
  expect_heard(rows(), {});
}

TEST_F(Inject, EachKindOfMldIsHeardAsItIsMeant) {
  expect_heard(mld_rows(), {"--source", "fe80::2"});
}

TEST_F(Inject, MldComesFromTheLinkLocalAddress) {
  enable_ipv6(false);
  ASSERT_TRUE(there_->links().add_address("eth0", Address::v6(0xFD00000000000000, 2), 64));
  ASSERT_TRUE(there_->links().add_address("eth0", kLinkLocalThere, 64));
  auto watching = watch({"-n", "1", "-g", "ff15::1:2:3"});
  EXPECT_EQ(inject({"-t", "mldv1_report", "-g", "ff15::1:2:3"}).code, kDone);
  EXPECT_THAT(without_times(finish(watching).out),
              ElementsAre("fe80::2 wants ff15::1:2:3 (MLDv1 report)"));
}

TEST_F(Inject, WithoutALinkLocalAddressOneMustBeSaid) {
  const std::string what = "querent: cannot send on eth0: ";
  const std::string none = what +
                           "it has no link-local IPv6 address to send from; say one with "
                           "--source\n";
  const Ran disabled = inject({"-t", "mldv1_query"});
  EXPECT_EQ(disabled.code, kFailed);
  EXPECT_EQ(disabled.err, none);
  enable_ipv6(false);
  ASSERT_TRUE(there_->links().add_address("eth0", Address::v6(0xFD00000000000000, 2), 64));
  EXPECT_EQ(inject({"-t", "mldv1_query"}).err, none);
  // Nobody lives to see the end of this detection.
  ASSERT_TRUE(there_->write_sysctl("ipv6/conf/eth0/dad_transmits", "100000"));
  ASSERT_TRUE(there_->links().add_address("eth0", kLinkLocalThere, 64, true));
  const Ran tentative = inject({"-t", "mldv1_query"});
  EXPECT_EQ(tentative.code, kFailed);
  EXPECT_EQ(tentative.err,
            what +
                "its link-local IPv6 address is still tentative (duplicate address detection), "
                "or another host has it, too; try again in two seconds, or say an address with "
                "--source\n");
  EXPECT_EQ(inject({"-t", "mldv1_query", "--source", "fe80::7"}).code, kDone);
}

TEST_F(Inject, MldRepeats) {
  auto watching = watch({"-n", "3"});
  const Ran ran =
      inject({"-t", "mldv2_query", "--source", "fe80::2", "--count", "3", "--interval", "20ms"});
  EXPECT_EQ(ran.code, kDone);
  EXPECT_THAT(without_times(ran.out), SizeIs(3));
  EXPECT_THAT(without_times(finish(watching).out), SizeIs(3));
}

TEST_F(Inject, FamiliesAreNotMixed) {
  const Ran ran = inject({"-t", "mldv1_report", "-g", "ff15::1:2:3", "-g", "239.1.2.3"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_EQ(ran.err,
            "querent: --group: \"239.1.2.3\" is not a group, one of ff00::/8; the kinds for IPv4 "
            "are those without mld\n");
}

TEST_F(Inject, Repeats) {
  auto watching = watch({"-n", "3"});
  const Ran ran = inject({"-t", "v2_query", "--count", "3", "--interval", "20ms"});
  EXPECT_EQ(ran.code, kDone);
  EXPECT_THAT(without_times(ran.out), SizeIs(3));
  EXPECT_THAT(without_times(finish(watching).out), SizeIs(3));
}

TEST_F(Inject, ForEverIsUntilItIsStopped) {
  auto injecting = start(
      *there_, {"inject", "-i", "eth0", "-t", "v2_query", "--count", "0", "--interval", "10ms"});
  auto watching = watch({"-n", "5"});
  EXPECT_EQ(finish(watching).code, kDone);
  injecting.kill(SIGINT);
  EXPECT_EQ(finish(injecting).code, kDone);
}

TEST_F(Inject, WithoutAnAddressOneMustBeSaid) {
  ASSERT_TRUE(there_->links().remove_address("eth0", Address::v4(10, 0, 0, 2), 24));
  const Ran refused = inject({"-t", "v2_query"});
  EXPECT_EQ(refused.code, kFailed);
  EXPECT_EQ(refused.err,
            "querent: cannot send on eth0: it has no IPv4 address to send from; say one with "
            "--source, or 0.0.0.0\n");
  auto watching = watch({"-n", "1"});
  EXPECT_EQ(inject({"-t", "v2_query", "--source", "0.0.0.0"}).code, kDone);
  EXPECT_THAT(finish(watching).out, HasSubstr(" 0.0.0.0 (02:00:00:00:00:02) asks everybody"));
}

TEST_F(Inject, AnInterfaceThatIsDownIsSaid) {
  ASSERT_TRUE(there_->links().set_down("eth0"));
  const Ran ran = inject({"-t", "v2_query"});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_EQ(ran.err, "querent: cannot send on eth0: it is down; take it up: ip link set eth0 up\n");
  EXPECT_EQ(ran.out, "");
}

TEST_F(Inject, APacketThatIsTooLongForTheInterface) {
  ASSERT_TRUE(there_->links().set_mtu("eth0", 100));
  std::vector<std::string> arguments{"-t", "v3_report"};
  for (int i = 1; i <= 20; ++i)
    arguments.insert(arguments.end(), {"-g", "239.1.2." + std::to_string(i)});
  const Ran ran = inject(arguments);
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_EQ(ran.err,
            "querent: cannot send on eth0: the packet has 192 octets, more than its MTU of 100; "
            "take fewer groups or sources, or: ip link set eth0 mtu 192\n");
}

TEST_F(Inject, WhatIsWrongIsSaidAllAtOnce) {
  const Ran ran = inject({"-t", "v2_query", "--qrv", "3", "--ttl", "999", "-g", "10.0.0.1"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_EQ(ran.err,
            "querent: --qrv: means nothing in a v2_query, only in v3_query\n"
            "querent: --group: \"10.0.0.1\" is not a group, 224.0.0.0 to 239.255.255.255\n"
            "querent: --ttl: 999 is not 0 to 255\n");
}

}  // namespace
}  // namespace querent::cli::test
