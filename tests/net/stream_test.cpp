#include "probe/stream.hpp"

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/two_hosts.hpp"
#include "lab/process.hpp"
#include "os/clock.hpp"

// `querent send` on the one host and `querent join` on the other, as processes.

namespace querent {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr Duration kPatience = 20s;

struct Answer {
  int code = -1;
  std::string out;
  std::string err;

  Json json() const { return Json::parse(out); }
  Json group(std::size_t at = 0) const { return json()["groups"].at(at); }
};

std::string querent_program() {
  return querent::test::program();
}

lab::Process start(const lab::Namespace& where, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), querent_program());
  auto process = lab::Process::spawn({.argv = std::move(arguments), .where = &where});
  EXPECT_TRUE(process) << process.error().to_string();
  return std::move(process).value();
}

Answer finish(lab::Process& process) {
  const auto exit = process.wait(kPatience);
  if (!exit) return {.err = "it still runs"};
  EXPECT_EQ(exit->signal, 0) << process.errors();
  return {exit->code, process.output(), process.errors()};
}

Answer stop(lab::Process& process, int signal) {
  process.kill(signal);
  return finish(process);
}

class Stream : public test::TwoHosts {
 protected:
  // One that has joined.
  lab::Process join(std::vector<std::string> arguments, const lab::Namespace* where = nullptr) {
    arguments.insert(arguments.begin(), {"join", "-v", "--json", "-i", "eth0"});
    auto process = start(where == nullptr ? receiver() : *where, std::move(arguments));
    EXPECT_TRUE(process.wait_for_errors("eth0: joined", kPatience)) << process.errors();
    return process;
  }
  lab::Process send(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"send", "-i", "eth0"});
    return start(sender(), std::move(arguments));
  }
  // A datagram of the test's own.
  void send_number(std::uint64_t number, bool last = false) {
    send_from(kFirst, probe::encode_stream({.stream = 7, .number = number, .last = last}, 100));
  }
};

TEST_F(Stream, LosesNothing) {
  auto joined = join({"--count", "100", "--expect-no-loss", "239.1.2.3", "239.1.2.4:6000"});
  auto sending = send({"--rate", "500", "--count", "100", "239.1.2.3", "239.1.2.4:6000"});
  const Answer sent = finish(sending);
  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_EQ(sent.out,
            "GROUP           SENT  FAILED  OCTETS\n"
            "239.1.2.3:5004   100       0   20000\n"
            "239.1.2.4:6000   100       0   20000\n");
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.json()["ok"], true);
  for (const std::size_t at : {0U, 1U}) {
    const Json group = received.group(at);
    EXPECT_EQ(group["received"], 100) << group;
    EXPECT_EQ(group["lost"], 0);
    EXPECT_EQ(group["duplicates"], 0);
    EXPECT_EQ(group["octets"], 20000);
    EXPECT_LT(group["longest_gap_seconds"], 5);
    ASSERT_EQ(group["senders"].size(), 1U);
    EXPECT_EQ(group["senders"][0]["address"], "10.9.0.1");
    EXPECT_EQ(group["senders"][0]["ended"], true);
  }
}

TEST_F(Stream, MoreGroupsThanASocketHolds) {
  std::vector<std::string> groups;
  for (int i = 1; i <= 30; ++i)
    groups.push_back("239.1.3." + std::to_string(i));
  std::vector<std::string> arguments{"--count", "3", "--expect-no-loss"};
  arguments.insert(arguments.end(), groups.begin(), groups.end());
  auto joined = join(arguments);
  arguments = {"--rate", "100", "--count", "3"};
  arguments.insert(arguments.end(), groups.begin(), groups.end());
  auto sending = send(arguments);
  EXPECT_EQ(finish(sending).code, 0);
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.json()["groups"].size(), 30U);
}

TEST_F(Stream, ASenderThatIsGoneIsAGap) {
  auto joined = join({"--expect-no-loss", "239.1.2.3"});
  auto sending = send({"--rate", "100", "239.1.2.3"});
  ASSERT_TRUE(joined.wait_for_errors(", 0 lost, longest gap", kPatience));
  sending.kill(SIGKILL);
  ASSERT_TRUE(joined.wait_for_errors("silent for", kPatience));
  const Answer received = stop(joined, SIGTERM);
  EXPECT_EQ(received.code, 1);
  EXPECT_EQ(received.group()["lost"], 0);
  EXPECT_GE(received.group()["longest_gap_seconds"], 1);
  EXPECT_THAT(received.json()["failures"][0]["reason"], HasSubstr("10.9.0.1 was silent"));
  EXPECT_THAT(received.err, HasSubstr("querent: 239.1.2.3:5004: 10.9.0.1 was silent"));
}

