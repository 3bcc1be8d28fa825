#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "kit/watch_fixture.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

namespace querent::cli::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kQuery =
    "10.0.0.2 (02:00:00:00:00:02) asks everybody: who wants what? "
    "(IGMPv2 query, answer within 10 s)";

Bytes query_frame() {
  const auto all = Address::v4(224, 0, 0, 1);
  const auto packet = wire::encode(
      {.source = Address::v4(10, 0, 0, 2),
       .destination = all,
       .message = Query{.group = Address::v4(0), .max_response = std::chrono::seconds(10)}});
  return wire::ethernet_frame(MacAddress{{2, 0, 0, 0, 0, 2}}, all, packet);
}

constexpr Address kAllNodes = Address::v6(0xFF02000000000000, 1);
constexpr const char* kMldQuery =
    "fe80::2 (02:00:00:00:00:02) asks everybody: who wants what? "
    "(MLDv1 query, answer within 10 s)";

Bytes framed(const Bytes& packet) {
  return wire::ethernet_frame(MacAddress{{2, 0, 0, 0, 0, 2}}, kAllNodes, packet);
}

Bytes mld_query(bool router_alert = true) {
  return wire::encode(
      {.source = kLinkLocalThere,
       .destination = kAllNodes,
       .router_alert = router_alert,
       .message = Query{.group = Address{}, .max_response = std::chrono::seconds(10)}});
}

// The packet with a header of this type and these octets between IPv6's and what followed it.
Bytes behind(Bytes packet, std::uint8_t type, Bytes header) {
  header.at(0) = packet[6];
  packet[6] = type;
  store16(packet, 4, static_cast<std::uint16_t>(load16(packet, 4) + header.size()));
  packet.insert(packet.begin() + 40, header.begin(), header.end());
  return packet;
}

class Watch : public Cable {};

TEST_F(Watch, ShowsWhatArrivesAtOnceUntilItIsStopped) {
  for (const int signal : {SIGINT, SIGTERM}) {
    auto watching = watch();
    send_frame(query_frame());
    EXPECT_TRUE(watching.wait_for_output("who wants what?", kPatience));
    watching.kill(signal);
    const Ran ran = finish(watching);
    EXPECT_EQ(ran.code, kDone);
    EXPECT_THAT(without_times(ran.out), ElementsAre(kQuery));
    EXPECT_THAT(ran.err, EndsWith("1 message shown\n"));
  }
}

TEST_F(Watch, ShowsWhatThisHostSends) {
  auto watching = watch({"-n", "1"});
  EXPECT_EQ(run(*here_, {"inject", "-i", "eth0", "-t", "v2_report", "-g", "239.1.2.3"}).code,
            kDone);
  EXPECT_THAT(without_times(finish(watching).out),
              ElementsAre("10.0.0.1 (this host) wants 239.1.2.3 (v2 report)"));
}

TEST_F(Watch, ShowsTagsAndWhatIsBroken) {
  auto watching = watch({"-n", "4"});
  Bytes tagged = query_frame();
  const Bytes tag = {0x81, 0x00, 0x00, 0x07};
  tagged.insert(tagged.begin() + 12, tag.begin(), tag.end());
  send_frame(tagged);
  const Bytes outer = {0x88, 0xA8, 0x00, 0x64};
  tagged.insert(tagged.begin() + 12, outer.begin(), outer.end());
  send_frame(tagged);
  Bytes wrong = query_frame();
  wrong[24] ^= 1U;  // in the IP checksum
  send_frame(wrong);
  Bytes unicast = query_frame();
  unicast[0] = 2;  // for another host
  send_frame(unicast);
  EXPECT_THAT(
      without_times(finish(watching).out),
      ElementsAre(EndsWith("answer within 10 s, VLAN 7)"),
                  EndsWith("answer within 10 s, VLAN 7 in VLAN 100)"),
                  EndsWith("rejected: the IP header checksum is wrong (ip_checksum)"), kQuery));
}

TEST_F(Watch, FindsMldBehindWhateverIsBeforeIt) {
  auto watching = watch({"-n", "6"});
  // Neighbour discovery is not even looked at; of what has hop-by-hop options only MLD is shown.
  Bytes other = mld_query(false);
  other[40] = 135;
  send_frame(framed(other));
  other = mld_query();
  other[40] = 17;
  send_frame(framed(other));
  send_frame(framed(mld_query()));
  send_frame(framed(mld_query(false)));
  send_frame(framed(behind(mld_query(false), 0, {0, 1, 5, 2, 0, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0})));
  send_frame(framed(behind(mld_query(false), 60, {0, 0, 1, 4, 0, 0, 0, 0})));
  send_frame(framed(behind(mld_query(false), 44, {0, 0, 0, 1, 0, 0, 0, 9})));
  Bytes wrong = mld_query();
  wrong.back() ^= 1U;
  send_frame(framed(wrong));
  const Ran ran = finish(watching);
  EXPECT_THAT(
      without_times(ran.out),
      ElementsAre(kMldQuery, EndsWith("(no_router_alert)"), kMldQuery, EndsWith("(ip_extension)"),
                  EndsWith("(ip_fragment)"), EndsWith("(message_checksum)")));
  EXPECT_THAT(ran.err, EndsWith("6 messages shown, 4 of them wrong; 1 other frame\n"));
}

