#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "watch_fixture.hpp"

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

class Inject : public Cable {};

TEST_F(Inject, EachKindIsHeardAsItIsMeant) {
  auto watching = watch({"-n", std::to_string(rows().size())});
  std::vector<std::string> expected;
  for (const Row& row : rows()) {
    expected.push_back(row.heard);
    const Ran ran = inject(row.arguments);
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_THAT(without_times(ran.out), ElementsAre(HasSubstr("(this host)"))) << row.heard;
  }
  EXPECT_THAT(without_times(finish(watching).out), testing::ElementsAreArray(expected));
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
  EXPECT_THAT(ran.err, HasSubstr("ENETDOWN"));
  EXPECT_EQ(ran.out, "");
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