// A pause is a gap, not a loss; and who ends a stream says so, so that the silence after it is
// neither.
TEST_F(Stream, ASenderThatPausesAndEnds) {
  auto joined = join({"--expect-no-loss", "239.1.2.3"});
  auto sending = send({"--rate", "100", "239.1.2.3"});
  ASSERT_TRUE(joined.wait_for_errors(", 0 lost, longest gap", kPatience));
  sending.kill(SIGSTOP);
  ASSERT_TRUE(joined.wait_for_errors("silent for", kPatience));
  sending.kill(SIGCONT);
  const Answer sent = stop(sending, SIGINT);
  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_THAT(sent.out, HasSubstr("239.1.2.3:5004"));
  const Answer received = stop(joined, SIGINT);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_GE(received.group()["longest_gap_seconds"], 1);
  EXPECT_EQ(received.group()["senders"][0]["ended"], true);
}

TEST_F(Stream, MaxGap) {
  auto joined = join({"--max-gap", "500ms", "--duration", "1s", "239.1.2.3"});
  send_number(0);
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 1);
  EXPECT_THAT(received.err, HasSubstr("which is longer than 500ms"));
}

TEST_F(Stream, LossDuplicatesAndReordering) {
  auto joined = join({"--expect-no-loss", "--count", "6", "239.1.2.3"});
  for (const std::uint64_t number : {0, 1, 1, 4, 3})
    send_number(number);
  send_number(5, true);
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 1);
  EXPECT_EQ(received.group()["lost"], 1) << received.out;
  EXPECT_EQ(received.group()["received"], 5);
  EXPECT_EQ(received.group()["duplicates"], 1);
  EXPECT_EQ(received.group()["reordered"], 1);
  EXPECT_EQ(received.json()["failures"][0]["reason"], "1 of 6 datagrams were lost");
}

TEST_F(Stream, WithoutExpectationsLossIsAResult) {
  auto joined = join({"--count", "2", "239.1.2.3"});
  send_number(0);
  send_number(2);
  EXPECT_EQ(finish(joined).code, 0);
}

TEST_F(Stream, ASourceIsHeardAlone) {
  auto joined = join({"--count", "3", "239.1.2.3@10.9.0.1", "239.1.2.3@10.9.0.2"});
  for (std::uint64_t number = 0; number < 3; ++number) {
    send_number(number);
    send_from(kSecond, Bytes{1, 2, 3});
  }
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  ASSERT_EQ(received.group(0)["senders"].size(), 1U) << received.out;
  EXPECT_EQ(received.group(0)["source"], "10.9.0.1");
  EXPECT_EQ(received.group(0)["received"], 3);
  const Json others = received.group(1)["senders"];
  ASSERT_EQ(others.size(), 3U) << "each from a port of its own";
  for (const Json& sender : others)
    EXPECT_EQ(sender["address"], "10.9.0.2");
  EXPECT_EQ(received.group(1)["received"], 0);
  EXPECT_EQ(received.group(1)["datagrams"], 3);
}

TEST_F(Stream, AForeignSenderIsCounted) {
  auto joined = join({"--count", "2", "--expect-no-loss", "239.1.2.3"});
  send_from(kSecond, Bytes(1452, 0x80));
  send_from(kSecond, Bytes(12, 0x80));
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 1);
  EXPECT_THAT(received.err, HasSubstr("not numbered"));
  EXPECT_EQ(received.group()["datagrams"], 2);
  EXPECT_EQ(received.group()["octets"], 1464);
  EXPECT_TRUE(received.group()["senders"][0]["stream"].is_null());
}

TEST_F(Stream, NothingArrives) {
  auto joined = join({"--duration", "100ms", "239.1.2.3"});
  EXPECT_EQ(finish(joined).code, 0);
  joined = join({"--duration", "100ms", "--expect-no-loss", "239.1.2.3"});
  EXPECT_EQ(finish(joined).code, 1);
  joined = join({"--start-within", "100ms", "239.1.2.3"});
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 1);
  EXPECT_THAT(received.err, HasSubstr("no datagram arrived within 100ms"));
}