TEST_F(Watch, FindsMldInVlans) {
  auto watching = watch({"-n", "4"});
  for (const bool router_alert : {true, false}) {
    Bytes tagged = framed(mld_query(router_alert));
    const Bytes tag = {0x81, 0x00, 0x00, 0x07};
    tagged.insert(tagged.begin() + 12, tag.begin(), tag.end());
    send_frame(tagged);
    const Bytes outer = {0x88, 0xA8, 0x00, 0x64};
    tagged.insert(tagged.begin() + 12, outer.begin(), outer.end());
    send_frame(tagged);
  }
  EXPECT_THAT(without_times(finish(watching).out),
              ElementsAre(EndsWith("10 s, VLAN 7)"), EndsWith("10 s, VLAN 7 in VLAN 100)"),
                          HasSubstr("no Router Alert, VLAN 7)"),
                          HasSubstr("no Router Alert, VLAN 7 in VLAN 100)")));
}

TEST_F(Watch, ShowsWhatTheKernelReports) {
  auto watching = watch({"-n", "1", "-g", "ff15::1:2:3"});
  enable_ipv6();
  auto joining = start(*there_, {"join", "-i", "eth0", "ff15::1:2:3"});
  EXPECT_THAT(without_times(finish(watching).out),
              ElementsAre(AllOf(StartsWith("fe80::2 "), HasSubstr("from now on wants ff15::1:2:3"),
                                HasSubstr("(MLDv2 "))));
  joining.kill(SIGTERM);
  EXPECT_EQ(finish(joining).code, kDone);
}

TEST_F(Watch, BothFamiliesInOneFile) {
  auto watching = watch({"-n", "2", "-w", file()});
  send_frame(query_frame());
  send_frame(framed(mld_query()));
  const Ran live = finish(watching);
  EXPECT_THAT(without_times(live.out), ElementsAre(kQuery, kMldQuery));
  EXPECT_EQ(run(*here_, {"watch", "-r", file()}).out, live.out);
  const Ran json = run(*here_, {"watch", "--json", "-r", file()});
  EXPECT_THAT(json.out, AllOf(HasSubstr(R"("family":"ipv4","source":"10.0.0.2")"),
                              HasSubstr(R"("family":"ipv6","source":"fe80::2")")));
}

TEST_F(Watch, WhatIsWrittenCanBeReadByOurselvesAndOthers) {
  auto watching = watch({"-n", "2", "-w", file()});
  EXPECT_EQ(inject({"-t", "v2_query"}).code, kDone);
  EXPECT_EQ(inject({"-t", "v3_report", "-g", "239.1.2.3"}).code, kDone);
  const Ran live = finish(watching);
  const Ran again = run(*here_, {"watch", "-r", file()});
  EXPECT_EQ(again.code, kDone);
  EXPECT_EQ(again.out, live.out);
  auto shark = lab::Process::spawn({.argv = {"sh", "-c",
                                             "command -v tshark >/dev/null || exit 99; exec tshark "
                                             "-r '" +
                                                 file() +
                                                 "' -T fields -e ip.src -e igmp.version "
                                                 "-e igmp.type -e igmp.checksum.status"}});
  ASSERT_TRUE(shark) << shark.error().to_string();
  const Ran theirs = finish(*shark);
  if (theirs.code == 99) GTEST_SKIP() << "tshark is missing: nobody else has read the file";
  EXPECT_EQ(theirs.out, "10.0.0.2\t2\t0x11\t1\n10.0.0.2\t3\t0x22\t1\n");
}

TEST_F(Watch, ThePipeIsWrittenAtOnceAndNothingElseIsInIt) {
  auto watching = watch({"-w", "-"});
  EXPECT_TRUE(watching.wait_for_output(std::string("\x4D\x3C\xB2\xA1"), kPatience));
  send_frame(query_frame());
  EXPECT_TRUE(watching.wait_for_output(std::string("\x01\x00\x5E\x00\x00\x01", 6), kPatience));
  watching.kill(SIGTERM);
  const Ran ran = finish(watching);
  EXPECT_THAT(ran.out, SizeIs(24 + 16 + query_frame().size()));
}

TEST_F(Watch, Json) {
  auto watching = watch({"-n", "1", "--json"});
  send_frame(query_frame());
  EXPECT_THAT(finish(watching).out,
              HasSubstr(R"("interface":"eth0","mac":"02:00:00:00:00:02","family":"ipv4",)"
                        R"("source":"10.0.0.2")"));
}