TEST_F(Stream, NoLoopMeansNotOnTheSendersHost) {
  auto here = join({"239.1.2.3"}, &sender());
  auto there = join({"--count", "5", "239.1.2.3"});
  auto sending = send({"--no-loop", "--rate", "100", "--count", "5", "239.1.2.3"});
  EXPECT_EQ(finish(sending).code, 0);
  EXPECT_EQ(finish(there).group()["received"], 5);
  EXPECT_EQ(stop(here, SIGTERM).group()["datagrams"], 0);
}

TEST_F(Stream, Ipv6) {
  await_ipv6();
  auto joined = join({"--count", "5", "--expect-no-loss", "[ff15::123]:5006", "ff15::124"});
  auto sending = send({"--rate", "100", "--count", "5", "[ff15::123]:5006", "ff15::124"});
  EXPECT_EQ(finish(sending).code, 0);
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.group(0)["received"], 5);
  EXPECT_EQ(received.group(1)["received"], 5);
}

TEST_F(Stream, Ipv6OfOneSource) {
  constexpr auto kThisOne = Address::v6(0xFD00000000000000, 1);
  await_ipv6();
  ASSERT_TRUE(sender().links().add_address("eth0", kThisOne, 64));
  const std::string channel = "[ff3e::8000:2]:5006";
  auto right = join({"--count", "5", "--expect-no-loss", channel + "@fd00::1"});
  auto wrong = join({channel + "@fd00::2"});
  auto sending = send({"--rate", "100", "--count", "5", channel});
  EXPECT_EQ(finish(sending).code, 0);
  const Answer received = finish(right);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.group()["received"], 5);
  EXPECT_EQ(received.group()["source"], "fd00::1");
  EXPECT_EQ(received.group()["senders"][0]["address"], "fd00::1");
  EXPECT_EQ(stop(wrong, SIGTERM).group()["datagrams"], 0);
}

TEST_F(Stream, BothFamiliesAtOnce) {
  await_ipv6();
  auto joined = join({"--count", "5", "--expect-no-loss", "239.1.2.3", "ff15::123"});
  auto sending = send({"--rate", "100", "--count", "5", "239.1.2.3", "ff15::123"});
  const Answer sent = finish(sending);
  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_THAT(sent.out, HasSubstr("[ff15::123]:5004     5       0    1000\n"));
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.group(0)["received"], 5);
  EXPECT_EQ(received.group(1)["received"], 5);
}

TEST_F(Stream, WithoutAnIpv6Address) {
  await_ipv6();
  // Then its addresses are gone. When they are back, nobody lives to see the detection's end.
  ASSERT_TRUE(sender().write_sysctl("ipv6/conf/eth0/disable_ipv6", "1"));
  auto none = send({"ff15::123"});
  const Answer refused = finish(none);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("eth0: it has no IPv6 address to send from; give it one"));
  ASSERT_TRUE(sender().write_sysctl("ipv6/conf/eth0/dad_transmits", "100000"));
  ASSERT_TRUE(sender().write_sysctl("ipv6/conf/eth0/disable_ipv6", "0"));
  auto tentative = send({"ff15::123"});
  const Answer answer = finish(tentative);
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.err, HasSubstr("eth0: its IPv6 address is still tentative"));
}

TEST_F(Stream, TheEndOfTheDurationIsTheEndOfTheStream) {
  auto joined = join({"--expect-no-loss", "--count", "5", "239.1.2.3"});
  auto sending = send({"--interval", "20ms", "--duration", "100ms", "239.1.2.3"});
  EXPECT_EQ(finish(sending).code, 0);
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 0) << received.err;
  EXPECT_EQ(received.group()["received"], 5);
  EXPECT_EQ(received.group()["senders"][0]["ended"], true);
}

struct Refused {
  std::vector<std::string> arguments;
  int code = 0;
  std::string says;
};

TEST_F(Stream, SaysWhatIsWrong) {
  for (const Refused& wrong : std::vector<Refused>{
           {{"send", "-i", "nope", "239.1.2.3"}, 1, "nope: there is no such interface (there are"},
           {{"join", "-i", "nope", "239.1.2.3"}, 1, "nope: there is no such interface (there are"},
           {{"send", "239.1.2.3"}, 2, "--interface"},
           {{"send", "-i", "eth0"}, 2, "GROUP"},
           {{"join", "-i", "eth0", "10.0.0.1"}, 2, "10.0.0.1 is not a multicast group"},
           {{"join", "-i", "eth0", "239.1.2.3:0"}, 2, "'0' is not a number from 1 to 65535"},
           {{"join", "-i", "eth0", "239.1.2.3", "239.1.2.3:5004"}, 2, "is there twice"},
           {{"send", "-i", "eth0", "239.1.2.3@10.0.0.1"}, 2, "a sender does not choose its source"},
           {{"join", "-i", "eth0", "fe80::1"}, 2, "fe80::1 is not a multicast group (ff00::/8)"},
           {{"join", "-i", "eth0", "ff3e::8000:2@10.0.0.1"}, 2, "is not of the group's family"},
           {{"send", "-i", "eth0", "--rate", "0", "239.1.2.3"}, 2, "0.001 to 100000"},
           {{"send", "-i", "eth0", "--interval", "1us", "239.1.2.3"}, 2, "0.01ms to"},
           {{"send", "-i", "eth0", "--rate", "2", "--interval", "1s", "239.1.2.3"}, 2, "--rate"},
           {{"send", "-i", "eth0", "--size", "43", "239.1.2.3"}, 2, "44 to 65507"},
           {{"send", "-i", "eth0", "--ttl", "256", "239.1.2.3"}, 2, "0 to 255"},
           {{"join", "-i", "eth0", "--duration", "soon", "239.1.2.3"}, 2, "must be a duration"}}) {
    auto process = start(sender(), wrong.arguments);
    const Answer answer = finish(process);
    EXPECT_EQ(answer.code, wrong.code) << answer.err;
    EXPECT_THAT(answer.err, HasSubstr(wrong.says));
    EXPECT_THAT(answer.err, testing::StartsWith("querent: "));
    EXPECT_EQ(answer.out, "");
  }
}

TEST_F(Stream, EndsInTimeWhenTheRateCannotBeKept) {
  auto sending = send({"--rate", "100000", "--size", "60000", "--duration", "500ms", "239.1.2.3"});
  const Instant begin = os::now();
  const Answer sent = finish(sending);
  EXPECT_LT(os::now() - begin, 5s);
  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_THAT(sent.out, HasSubstr(" datagrams to each group could not be sent in time\n"));
}

TEST_F(Stream, AReceiverWhoseInterfaceIsDeleted) {
  auto joined = join({"239.1.2.3"});
  ASSERT_TRUE(receiver().links().remove("eth0"));
  const Answer received = finish(joined);
  EXPECT_EQ(received.code, 1);
  EXPECT_THAT(received.err, HasSubstr("querent: eth0: it is gone\n"));
  EXPECT_EQ(received.group()["datagrams"], 0);
  EXPECT_EQ(received.json()["ok"], false);
  EXPECT_EQ(received.json()["failures"][0], (Json{{"group", nullptr}, {"reason", "it is gone"}}));
}

TEST_F(Stream, APortThatNotEverybodyMaySendFrom) {
  auto process = lab::Process::spawn(
      {.argv = {"setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service",
                querent_program(), "send", "-i", "eth0", "--source-port", "67", "239.1.2.3"},
       .where = &sender()});
  ASSERT_TRUE(process) << process.error().to_string();
  const Answer refused = finish(*process);
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("querent: eth0: cannot send from UDP port 67: "));
  EXPECT_THAT(refused.err, HasSubstr("CAP_NET_BIND_SERVICE is missing; "));
  EXPECT_THAT(refused.err, HasSubstr("setcap cap_net_bind_service+ep"));
}

TEST_F(Stream, AnInterfaceThatCannotSend) {
  ASSERT_TRUE(sender().links().set_down("eth0"));
  auto down = send({"239.1.2.3"});
  const Answer refused = finish(down);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("Network is unreachable (ENETUNREACH)"));
  // The second goes with the first, whose network it is in.
  ASSERT_TRUE(sender().links().remove_address("eth0", kFirst, 24));
  auto nameless = send({"239.1.2.3"});
  const Answer answer = finish(nameless);
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.err, HasSubstr("eth0: it has no IPv4 address to send from; give it one"));
}

}  // namespace
}  // namespace querent