TEST_F(Watch, EndsQuietlyWhenNobodyReads) {
  auto piped = lab::Process::spawn(
      {.argv = {"bash", "-c", "set -o pipefail; \"$0\" watch -i eth0 | head -n 1", program()},
       .where = here_.get()});
  ASSERT_TRUE(piped) << piped.error().to_string();
  ASSERT_TRUE(piped->wait_for_errors("watching eth0", kPatience));
  send_frame(query_frame());
  ASSERT_TRUE(piped->wait_for_output("who wants what?", kPatience));
  // Whether head has gone already cannot be seen: so more than one.
  std::optional<lab::Exit> exit;
  for (int i = 0; i < 100 && !exit; ++i) {
    send_frame(query_frame());
    exit = piped->wait(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->code, kDone);
  EXPECT_EQ(piped->errors(), "watching eth0\n");
}

TEST_F(Watch, EndsAfterItsDuration) {
  auto watching = watch({"--duration", "50ms"});
  const Ran ran = finish(watching);
  EXPECT_EQ(ran.code, kDone);
  EXPECT_THAT(ran.err, EndsWith("0 messages shown\n"));
}

TEST_F(Watch, GoesOnWhenTheInterfaceWasDown) {
  auto watching = watch();
  ASSERT_TRUE(here_->links().set_down("eth0"));
  ASSERT_TRUE(here_->links().set_up("eth0"));
  for (int i = 0; i < 100; ++i) {
    send_frame(query_frame());
    if (watching.wait_for_output("who wants what?", std::chrono::milliseconds(100))) break;
  }
  EXPECT_THAT(watching.output(), HasSubstr("who wants what?"));
  EXPECT_FALSE(watching.wait(std::chrono::milliseconds(0))) << watching.errors();
}

TEST_F(Watch, EndsWithTheInterface) {
  auto watching = watch();
  ASSERT_TRUE(here_->links().remove("eth0"));
  const Ran ran = finish(watching);
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("querent: cannot watch eth0: it is gone\n"));
}

TEST_F(Watch, EndsWhenTheInterfaceMovesAway) {
  auto watching = watch();
  ASSERT_TRUE(there_->links().rename("eth0", "eth1"));
  ASSERT_TRUE(here_->links().move("eth0", there_->fd()));
  const Ran ran = finish(watching);
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("querent: cannot watch eth0: it is gone\n"));
}

TEST_F(Watch, WhatCannotBeWatched) {
  const Ran unknown = run(*here_, {"watch", "-i", "eth9"});
  EXPECT_EQ(unknown.code, kFailed);
  EXPECT_THAT(unknown.err, AllOf(StartsWith("querent: cannot watch eth9: there is no such "
                                            "interface"),
                                 HasSubstr("eth0")));
  ASSERT_TRUE(here_->links().set_down("eth0"));
  const Ran down = run(*here_, {"watch", "-i", "eth0"});
  EXPECT_EQ(down.code, kFailed);
  EXPECT_EQ(down.err, "querent: cannot watch eth0: it is down; take it up: ip link set eth0 up\n");
}

TEST_F(Watch, SaysWhichPermissionIsMissing) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"watch", "-i", "eth0"},
        std::vector<std::string>{"inject", "-i", "eth0", "-t", "v2_query"}}) {
    std::vector<std::string> argv = {"setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw",
                                     program()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    auto process = lab::Process::spawn({.argv = argv, .where = here_.get()});
    ASSERT_TRUE(process) << process.error().to_string();
    const Ran ran = finish(*process);
    EXPECT_EQ(ran.code, kPermission);
    EXPECT_THAT(ran.err, AllOf(StartsWith("querent: cannot"), HasSubstr("CAP_NET_RAW")));
  }
}

TEST_F(Watch, ABrokenFileIsShownUpToWhereItBreaks) {
  auto watching = watch({"-n", "2", "-w", file()});
  send_frame(query_frame());
  send_frame(query_frame());
  finish(watching);
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) - 1);
  const Ran ran = run(*here_, {"watch", "-r", file()});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(without_times(ran.out), ElementsAre(kQuery));
  EXPECT_THAT(ran.err, AllOf(HasSubstr("1 message shown\n"),
                             HasSubstr("querent: cannot read " + file() + ": truncated")));
}

TEST_F(Watch, NothingToWatchIsAWrongCommandLine) {
  EXPECT_EQ(run(*here_, {"watch"}).code, kUsage);
  EXPECT_EQ(run(*here_, {"watch", "-i", "eth0", "-r", file()}).code, kUsage);
  EXPECT_EQ(run(*here_, {"watch", "-i", "eth0", "-w", "-", "--json"}).code, kUsage);
  EXPECT_EQ(run(*here_, {"watch", "-i", "eth0", "--group", "10.0.0.1"}).code, kUsage);
  EXPECT_EQ(run(*here_, {"watch", "-i", "eth0", "-n", "0"}).code, kUsage);
  EXPECT_EQ(run(*here_, {"watch", "-i", "eth0", "--duration", "soon"}).code, kUsage);
}

}  // namespace
}  // namespace querent::cli::test
